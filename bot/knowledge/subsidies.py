"""Monthly price subsidy: was it triggered here, how much, when paid, by which notice."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bot.knowledge.documents import VERIFIED
from bot.knowledge.fields import Fields
from bot.regions import RegionTree

COLUMNS = ("region", "region_name", "month", "triggered", "amount", "paid_on", "notice", "verified", "note")
TRIGGERED = ("yes", "no", "unknown")


@dataclass(frozen=True, slots=True)
class Subsidy:
    """What one place did in one month."""

    region: str
    region_name: str
    month: str
    """2022-09"""
    triggered: str
    amount: str
    paid_on: date | None
    notice: str
    """The id of its document."""
    verified: str
    note: str

    @classmethod
    def read(cls, fields: Fields, tree: RegionTree) -> Subsidy:
        row = cls(
            region=fields.region("region", tree),
            region_name=fields.text("region_name"),
            month=_month(fields),
            triggered=fields.one_of("triggered", TRIGGERED),
            amount=_amount(fields),
            paid_on=fields.day("paid_on"),
            notice=fields.text("notice"),
            verified=fields.one_of("verified", VERIFIED),
            note=fields.text("note", required=False),
        )
        fields.end()
        return row


@dataclass(frozen=True, slots=True)
class SubsidyResult:
    """What is on file for a place and a month: the place's own record, and what the nation ruled for that month."""

    place: str
    month: str
    own: Subsidy | None
    """Of the place itself or a wider one below the nation."""
    measure: Subsidy | None
    """A national measure of that month: told as what was ruled, never as what this place did."""
    notice: str = ""
    """How the document is called that the record stands on."""


def _month(fields: Fields) -> str:
    value = fields.text("month")
    if value and not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", value, re.ASCII):
        fields.complain("month", f"“{value}”不是月份", "写成 2022-09 这样")
    return value


def _amount(fields: Fields) -> str:
    value = fields.text("amount", required=False)
    if value and not re.fullmatch(r"[1-9]\d{0,4}(\.\d{1,2})?", value, re.ASCII):
        fields.complain("amount", f"“{value}”不是金额", "只写数字，如 60 或 60.5")
    return value
