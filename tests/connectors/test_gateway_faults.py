"""What breaks behind the door, and what the resident notices of it: words that nothing is lost, then the answer, once."""

from __future__ import annotations

import asyncio
import sqlite3
import time

import asyncpg
import pytest

from bot.desk import turns
from bot.desk.outbox import GIVE_UP_AFTER
from bot.desk.ports import Message, Store
from bot.desk.turns import POISONED_AFTER
from bot.messages import Author, State
from connectors.sandbox import Prepared, pushes
from tests.connectors.door_to_door import Site, a_site
from tests.databases import Database, kinds
from tests.fakes.engine import Mood
from tests.fakes.wechat import SEND

ENGINE_FAULTS = [mood for mood in Mood if mood not in (Mood.WELL, Mood.SLOW)]
ANSWER = "答：低保怎么申请"

one_database = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""For what does not depend on which it is."""


@pytest.mark.parametrize(
    ("database", "mood"),
    [*(("sqlite", mood) for mood in ENGINE_FAULTS), *((kind, Mood.LOST) for kind in kinds() if kind != "sqlite")],
    indirect=["database"],
)
async def test_an_engine_that_fails_is_announced_and_made_up_for_once(site: Site, mood: Mood) -> None:
    """A-71"""
    who = site.resident()
    site.engine.mood = mood
    delivered = await site.wechat.say(who, "低保怎么申请")
    assert delivered.bubble is not None
    assert "系统正忙" in delivered.bubble.text or delivered.bubble.text == ANSWER
    site.engine.mood = Mood.WELL
    assert await site.until_answered(who) == [ANSWER]
    await asyncio.sleep(0.3)
    assert site.answers(who) == [ANSWER]
    assert set(site.engine.effects.values()) == {1}, "no side effect twice"
    assert len(site.engine.asked) > 1, "the turn was repeated"


async def test_an_engine_that_is_gone_and_comes_back(site: Site) -> None:
    who = site.resident()
    await site.engine.go()
    delivered = await site.wechat.say(who, "低保怎么申请")
    assert delivered.bubble is not None
    assert "系统正忙" in delivered.bubble.text
    assert not site.door.breaker.closed
    await site.engine.start()
    assert await site.until_answered(who) == [ANSWER]
    assert site.door.breaker.closed


@one_database
async def test_in_the_services_own_seconds_nobody_waits_longer_than_four_and_a_half(store: Store) -> None:
    """A-71 and T-10 unshortened: an engine that hangs, and one that is gone."""
    async with a_site(store, cut_off=5.0, door={"passive": 3.5, "turn_seconds": 9.0}) as site:
        site.engine.mood = Mood.HANGS
        hung, gone = site.resident(), site.resident()
        assert await _seconds_until_told(site, hung) < 4.5
        await site.engine.go()
        assert await _seconds_until_told(site, gone) < 4.5
        site.engine.mood = Mood.WELL
        await site.engine.start()
        began = time.monotonic()
        for who in (hung, gone):
            assert await site.until_answered(who, seconds=30) == [ANSWER]
        assert time.monotonic() - began < 30


async def _seconds_until_told(site: Site, who: str) -> float:
    began = time.monotonic()
    delivered = await site.wechat.say(who, "低保怎么申请")
    assert delivered.bubble is not None
    assert "系统正忙" in delivered.bubble.text
    return time.monotonic() - began


async def test_while_the_breaker_is_open_nobody_waits(site: Site) -> None:
    await site.engine.go()
    await site.wechat.say(site.resident(), "低保怎么申请")
    who = site.resident()
    began = time.monotonic()
    assert (await site.wechat.say(who, "低保怎么申请")).bubble
    assert time.monotonic() - began < 0.8


async def test_what_needs_no_engine_is_said_while_it_is_gone(site: Site) -> None:
    """A person asked for, a danger, a picture, a new subscriber: the rules alone answer these."""
    await site.engine.go()
    await site.wechat.say(site.resident(), "低保怎么申请")
    who = site.resident()
    waiting = await site.wechat.say(who, "低保怎么申请")
    person = await site.wechat.say(who, "转人工")
    assert waiting.bubble
    assert "系统正忙" in waiting.bubble.text
    assert person.bubble
    assert "排上人工" in person.bubble.text
    danger = await site.wechat.say(site.resident(), "我不想活了")
    assert danger.bubble
    assert "12356" in danger.bubble.text
    heavy = await site.wechat.say(site.resident(), "活不下去了，临时救助怎么申请")
    assert heavy.bubble
    assert "12356" in heavy.bubble.text
    greeted = await site.wechat.follow("oNewcomer00000000000000000002")
    assert greeted.bubble
    assert "这里是救助通" in greeted.bubble.text
    async with site.store.reading() as work:
        assert len(await work.conversations.waiting()) == 3


async def test_the_words_that_it_will_come_are_said_once_a_minute(site: Site) -> None:
    await site.engine.go()
    who = site.resident()
    for n in range(4):
        await site.wechat.say(who, f"第{n}问")
    assert site.busy(who) == 1
    await site.engine.start()
    async with asyncio.timeout(20):
        while sum(text.count("答：") for text in site.answers(who)) < 4:
            await asyncio.sleep(0.05)
    assert [text for one in site.answers(who) for text in one.split("\n\n")] == [f"答：第{n}问" for n in range(4)]


async def test_who_talks_to_an_officer_hears_nothing_of_machines(site: Site) -> None:
    from bot.conversations import Holder

    who = site.resident()
    await site.wechat.say(who, "低保怎么申请")
    async with site.store.writing() as work:
        found = await work.conversations.by_sender("wechat", site.settings.account, who)
        assert found
        await work.conversations.move(found.id, Holder.OFFICER, "chen", "claimed", site.desk.clock.now())
        await work.commit()
    await site.engine.go()
    await site.wechat.say(site.resident(), "让断路器打开")
    await site.wechat.say(who, "还在吗")
    await asyncio.sleep(0.3)
    assert site.answers(who) == [ANSWER]
    assert site.busy(who) == 0


async def test_a_message_that_breaks_every_turn_goes_to_a_person_and_stops_nobody(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when what fails is our own code."""
    real = turns.respond

    async def respond(desk, engine, conversation, message: Message, history):  # type: ignore[no-untyped-def]
        if "毒" in message.text:
            raise ZeroDivisionError
        return await real(desk, engine, conversation, message, history)

    monkeypatch.setattr(turns, "respond", respond)
    monkeypatch.setattr(turns, "FAULT_PAUSE", 0.02)
    poisoned, well = site.resident(), site.resident()
    await site.wechat.say(poisoned, "毒")
    assert (await site.wechat.say(well, "低保怎么申请")).bubble
    assert "没处理好" in (await site.until_answered(poisoned))[0]
    (row,) = await site.inbound(poisoned)
    assert row.attempts == POISONED_AFTER - 1
    assert site.door.breaker.closed


