"""What is late is told to the supervisor of the place, once; whoever does not look is passed over after a working day."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.clock import FixedClock
from bot.conversations import Conversation
from bot.desk.desk import Desk
from bot.desk.handoff import holding
from bot.desk.ports import Store
from bot.desk.supervising.escalating import escalate
from tests.desk.handoff.conftest import officer, queued
from tests.desk.supervising.conftest import CITY, DISTRICT, PROVINCE, lines, supervisor, told


async def waits_in(desk: Desk, region: str, sender: str = "o-wang") -> Conversation:
    talk = await queued(desk, sender)
    async with desk.store.writing() as work:
        talk = await work.conversations.change(talk.id, desk.clock.now(), region=region)
        await work.commit()
    return talk


def later(desk: Desk, **span: float) -> None:
    assert isinstance(desk.clock, FixedClock)
    desk.clock.advance(**span)


async def test_the_supervisor_of_the_place_is_told_once(office: Desk) -> None:
    near = await supervisor(office, "near", DISTRICT)
    await supervisor(office, "wide", CITY)
    await supervisor(office, "else", "440305")
    talk = await waits_in(office, DISTRICT)
    assert await escalate(office) == 0, "nothing is late yet"
    later(office, minutes=11)
    assert await escalate(office) == 1
    assert await escalate(office) == 0
    (one,) = await told(office)
    assert (one.kind, one.ref, one.supervisor, one.level, one.due_at) == (
        "conversation",
        talk.id,
        near.id,
        1,
        talk.answer_by,
    )
    (line,) = await lines(office, "escalate")
    assert (line.actor, line.what, line.about["to"]) == ("system", f"conversation:{talk.id}", near.id)


async def test_an_answer_settles_it_and_a_new_delay_is_told_anew(office: Desk) -> None:
    await supervisor(office, "near", DISTRICT)
    chen = await officer(office, region=DISTRICT)
    talk = await waits_in(office, DISTRICT)
    later(office, minutes=11)
    await escalate(office)
    await holding.claim(office, chen, talk.id)
    await escalate(office)
    assert await told(office) == [], "somebody took it, and has time again"
    later(office, minutes=11)
    assert await escalate(office) == 1
    await holding.reply(office, chen, talk.id, "您好")
    await escalate(office)
    assert await told(office) == []
    assert len(await lines(office, "escalate")) == 2


async def test_whoever_does_not_look_within_a_working_day_is_passed_over(office: Desk) -> None:
    near = await supervisor(office, "near", DISTRICT)
    wide = await supervisor(office, "wide", PROVINCE)
    await waits_in(office, DISTRICT)
    later(office, minutes=11)
    await escalate(office)
    later(office, days=1)  # Thursday
    assert await escalate(office) == 0
    later(office, days=1)  # Friday: Thursday is over
    assert await escalate(office) == 1
    assert await escalate(office) == 0
    assert {(one.level, one.supervisor) for one in await told(office)} == {(1, near.id), (2, wide.id)}


async def test_whoever_looked_is_not_passed_over(office: Desk) -> None:
    near = await supervisor(office, "near", DISTRICT)
    await supervisor(office, "wide", PROVINCE)
    await waits_in(office, DISTRICT)
    later(office, minutes=11)
    await escalate(office)
    async with office.store.writing() as work:
        assert await work.supervising.seen(near.id, office.clock.now()) == 1
        await work.commit()
    later(office, days=7)
    assert await escalate(office) == 0


async def test_a_complaint_about_a_supervisor_goes_to_another(office: Desk) -> None:
    near = await supervisor(office, "near", DISTRICT)
    wide = await supervisor(office, "wide", CITY)
    talk = await waits_in(office, DISTRICT)
    async with office.store.writing() as work:
        await work.conversations.move(talk.id, talk.holder, "resident", f"complaint:{near.id}", office.clock.now())
        await work.commit()
    later(office, minutes=11)
    await escalate(office)
    assert [one.supervisor for one in await told(office)] == [wide.id]


async def test_where_nobody_supervises_it_is_written_down_all_the_same(office: Desk) -> None:
    await supervisor(office, "else", "440305")
    await waits_in(office, DISTRICT)
    later(office, minutes=11)
    assert await escalate(office) == 1
    assert [one.supervisor for one in await told(office)] == [""]


async def test_a_call_and_a_stage_of_a_case_are_told_too(office: Desk) -> None:
    near = await supervisor(office, "near", DISTRICT)
    now = office.clock.now()
    async with office.store.writing() as work:
        task = await work.tasks.add("callback", "", "", DISTRICT, "请打电话", "", now + timedelta(hours=1), now)
        await work.commit()
    later(office, hours=2)
    assert await escalate(office) == 1
    (one,) = await told(office)
    assert (one.kind, one.ref, one.supervisor) == ("task", task.id, near.id)
    async with office.store.writing() as work:
        await work.tasks.done(task.id, "x", office.clock.now())
        await work.commit()
    await escalate(office)
    assert await told(office) == []


async def test_two_processes_tell_once(office: Desk, second_store: Store) -> None:
    await supervisor(office, "near", DISTRICT)
    for number in range(5):
        await waits_in(office, DISTRICT, f"o-{number}")
    later(office, minutes=11)
    ends = await asyncio.gather(escalate(office), escalate(replace(office, store=second_store)))
    assert sum(ends) == 5
    assert len(await lines(office, "escalate")) == 5
