"""A stranger learns nothing of a case, not even that it exists; its owner finds it with the number and two facts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.cases import new_number
from bot.clock import FixedClock
from bot.conversations import Conversation
from bot.desk.cases.lookup import ALARM, TRIES, TRIES_A_DAY, Found, Looked, look, misses_of_the_hour
from bot.desk.cases.proof import read_facts
from tests.desk.cases.conftest import Town

RIGHT = "王桂英 1234"


async def guess(town: Town, talk: Conversation, number: str, said: str = RIGHT) -> Looked:
    async with town.desk.store.writing() as work:
        looked = await look(town.desk, work, talk, number, read_facts(said))
        await work.commit()
    return looked


async def test_number_and_two_facts_find_a_case_from_any_chat(town: Town) -> None:
    owner = await town.person()
    case = await town.case(owner)
    looked = await guess(town, await town.chat(), case.number)
    assert looked.found is Found.FOUND
    assert looked.case is not None
    assert (looked.case.id, looked.person) == (case.id, owner.id)


async def test_a_helper_is_found_by_their_own_facts(town: Town) -> None:
    owner = await town.person(name="李大爷", identity="420106193001011111", phone="")
    helper = await town.person(name="李小华", identity="420106198001012222", phone="13900002222")
    case = await town.case(owner, helper=helper.id)
    assert (await guess(town, await town.chat(), case.number, "李小华 2222")).person == helper.id
    assert (await guess(town, await town.chat(), case.number, "李大爷 1111")).person == owner.id
    crossed = await guess(town, await town.chat(), case.number, "李大爷 2222")
    assert crossed.found is Found.MISSED, "one fact of each proves nobody"


@pytest.mark.parametrize("said", ["王桂英 4321", "李四 1234", "王桂英 手机尾号1234", "张三 0000"])
async def test_a_wrong_fact_and_a_wrong_number_end_alike(town: Town, said: str) -> None:
    case = await town.case(await town.person())
    there = await guess(town, await town.chat(), case.number, said)
    nowhere = await guess(town, await town.chat(), new_number(), said)
    assert there == nowhere == Looked(Found.MISSED)


async def test_five_misses_rest_a_quarter_of_an_hour(town: Town, clock: FixedClock) -> None:
    case, talk = await town.case(await town.person()), await town.chat()
    for _ in range(TRIES):
        assert (await guess(town, talk, new_number())).found is Found.MISSED
        clock.advance(seconds=10)
    assert (await guess(town, talk, case.number)).found is Found.PAUSED, "also the right answer waits"
    assert (await guess(town, await town.chat(), case.number)).found is Found.FOUND, "nobody else waits"
    clock.advance(minutes=15)
    assert (await guess(town, talk, case.number)).found is Found.FOUND


async def test_a_day_has_an_end_for_a_chat_and_for_a_number(town: Town, clock: FixedClock) -> None:
    case, talk = await town.case(await town.person()), await town.chat()
    for n in range(TRIES_A_DAY):
        if n and n % TRIES == 0:
            clock.advance(minutes=16)
        assert (await guess(town, talk, new_number())).found is Found.MISSED
    clock.advance(minutes=16)
    assert (await guess(town, talk, case.number)).found is Found.LATER
    clock.advance(days=1)
    assert (await guess(town, talk, case.number)).found is Found.FOUND

    for _ in range(TRIES):
        assert (await guess(town, await town.chat(), case.number, "王桂英 0000")).found is Found.MISSED
    assert (await guess(town, await town.chat(), case.number)).found is Found.LATER
    nowhere = new_number()
    for _ in range(TRIES):
        await guess(town, await town.chat(), nowhere)
    assert (await guess(town, await town.chat(), nowhere)).found is Found.LATER, "whether or not it exists"


async def test_a_find_is_no_try(town: Town) -> None:
    case, talk = await town.case(await town.person()), await town.chat()
    for _ in range(3 * TRIES_A_DAY):
        assert (await guess(town, talk, case.number)).found is Found.FOUND


async def test_misses_of_everybody_ring_at_fifty_an_hour(town: Town, clock: FixedClock) -> None:
    for _ in range(ALARM // TRIES):
        talk = await town.chat()
        for _ in range(TRIES):
            await guess(town, talk, new_number())
    async with town.desk.store.reading() as work:
        assert await misses_of_the_hour(town.desk, work) == ALARM
        clock.advance(seconds=timedelta(hours=1).total_seconds() + 1)
        assert await misses_of_the_hour(town.desk, work) == 0