WECHAT_FAULTS = {
    # what WeChat answers to every send: (state of the row, its reason)
    "again": (Prepared(errcode=-1), State.QUEUED, "again"),
    "http": (Prepared(status=502), State.QUEUED, "again"),
    "too fast": (Prepared(errcode=45011), State.QUEUED, "again"),
    "day quota": (Prepared(errcode=45009), State.QUEUED, "day_quota"),
    "window": (Prepared(errcode=45015), State.HELD, "window_closed"),
    "quota": (Prepared(errcode=45047), State.HELD, "quota_spent"),
    "unknown person": (Prepared(errcode=40003), State.FAILED, "unknown_person"),
    "not a follower": (Prepared(errcode=43004), State.FAILED, "not_follower"),
    "unknown code": (Prepared(errcode=99999), State.FAILED, "unknown_99999"),
    "our account": (Prepared(errcode=48001), State.QUEUED, "not_authorised"),
    "token for ever": (Prepared(errcode=40001), State.QUEUED, "again"),
    "cut after sending": (Prepared(drop=True, done_first=True), State.SENT, "unconfirmed"),
}


@one_database
@pytest.mark.parametrize("fault", WECHAT_FAULTS)
async def test_each_code_of_wechat_leaves_the_row_in_a_state_with_a_name(site: Site, fault: str) -> None:
    """A-75"""
    prepared, state, reason = WECHAT_FAULTS[fault]
    site.wechat.prepared.always(SEND, prepared)
    row = await _by_service(site, site.resident(), lambda row: row.attempts > 0 and row.state is not State.SENDING)
    assert (row.state, row.reason) == (state, reason)
    if state is State.QUEUED:
        assert row.not_before is not None
        assert row.not_before > row.created_at


