"""Counting and listing cases are one law: of every count, the list narrowed by it has as many rows. On both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from bot.desk.case_ports import Wanted
from bot.desk.ports import Store
from bot.errors import BadInput
from bot.forms.model import Sheet

NOW = datetime(2026, 10, 31, 15, 30, tzinfo=UTC)
PLACES = ("420111", "420100", "420103", "330106", "")
MOMENTS = (NOW, NOW + timedelta(hours=1), NOW + timedelta(days=40))
"""The last half hour of October in China, and the first of November."""


@pytest.fixture
async def filled(store: Store) -> Store:
    async with store.writing() as work:
        for number, (place, at, programme) in enumerate(product(PLACES, MOMENTS, ("dibao", "tekun"))):
            talk = await work.conversations.open("wechat", "gh_1", f"o-{number}", at, "resident")
            person = await work.people.make(talk.id, at, "test")
            draft = await work.drafts.open(talk.id, person.id, "application", programme, Sheet(programme), {}, at)
            due = date(2026, 12, 1) + timedelta(days=number) if number % 3 else None
            case = await work.cases.add(draft, programme, place, "submitted", "", at, due=due)
            if number % 2:
                await work.cases.move(case, "accepted", "officer:test", "", at + timedelta(hours=2), due)
        await work.commit()
    return store


@pytest.mark.parametrize("regions", [("420100",), ("420111", "330100"), ("000000",), (), ("420111", "420100")])
async def test_every_count_has_its_list(filled: Store, regions: tuple[str, ...]) -> None:
    async with filled.reading() as work:
        whole = await work.cases.pick(Wanted(regions, limit=1000))
        counts = await work.cases.counts(Wanted(regions))
        assert sum(one.number for one in counts) == len(whole) > 0
        for one in counts:
            narrow = Wanted(regions, (one.state,), one.programme, month=one.month, at=one.region, limit=1000)
            assert len(await work.cases.pick(narrow)) == one.number, one
    wide = {case.region for case in whole}
    starts = tuple(region.rstrip("0") for region in regions)
    assert wide == {place for place in PLACES if place == "" or place.startswith(starts)} if starts else {""}


async def test_a_month_is_china_s(filled: Store) -> None:
    async with filled.reading() as work:
        october = await work.cases.pick(Wanted(("000000",), month="2026-10", limit=1000))
        november = await work.cases.pick(Wanted(("000000",), month="2026-11", limit=1000))
        assert {case.submitted_at for case in october} == {MOMENTS[0]}
        assert {case.submitted_at for case in november} == {MOMENTS[1]}
        for wrong in ("2026-13", "2026-1", "x", "9999-12", "٢٠٢٦-١٠"):
            with pytest.raises(BadInput, match="不是月份"):
                await work.cases.pick(Wanted((), month=wrong))


async def test_days_narrow_and_ids_do(filled: Store) -> None:
    async with filled.reading() as work:
        whole = await work.cases.pick(Wanted(("000000",), limit=1000))
        first, last = date(2026, 12, 3), date(2026, 12, 9)
        found = await work.cases.pick(Wanted(("000000",), due_from=first, due_until=last, limit=1000))
        assert found == [case for case in whole if case.due and first <= case.due <= last]
        ids = [case.id for case in whole[:3]]
        assert await work.cases.pick(Wanted(("000000",), ids=ids)) == whole[:3]
        assert await work.cases.pick(Wanted(("000000",), ids=[])) == []


async def test_the_moves_of_a_month_are_whole_cases(filled: Store) -> None:
    async with filled.reading() as work:
        steps = await work.cases.steps(("000000",), "2026-11", 1000)
        assert {step.new for step in steps} == {"submitted", "accepted"}
        assert len(steps) == 2 * len({step.case for step in steps})
        assert await work.cases.steps(("000000",), "2026-09", 1000) == []
        assert len({step.case for step in await work.cases.steps(("000000",), "2026-11", 2)}) == 2


async def test_the_moves_of_some_cases_are_their_timelines_without_words(filled: Store) -> None:
    async with filled.writing() as work:
        some = await work.cases.pick(Wanted(("000000",), limit=1000))
        await work.cases.note(some[0], "officer:test", "打过电话", NOW)
        await work.commit()
    async with filled.reading() as work:
        told = await work.cases.moves([case.id for case in some])
        for case in some:
            lines = [line for line in await work.cases.timeline(case.id) if line.old != line.new]
            assert [(one.at, one.new) for one in told if one.case == case.id] == [(line.at, line.new) for line in lines]
        assert {one.case for one in told} == {case.id for case in some}
        assert {"submitted", "accepted"} == {one.new for one in told}
        assert await work.cases.moves([]) == []
