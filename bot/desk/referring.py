"""Which office and which number for a need, at a place: the directory behind emergency, pre-check and other departments.

Only what is published in `content/offices.csv` and `content/hotlines.csv` is said. Where a place has no row of its own,
the kind of office is named without a number, and 12345 finds it: a neighbour's counter is never given.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.desk.desk import Desk
from bot.knowledge.contacts import OFFICES, Hotline, Office
from bot.knowledge.fields import NATION


@dataclass(frozen=True, slots=True)
class Need:
    office: str
    """A kind of `contacts.OFFICES`."""
    hotline: str
    """A key of `contacts.NEEDS`."""


NEEDS = {
    "help": Need("township_window", "assistance"),
    "food": Need("township_window", "assistance"),
    "bed": Need("rescue_station", "assistance"),
    "heat": Need("township_window", "assistance"),
    "medicine": Need("township_window", "assistance"),
    "disaster": Need("township_window", "assistance"),
    "decision": Need("civil_affairs", "complaint"),
    "medical": Need("medical_insurance", "medical"),
    "school": Need("school", "assistance"),
    "housing": Need("housing", "assistance"),
    "work": Need("employment", "work"),
    "law": Need("legal_aid", "law"),
}
"""What somebody needs, and who takes it."""
EVERYWHERE, RESCUE = "12345", "120"
"""What is said where no line is on file: both are answered everywhere in the country."""


@dataclass(frozen=True, slots=True)
class Referral:
    need: str
    office: Office | None
    hotline: Hotline | None

    @property
    def called(self) -> str:
        """The counter by its own name where the place has one on file, else by its kind."""
        if self.office is None or self.office.region == NATION:
            return OFFICES[NEEDS[self.need].office]
        return self.office.name

    @property
    def number(self) -> str:
        """The counter's own number, else the line for this need, else the one that is answered everywhere."""
        if self.office and self.office.phone:
            return self.office.phone
        return self.hotline.number if self.hotline else EVERYWHERE

    @property
    def line(self) -> str:
        """One line for the resident: who, what for, when, which number."""
        hours = self.office.hours if self.office and self.office.phone else self.hotline.hours if self.hotline else ""
        said = f"{self.called}，电话{self.number}" if self.office and self.office.phone else self.called
        if not (self.office and self.office.phone):
            said += f"，不知道在哪里就打{self.number}"
        return said + (f"（{hours}）" if hours else "") + "。"


def refer(desk: Desk, need: str, region: str) -> Referral:
    """Whom to turn to for a need (a key of NEEDS) at a place; the narrowest division that has somebody."""
    wanted = NEEDS[need]
    offices = desk.edition.offices(region, wanted.office)
    lines = desk.hotlines(region, wanted.hotline)
    # Nationwide, the line that is answered day and night goes before those some places do not have.
    own = next((line for line in lines if line.region != NATION), None)
    sure = next((line for line in lines if line.number == EVERYWHERE), None)
    return Referral(need, offices[0] if offices else None, own or sure or (lines[0] if lines else None))


def refer_to(desk: Desk, office: str, region: str) -> Referral:
    """The same by the kind of office, as programmes name it."""
    need = next((key for key, one in NEEDS.items() if one.office == office), "help")
    return refer(desk, need, region)


def rescue(desk: Desk, region: str) -> str:
    """The number for sudden illness and wounds."""
    return next((line.number for line in desk.hotlines(region, "illness")), RESCUE)


_DEPARTMENTS = {"yibao": "medical", "shebao": "work", "laodong": "work", "dangan": "work"}
"""Of the other departments' matters (`language.departments`), those a published line may be for."""


def elsewhere(desk: Desk, matter: str, region: str) -> str:
    """The place's own line for another department's matter, said after the words that name the department; empty where
    the place has none on file."""
    lines = desk.hotlines(region, _DEPARTMENTS.get(matter, "")) if matter in _DEPARTMENTS else ()
    own = next((line for line in lines if line.region != NATION), None)
    if own is None:
        return ""
    return f"当地：{own.name}，电话{own.number}" + (f"（{own.hours}）。" if own.hours else "。")
