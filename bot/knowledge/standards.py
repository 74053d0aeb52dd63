"""Standards by place: one row of the table, whose value is shown only with its first day and its document."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.knowledge.answers import PROGRAMMES
from bot.knowledge.documents import VERIFIED
from bot.knowledge.fields import Fields
from bot.regions import RegionTree

COLUMNS = (
    "region",
    "region_name",
    "area",
    "programme",
    "urban",
    "rural",
    "unit",
    "from",
    "to",
    "document",
    "verified",
    "say",
    "note",
    "counties",
)
UNITS = {"month": "每人每月", "year": "每人每年"}
# What a province only allows, counts or guesses is nobody's standard.
_NOT_A_STANDARD = re.compile("最低标准|低限|平均|推算|估算|估计|指导标准|参考标准")
_AMOUNT = re.compile(r"[1-9]\d{1,5}(\.\d{1,2})?", re.ASCII)


class Side(StrEnum):
    URBAN = "urban"
    RURAL = "rural"


@dataclass(frozen=True, slots=True, order=True)
class Start:
    """A first day as exactly as it is known: the year, the month or the day. `day` is the earliest it can be."""

    day: date
    said: str

    @classmethod
    def read(cls, value: str) -> Start | None:
        """Raises ValueError for anything but 2023, 2023-07 or 2023-07-01."""
        if not value:
            return None
        if not re.fullmatch(r"\d{4}(-\d\d){0,2}", value, re.ASCII):
            raise ValueError(value)
        parts = [int(part) for part in value.split("-")]
        day = date(*[*parts, 1, 1][:3])
        return cls(day, "".join(f"{part}{unit}" for part, unit in zip(parts, "年月日", strict=False)))


@dataclass(frozen=True, slots=True)
class Standard:
    """One row: what a place published for one programme, perhaps for a part of the place only."""

    region: str
    region_name: str
    area: str
    """A part of the place, or a way of living (农村集中供养); empty: the whole place."""
    programme: str
    urban: str
    """Exactly as stored; empty: this row does not speak of it."""
    rural: str
    unit: str
    start: Start | None
    """None: known only as the value before the next one."""
    last: date | None
    document: str
    verified: str
    say: str
    """What a resident must be told with the figure."""
    note: str
    counties: tuple[str, ...]
    """The counties of `area`; empty with an area: which counties is not known, or the area is no place."""

    @classmethod
    def read(cls, fields: Fields, tree: RegionTree) -> Standard:
        row = cls(
            region=fields.region("region", tree),
            region_name=fields.text("region_name"),
            area=fields.text("area", required=False),
            programme=fields.one_of("programme", PROGRAMMES),
            urban=_amount(fields, "urban"),
            rural=_amount(fields, "rural"),
            unit=fields.one_of("unit", UNITS),
            start=_start(fields),
            last=fields.day("to"),
            document=fields.text("document"),
            verified=fields.one_of("verified", VERIFIED),
            say=fields.text("say", required=False),
            note=fields.text("note", required=False),
            counties=tuple(fields.text("counties", required=False).split()),
        )
        fields.end()
        return row

    def value(self, side: Side) -> str:
        return self.urban if side is Side.URBAN else self.rural

    def never_served(self, tree: RegionTree) -> str:
        """Why this row is nobody's standard, whatever the day; empty when it may be shown."""
        if word := _NOT_A_STANDARD.search(f"{self.area} {self.document} {self.note} {self.say}"):
            return f"“{word[0]}”不是当地执行的标准"
        if self.verified not in ("yes", "partial"):
            return "没有核实过"
        region = tree.get(self.region)
        if region.level == 0 or (region.level == 1 and any(child.level == 2 for child in tree.children(self.region))):
            return f"“{region.name}”下面各市自己定标准，省里的数不是哪个地方的标准"
        return ""


def _amount(fields: Fields, name: str) -> str:
    value = fields.text(name, required=False)
    if value and not _AMOUNT.fullmatch(value):
        fields.complain(name, f"“{value}”不是金额", "只写数字，如 1395")
    return value


def _start(fields: Fields) -> Start | None:
    value = fields.text("from", required=False)
    try:
        return Start.read(value)
    except ValueError:
        fields.complain("from", f"“{value}”不是日期", "写成 2023、2023-07 或 2023-07-01，知道几位写几位")
        return None
