"""How a case, its programme, its place and its office are called in a sentence."""

from __future__ import annotations

from datetime import date

from bot.cases import STATES, State, show_number
from bot.desk.case_ports import Case
from bot.desk.desk import Desk
from bot.forms.model import Form
from bot.programmes.model import Programme
from bot.regions import UnknownRegion

COUNTY = 3
TAIL = 4


def state_of(case: Case) -> State:
    return STATES[case.state]


def tail(case: Case) -> str:
    """The end of the receipt number: enough for its owner, useless for others."""
    return case.number[-TAIL:]


def number_of(case: Case) -> str:
    return show_number(case.number)


def programme_of(desk: Desk, programme: str) -> Programme | None:
    """None where the edition in force does not have it any more."""
    return desk.edition.programmes.get(programme)


def form_of(desk: Desk, programme: str) -> Form | None:
    """The form one applies with."""
    known = programme_of(desk, programme)
    return desk.edition.forms.get(known.form) if known else None


def programme_name(desk: Desk, programme: str) -> str:
    """Its name in a sentence."""
    known = programme_of(desk, programme)
    return known.name if known else "社会救助"


_PAPERS = {"signature": "手写的签名", "other": "别的材料"}
"""Papers that no form asks for: what was drawn (`handwriting`), what an officer put there (`handoff.picturing`)."""


def paper_name(desk: Desk, kind: str) -> str:
    """What a paper is, by the kind it is kept as: the label of the field that asks for it."""
    asked = desk.edition.fields.get(f"paper_{kind}")
    return asked.label if asked else _PAPERS.get(kind, "照片")


def place_name(desk: Desk, region: str) -> str:
    try:
        return desk.regions.full_name(region)
    except UnknownRegion:
        return ""


def office_name(desk: Desk, region: str) -> str:
    """The window that has the case."""
    for found in desk.edition.offices(region, "township_window"):
        if found.region != "000000":
            return found.name
    return "乡镇（街道）"


def government(desk: Desk, region: str) -> str:
    """Who decides on a review of what the county's office did (行政复议法 第24条): its own government."""
    try:
        county = next((one for one in desk.regions.chain(region) if one.level == COUNTY), None)
    except UnknownRegion:
        county = None
    return f"{desk.regions.full_name(county.code)}人民政府" if county else "您所在的县（市、区）人民政府"


def said_day(day: date) -> str:
    """2026年12月30日."""
    return f"{day.year}年{day.month}月{day.day}日"
