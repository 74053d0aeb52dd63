"""How far other offices can be relied on: what residents said of them when they were asked after a referral (`asking_after`).
Every number knows the list behind it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.desk.case_ports import Case, Referral
from bot.desk.cases.rights import masked_name
from bot.desk.cases.whose import applicant_of
from bot.desk.casework.asking_after import SAID
from bot.desk.desk import Desk
from bot.errors import BadInput
from bot.knowledge.contacts import OFFICES
from bot.staff import Staff

SINCE = timedelta(days=182)
ASKED, SILENT = "asked", "silent"
ANSWERS: Mapping[str, str] = {ASKED: "问过", **SAID, SILENT: "还没答"}
"""The columns: what was asked, what was said, and where nothing was said yet."""
_MOST = 200


@dataclass(frozen=True, slots=True)
class Relied:
    office: str
    name: str
    numbers: Mapping[str, int]
    """By the keys of ANSWERS."""

    @property
    def said(self) -> str:
        """近半年问过5位，帮上4位: beside its name where one hands on; empty where too few answered to say so."""
        answered = self.numbers[ASKED] - self.numbers[SILENT]
        return f"近半年{answered}位回话，帮上{self.numbers['yes']}位" if answered else ""


async def offices(desk: Desk, staff: Staff) -> list[Relied]:
    """Those residents of one's places were asked about, the one asked about most first."""
    async with desk.store.reading() as work:
        found = await work.referrals.tally(staff.regions, desk.clock.now() - SINCE)
    numbers: dict[str, Counter[str]] = defaultdict(Counter)
    for one in found:
        numbers[one.office].update({one.helped or SILENT: one.number, ASKED: one.number})
    rows = [Relied(office, name_of(office), counted) for office, counted in numbers.items()]
    return sorted(rows, key=lambda row: (-row.numbers[ASKED], row.name))


def name_of(office: str) -> str:
    """A kind of office by its name; another stands under its own."""
    return OFFICES.get(office, office)


async def behind(desk: Desk, staff: Staff, office: str, said: str) -> Sequence[tuple[Referral, Case, str]]:
    """The referrals behind one number, with the masked name of whom they are about. Raises BadInput for a number nobody
    shows."""
    if said not in ANSWERS:
        raise BadInput("没有这个数字，请从表里点开。")
    since, wanted = desk.clock.now() - SINCE, "" if said == SILENT else said
    async with desk.store.reading() as work:
        found = await work.referrals.told(staff.regions, since, office, wanted, _MOST)
        return [(one, case, masked_name((await applicant_of(work, case)).name)) for one, case in found]
