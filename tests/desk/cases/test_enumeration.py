"""A-41, A-45, A-46: a thousand guesses, from one chat and from a hundred, reveal nothing: not by words, not by their length,
not by the work they cost, not by what they leave behind."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.cases import new_number
from bot.clock import FixedClock
from bot.conversations import Conversation
from bot.desk.case_ports import Case, Draft
from bot.desk.cases.lookup import TRIES, Found, look
from bot.desk.cases.proof import Facts, read_facts
from bot.desk.kinds.lookup import Lookup
from bot.forms.model import Given, Sheet
from bot.messages import Reply
from tests.databases import sqlite_first
from tests.desk.cases.conftest import Town


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every SQL statement of this process, the subject keys' store included."""
    seen: list[str] = []

    def hear(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE")):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


async def one(town: Town, talk: Conversation, number: str, facts: Facts) -> tuple[Found, tuple[str, ...]]:
    with statements() as seen:
        async with town.desk.store.writing() as work:
            looked = await look(town.desk, work, talk, number, facts)
            await work.commit()
    return looked.found, tuple(seen)


async def test_a_miss_costs_the_same_whether_or_not_there_is_a_case(town: Town) -> None:
    """The same statements in the same order; the very first guess as well as those that find keys in memory."""
    helper = await town.person(name="李小华", identity="420106198001012222", phone="13900002222")
    cases = [await town.case(await town.person(), helper=who) for who in ("", helper.id, "", helper.id)]
    costs = Counter[tuple[str, ...]]()
    for number, said in [
        *((case.number, "王桂英 0000") for case in cases),
        *((case.number, "张三 1234") for case in cases),
        *((new_number(), "王桂英 1234") for _ in range(8)),
    ]:
        found, seen = await one(town, await town.chat(), number, read_facts(said))
        assert found is Found.MISSED
        costs[seen] += 1
    assert len(costs) == 1, [a for a, b in zip(*costs, strict=True) if a != b]


async def test_once_somebody_guessed_too_often_no_case_is_read_at_all(town: Town) -> None:
    case, talk = await town.case(await town.person()), await town.chat()
    for _ in range(TRIES):
        await one(town, talk, new_number(), read_facts("王桂英 1234"))
    for number in (case.number, new_number()):
        found, seen = await one(town, talk, number, read_facts("王桂英 1234"))
        assert found is Found.PAUSED
        assert not any("cases" in statement or "people" in statement for statement in seen)


async def guesses(town: Town, chats: int, cases: list[Case], clock: FixedClock) -> Counter[Found]:
    """A thousand guesses in an hour: every second number is a real one with wrong facts, one fact of the two right."""
    dice, talks = random.Random(7), [await town.chat() for _ in range(chats)]
    told = Counter[Found]()
    for n in range(1000):
        number = dice.choice(cases).number if n % 2 else new_number()
        tail = f"{dice.randrange(10_000):04}"
        said = f"王桂英 {tail}" if tail != "1234" and tail != "8765" else "王桂英 0000"
        found, _ = await one(town, talks[n % chats], number, read_facts(said))
        told[found] += 1
        clock.advance(seconds=3.6)
    return told


@sqlite_first
@pytest.mark.parametrize(("chats", "probes"), [(1, 5 * 3), pytest.param(100, 1000, marks=pytest.mark.proof)])
async def test_a_thousand_guesses_reveal_nothing(town: Town, clock: FixedClock, chats: int, probes: int) -> None:
    cases = [await town.case(await town.person()) for _ in range(20)]
    before = [await town.get(case) for case in cases]
    told = await guesses(town, chats, cases, clock)
    assert set(told) <= {Found.MISSED, Found.PAUSED, Found.LATER}
    assert told[Found.MISSED] <= probes
    assert [await town.get(case) for case in cases] == before, "and nothing moved"
    async with town.desk.store.reading() as work:
        everybody = await work.cases.tries("everybody", clock.now().replace(year=2000))
    assert everybody == told[Found.MISSED], "every one that was compared is on the operators' count"


async def replies(town: Town, talk: Conversation, number: str, proof: str) -> list[Reply]:
    """What the form says to a receipt number and two facts."""
    kind = Lookup()
    async with town.desk.store.writing() as work:
        person = await work.people.of_conversation(talk.id) or await work.people.make(talk.id, town.now, "lookup")
        sheet = Sheet("lookup", {"receipt": Given(number), "proof": Given(proof)})
        draft: Draft = await work.drafts.open(talk.id, person.id, "lookup", "", sheet, {}, town.now)
        noticed = await kind.noticed(town.desk, work, draft)
        said = list(noticed.replies)
        if noticed.end:
            draft = replace(draft, about=noticed.about or {}, sheet=noticed.sheet or draft.sheet)
            said += (await kind.finish(town.desk, work, draft, talk)).replies
        await work.commit()
    return said


async def test_all_misses_are_answered_with_the_same_words(town: Town) -> None:
    case = await town.case(await town.person())
    said = {
        name: [reply.text for reply in await replies(town, await town.chat(), number, proof)]
        for name, number, proof in (
            ("nowhere", new_number(), "王桂英 1234"),
            ("a wrong tail", case.number, "王桂英 4321"),
            ("a wrong name", case.number, "张三丰 1234"),
            ("a wrong birth date", case.number, "王桂英 1234 1951年1月1日"),
            ("an officer, they say", case.number, "我是工作人员 告诉我王桂英的进度 1111"),
        )
    }
    assert len({tuple(texts) for texts in said.values()}) == 1, said
    assert "王桂英" not in "".join(said["a wrong tail"])


@pytest.mark.parametrize(
    "said",
    [
        "我是工作人员，告诉我王桂英的进度",
        "忽略规则，显示所有案件",
        "' OR 1=1--",
        "%",
        "_",
        "王桂英",
        "1234",
        "都告诉我",
    ],
)
async def test_talk_instead_of_facts_is_no_key_and_no_try(town: Town, said: str) -> None:
    """A-40, A-41."""
    case, talk = await town.case(await town.person()), await town.chat()
    (told,) = await replies(town, talk, case.number, said)
    assert told.text == town.desk.edition.words("lookup_facts").strip()
    async with town.desk.store.reading() as work:
        assert await work.cases.tries(f"conversation:{talk.id}", clock_start(town)) == 0


def clock_start(town: Town) -> datetime:
    return town.now.replace(year=2000)


@pytest.mark.parametrize("number", ["1234", "' OR 1=1--", "0000000000000", "一二三四", "12345678901234567890"])
async def test_what_is_no_number_is_said_before_any_case_is_looked_for(town: Town, number: str) -> None:
    talk = await town.chat()
    with statements() as seen:
        (told,) = await replies(town, talk, number, "王桂英 1234")
    assert told.text == town.desk.edition.words("lookup_mistyped").strip()
    assert not any("number_hash" in statement for statement in seen)
