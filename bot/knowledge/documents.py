"""The register of source documents: what an answer or a figure stands on, and whether it still stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.knowledge.fields import Fields

COLUMNS = (
    "id",
    "title",
    "number",
    "issuer",
    "dated",
    "in_force_from",
    "in_force_to",
    "status",
    "replaced_by",
    "verified",
    "note",
    "region",
)
VERIFIED = ("yes", "partial", "no")


class Status(StrEnum):
    """What is known of a document today. `unknown` is said to the resident, never hidden."""

    IN_FORCE = "in_force"
    REPEALED = "repealed"
    UNKNOWN = "unknown"


class Standing(StrEnum):
    """How a document stands on one day."""

    NOT_YET = "not_yet"
    IN_FORCE = "in_force"
    UNKNOWN = "unknown"
    REPEALED = "repealed"


@dataclass(frozen=True, slots=True)
class Document:
    """One law, rule or notice."""

    id: str
    title: str
    number: str
    issuer: str
    dated: date | None
    first: date | None
    """The first day it is in force; None: not known."""
    last: date | None
    status: Status
    replaced_by: str
    verified: str
    note: str
    region: str = ""
    """Whose document it is; empty: the nation's."""

    @classmethod
    def read(cls, fields: Fields) -> Document:
        document = cls(
            id=fields.text("id"),
            title=fields.text("title"),
            number=fields.text("number", required=False),
            issuer=fields.text("issuer"),
            dated=fields.day("dated"),
            first=fields.day("in_force_from"),
            last=fields.day("in_force_to"),
            status=Status(fields.one_of("status", [status.value for status in Status]) or Status.UNKNOWN),
            replaced_by=fields.text("replaced_by", required=False),
            verified=fields.one_of("verified", VERIFIED),
            note=fields.text("note", required=False),
            region=fields.text("region", required=False),
        )
        fields.end()
        return document

    @property
    def name(self) -> str:
        """How a resident is told of it: its number, else what it is called in the register."""
        return self.number or self.id

    def standing(self, day: date) -> Standing:
        if self.first and day < self.first:
            return Standing.NOT_YET
        if self.last:
            return Standing.REPEALED if day > self.last else Standing.IN_FORCE
        return Standing(self.status.value)

    def gap(self, first: date, last: date | None) -> str:
        """Why it cannot carry an answer on all days from `first` to `last`; empty when it can."""
        if self.first is None:
            return "起始日没有核实"
        if first < self.first:
            return f"{self.first}才开始生效"
        if self.last is None:
            return "已废止" if self.status is Status.REPEALED else ""
        return f"{self.last}以后不再有效" if last is None or last > self.last else ""
