"""Every state is said in plain words: where it is, who has it, until when, what is missing, what comes, how to object."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.cases import STATES, show_number
from bot.clock import FixedClock
from bot.desk.case_ports import Case
from bot.desk.cases import wording
from bot.desk.cases.moving import move
from bot.knowledge.plain_language import refused_words
from bot.messages import Reply
from tests.desk.cases.conftest import Town

_WAY = {
    "need_more": ["need_more"],
    "accepted": ["accepted"],
    "checking": ["accepted", "checking"],
    "investigating": ["accepted", "investigating"],
    "publicizing": ["accepted", "publicizing"],
    "objection": ["accepted", "publicizing", "objection"],
    "reviewing": ["accepted", "reviewing"],
    "approved": ["accepted", "approved"],
    "rejected": ["accepted", "rejected"],
    "paying": ["accepted", "approved", "paying"],
    "recheck": ["accepted", "approved", "recheck"],
    "reducing": ["accepted", "approved", "reducing"],
    "stopped": ["accepted", "approved", "paying", "stopped"],
    "withdrawn": ["withdrawn"],
    "referred": ["referred"],
    "submitted": [],
}


async def told(town: Town, case: Case) -> Reply:
    async with town.desk.store.reading() as work:
        return await wording.status(town.desk, work, await work.cases.get(case.id))


@pytest.mark.parametrize("state", sorted(_WAY))
async def test_every_state_says_all_there_is_to_say(town: Town, state: str) -> None:
    case = await town.set(await town.case(await town.person()), *_WAY[state])
    said, known = await told(town, case), STATES[state]
    assert "最低生活保障" in said.text
    assert show_number(case.number) in said.text
    for part in (known.name, known.meaning, known.next.removeprefix("接下来"), known.object):
        assert part in said.text
    if known.who != "您自己" and not known.final:
        assert known.who in said.text
    assert said.choices[-1].meaning == {"person": True}
    assert not list(refused_words(said.text)), "no blame, no promise, no verdict"
    assert "王桂英" not in said.text


def test_the_ways_lead_through_every_state_but_the_draft() -> None:
    assert set(_WAY) == set(STATES) - {"draft"}


async def test_deadlines_are_sure_about_or_past(town: Town, clock: FixedClock) -> None:
    case = await town.case(await town.person())
    async with town.desk.store.writing() as work:
        await move(town.desk, work, case, "accepted", "officer:chen")
        await work.commit()
    said = (await told(town, case)).text
    assert "受理后全程30个工作日" in said
    assert "最晚大约2027年1月6日前" in said
    async with town.desk.store.writing() as work:
        now = await work.cases.get(case.id)
        await work.cases.move(now, "publicizing", "officer:chen", "", town.now, town.desk.today() + timedelta(7))
        await work.commit()
    assert "最晚2026年12月2日前" in (await told(town, case)).text
    clock.advance(days=8)
    late = (await told(town, case)).text
    assert "按规定是2026年12月2日前，看来晚了" in late
    assert "12345" in late


async def test_what_is_missing_is_listed(town: Town) -> None:
    case = await town.case(await town.person())
    async with town.desk.store.writing() as work:
        await move(town.desk, work, case, "need_more", "officer:chen", "补齐再办", missing=["户口簿", "残疾证"])
        await work.commit()
    said = (await told(town, case)).text
    assert "还要补：户口簿、残疾证" in said
    assert "补齐再办" in said


async def test_several_cases_are_offered_to_choose_from(town: Town) -> None:
    owner = await town.person()
    cases = [await town.case(owner) for _ in range(3)]
    which = wording.which(town.desk, cases)
    assert [choice.meaning["programme"] for choice in which.choices] == [*(case.id for case in cases), "number"]
    assert all(len(choice.label) <= 30 for choice in which.choices)
