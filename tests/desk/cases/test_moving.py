"""A move is checked, has its reason, its day and its last day, and leaves nothing behind when it is refused."""

from __future__ import annotations

from datetime import date

import pytest

from bot.calendar import WorkingDays
from bot.cases import MOVES, STATES
from bot.clock import FixedClock
from bot.desk.case_ports import Case
from bot.desk.cases.moving import NEEDS_REASON, move
from bot.errors import BadInput, Conflict
from tests.desk.cases.conftest import Town


async def go(town: Town, case: Case, to: str, reason: str = "理由在此", **how: object) -> Case:
    async with town.desk.store.writing() as work:
        moved = await move(town.desk, work, case, to, "officer:chen", reason, **how)  # type: ignore[arg-type]
        await work.commit()
    return moved


async def test_thirty_working_days_run_from_acceptance_through_the_stages(town: Town, clock: FixedClock) -> None:
    case = await town.case(await town.person())
    accepted = await go(town, case, "accepted")
    expected = town.desk.calendar.deadline(date(2026, 11, 25), 30)
    assert (accepted.due, expected.sure) == (expected.day, False), "the holidays of 2027 are not announced"
    assert accepted.accepted_at == town.now
    assert (await town.timeline(case))[-2].about["about"] is True
    clock.advance(days=5)
    looked_into = await go(town, accepted, "investigating")
    assert looked_into.due == expected.day, "counted from acceptance, not from now"
    clock.advance(days=20)
    shown = await go(town, looked_into, "publicizing")
    assert shown.due == date(2026, 12, 27), "seven days, not seven working days"


async def test_a_sure_day_is_not_called_about(town: Town) -> None:
    case = await go(town, await town.case(await town.person()), "accepted", on=date(2026, 10, 12))
    assert case.due == date(2026, 11, 23)
    assert "about" not in (await town.timeline(case))[-2].about


async def test_chongqing_counts_by_its_own_rule(town: Town) -> None:
    case = await town.case(await town.person(), region="500103")
    assert (await go(town, case, "accepted")).due == date(2026, 12, 25)


async def test_a_day_told_by_the_office_starts_the_clock(town: Town) -> None:
    case = await town.case(await town.person())
    moved = await go(town, case, "accepted", on=date(2026, 11, 20))
    assert moved.due == town.desk.calendar.deadline(date(2026, 11, 20), 30).day
    with pytest.raises(BadInput, match="还没到"):
        await go(town, moved, "checking", on=date(2026, 11, 26))
    assert (await town.get(case)).state == "accepted"


@pytest.mark.parametrize("to", sorted(NEEDS_REASON))
async def test_what_burdens_somebody_needs_its_reason(town: Town, to: str) -> None:
    path = {"reducing": ["accepted", "approved", "paying"], "stopped": ["accepted", "approved", "paying", "reducing"]}
    case = await town.set(await town.case(await town.person()), *path.get(to, []))
    with pytest.raises(BadInput, match="要写明理由"):
        await go(town, case, to, "  ")
    assert (await town.get(case)).version == case.version
    assert (await go(town, case, to, "写明了")).state == to


async def test_no_move_but_those_of_the_table(town: Town) -> None:
    case = await town.case(await town.person())
    before = len(await town.timeline(case))
    for to in STATES:
        if to not in MOVES["submitted"]:
            with pytest.raises(Conflict, match=f"cannot go from submitted to {to}"):
                await go(town, case, to)
    assert (await town.get(case)).version == case.version
    assert len(await town.timeline(case)) == before
    assert not await town.tasks(case), "and nobody was told of what did not happen"


async def test_two_officers_at_once_do_not_both_move_it(town: Town) -> None:
    case = await town.case(await town.person())
    await go(town, case, "accepted")
    with pytest.raises(Conflict):
        await go(town, case, "need_more", missing=["户口簿"])
    assert (await town.get(case)).state == "accepted"


async def test_papers_are_asked_for_all_at_once(town: Town) -> None:
    talk = await town.chat()
    case = await town.case(await town.person(talk), talk)
    await go(town, case, "need_more", "", missing=["户口簿", "残疾证"])
    (row,) = await town.said(talk)
    assert "户口簿、残疾证" in row.text
    with pytest.raises(BadInput, match="最多"):
        await go(town, await town.get(case), "need_more", "", missing=["纸"] * 21)


async def test_without_a_calendar_no_deadline_is_sure(town: Town) -> None:
    from dataclasses import replace

    town.desk = replace(town.desk, calendar=WorkingDays())
    case = await go(town, await town.case(await town.person()), "accepted")
    assert (await town.timeline(case))[-2].about["about"] is True