@one_database
@pytest.mark.parametrize("code", [40001, 42001, 40014])
async def test_a_token_that_wechat_refuses_is_renewed_and_nothing_is_lost(site: Site, code: int) -> None:
    who = site.resident()
    site.wechat.prepared.next(SEND, Prepared(errcode=code))
    row = await _by_service(site, who, lambda row: row.state is State.SENT)
    assert row.attempts == 1
    assert site.answers(who) == [ANSWER]


@one_database
async def test_a_passing_fault_is_repeated_until_it_passes(site: Site) -> None:
    who = site.resident()
    site.wechat.prepared.next(SEND, Prepared(errcode=-1), 1)
    row = await _by_service(site, who, lambda row: row.state is State.SENT)
    assert 1 < row.attempts < GIVE_UP_AFTER
    assert site.answers(who) == [ANSWER]


async def _by_service(site: Site, who: str, wanted) -> Message:  # type: ignore[no-untyped-def]
    """A reply that has to leave by the customer-service interface, when it stands as wanted."""
    site.engine.mood, site.engine.slow_seconds = Mood.SLOW, 0.8
    site.door.channel.passive_seconds = 0.05
    await site.post(site.wechat.act(who, pushes.text("低保怎么申请")))
    async with asyncio.timeout(15):
        while True:
            ours = [row for row in await site.rows(who) if row.author is Author.BOT]
            if ours and wanted(ours[0]):
                return ours[0]
            await asyncio.sleep(0.03)


async def test_a_database_that_is_locked_refuses_the_push_and_takes_its_next_delivery(
    site: Site, database: Database
) -> None:
    """A-70: what is not stored is not acknowledged; WeChat brings it again, and nothing is lost or doubled."""
    who = site.resident()
    await site.wechat.say(who, "第一问")
    lock = await _locked(database)
    asking = asyncio.create_task(site.wechat.say(who, "第二问", deliveries=4))
    await asyncio.sleep(3.0)
    refused = [entry for entry in site.wechat.log if entry.what == "answer" and entry.about.get("why") == "HTTP 503"]
    await lock.release()
    delivered = await asking
    assert refused or delivered.answers[0] is None
    assert delivered.answers[-1] is not None
    async with asyncio.timeout(20):
        while "答：第二问" not in "".join(site.answers(who)):
            await asyncio.sleep(0.05)
    assert len(await site.inbound(who)) == 2
    assert sum(text.count("答：第二问") for text in site.answers(who)) == 1
    assert (await site.http.get(f"{site.door.ops}/ready")).status == 200


async def test_a_lock_in_the_middle_of_a_turn_does_not_cost_the_turn(site: Site, database: Database) -> None:
    who = site.resident()
    site.engine.mood, site.engine.slow_seconds = Mood.SLOW, 0.4
    asking = asyncio.create_task(site.wechat.say(who, "低保怎么申请"))
    async with asyncio.timeout(5):
        while not site.engine.asked:
            await asyncio.sleep(0.01)
    lock = await _locked(database)
    await asyncio.sleep(2.5)
    await lock.release()
    await asking
    assert await site.until_answered(who) == [ANSWER]
    assert set(site.engine.effects.values()) == {1}


class _SqliteLock:
    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, timeout=5, check_same_thread=False)
        self._connection.execute("BEGIN IMMEDIATE")

    async def release(self) -> None:
        self._connection.execute("ROLLBACK")
        self._connection.close()


class _PostgresLock:
    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def release(self) -> None:
        await self._connection.execute("ROLLBACK")
        await self._connection.close()


async def _locked(database: Database) -> _SqliteLock | _PostgresLock:
    """Somebody else holds every write."""
    if database.kind == "sqlite":
        return await asyncio.to_thread(_SqliteLock, str(database.path))
    connection = await asyncpg.connect(database.url)
    await connection.execute("BEGIN")
    await connection.execute("LOCK TABLE messages, conversations IN EXCLUSIVE MODE")
    return _PostgresLock(connection)
