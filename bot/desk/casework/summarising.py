"""一事一议: what a meeting needs to know of one case, on one page. Masked as everywhere; in full only for a reason, once, and with
its line in the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.audit import Deed
from bot.desk.casework import revealing
from bot.desk.casework.looking import Seen, look, seen_of
from bot.desk.casework.masking import Answer
from bot.desk.casework.theirs import case_of, reason_of, within_limit
from bot.desk.desk import Desk
from bot.errors import BadInput
from bot.forms.model import State
from bot.staff import Staff

LONGEST = 400
_LEFT_OUT = frozenset({"同意", "谁申请", "申请人", "联系", "材料", "发钱的账户"})
"""Sections of a form that no meeting decides by."""


@dataclass(frozen=True, slots=True)
class Summary:
    seen: Seen
    sections: Sequence[tuple[str, Sequence[Answer]]]
    members: Sequence[tuple[str, str]]
    """Name and relation; names in full where the case is."""
    papers: Sequence[str]
    lacking: int
    """Consents that are still missing."""
    ask: str
    """What the meeting is asked."""
    whole: bool


async def masked(desk: Desk, staff: Staff, case: str) -> Summary:
    """To be looked over before it is printed. Raises NotThere."""
    return _summary(await look(desk, staff, case), "", False)


async def whole(desk: Desk, staff: Staff, case: str, ask: str, reason: str) -> Summary:
    """As it lies before the meeting. Raises NotThere, BadInput, Conflict for too many in an hour."""
    why, ask = reason_of(reason), ask.strip()
    if not 4 <= len(ask) <= LONGEST:
        raise BadInput(f"请写明请会议研究什么，4到{LONGEST}字")
    async with desk.store.reading() as work:
        await case_of(desk, work, staff, case)
    await within_limit(desk, f"reveal|{staff.id}", revealing.REVEALS, "查看隐去的信息")
    async with desk.store.writing() as work:
        found = await case_of(desk, work, staff, case)
        first = await seen_of(desk, work, found)
        parts = [f"section:{name}" for name in dict.fromkeys(one.section for one in first.answers)]
        seen = await seen_of(desk, work, found, [*parts, "applicant.name", "applicant.identity", "applicant.phone"])
        now, about = desk.clock.now(), {"summary": True}
        await work.cases.note(found, f"officer:{staff.name}", "", now, meeting=True)
        await work.audit.add(staff.id, Deed.EXPORT, f"case:{case}", now, region=found.region, reason=why, about=about)
        await work.commit()
    return _summary(seen, ask, True)


def _summary(seen: Seen, ask: str, full: bool) -> Summary:
    sections: dict[str, list[Answer]] = {}
    for one in seen.answers:
        if one.section not in _LEFT_OUT:
            sections.setdefault(one.section, []).append(one)
    papers: dict[str, int] = {}
    for _, kind in seen.papers:
        papers[kind] = papers.get(kind, 0) + 1
    return Summary(
        seen,
        list(sections.items()),
        [(_name(seen, one.number, one.name, full), one.relation) for one in seen.household],
        [f"{kind}{count}张" for kind, count in papers.items()],
        sum(one.state != "given" for one, *_ in seen.consents),
        ask,
        full,
    )


def _name(seen: Seen, number: int, shown: str, full: bool) -> str:
    given = seen.case.answers.get(f"members.{number}.name")
    return str(given.value) if full and given and given.state is State.SAID else shown
