"""The database fails before, during and after a turn, at every single call: nothing is lost, doubled or shifted (A-70, T-09).

The same talk is held once undisturbed and then once for every call the store gets, with that call failing, or with all
calls failing from there on for a while. Afterwards both talks must read the same.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from bot.conversations import Holder
from bot.desk import turns
from bot.desk.desk import Desk
from bot.desk.intake import take_in
from bot.desk.ports import Engine, Store
from bot.desk.turns import TurnWorker
from bot.errors import TryAgain
from bot.messages import Author, Inbound, State
from tests.security.conftest import House, Loaded, inbound

TALK = (
    "我在武汉市洪山区",
    "申请低保要符合什么条件",
    "那要带什么材料",
    "低保金每个月怎么发",
    "别让机器人说了，让人来跟我说",
)
ROUNDS = 30
"""Times a worker looks for work before we say that a message stays unanswered."""


class Faulty:
    """A store that fails on call number `at`, or on it and the `length - 1` after it. A commit has two numbers: before
    it is done, and after it, when only its confirmation is lost."""

    def __init__(self, inner: Store) -> None:
        self._inner = inner
        self.calls, self.at, self.length = 0, -1, 1
        self.failed: list[str] = []

    def fail(self, at: int, length: int = 1) -> None:
        self.calls, self.at, self.length, self.failed = 0, at, length, []

    def heal(self) -> None:
        self.at = -1

    def point(self, name: str) -> None:
        self.calls += 1
        if 0 <= self.at < self.calls <= self.at + self.length:
            self.failed.append(name)
            raise TryAgain(f"the database is away (call {self.calls}: {name})", after=0.1)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Any]:
        self.point("read")
        async with self._inner.reading() as work:
            yield _Work(self, work)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Any]:
        self.point("write")
        async with self._inner.writing() as work:
            yield _Work(self, work)

    async def close(self) -> None: ...


class _Work:
    def __init__(self, store: Faulty, inner: Any) -> None:
        self._store, self._inner = store, inner

    def __getattr__(self, name: str) -> Any:
        return _Rows(self._store, name, getattr(self._inner, name))

    async def commit(self) -> None:
        self._store.point("before the commit")
        await self._inner.commit()
        self._store.point("after the commit")


class _Rows:
    def __init__(self, store: Faulty, name: str, inner: Any) -> None:
        self._store, self._name, self._inner = store, name, inner

    def __getattr__(self, name: str) -> Any:
        async def called(*args: Any, **more: Any) -> Any:
            self._store.point(f"{self._name}.{name}")
            return await getattr(self._inner, name)(*args, **more)

        return called


@dataclass(frozen=True)
class Talk:
    """How a talk reads when it is over."""

    said: Sequence[tuple[str, str]]
    turns: Sequence[str]
    slots: Any
    held: Sequence[str]
    region: str


@dataclass
class Site:
    house: House
    store: Faulty
    desk: Desk
    engine: Engine

    async def deliver(self, message: Inbound) -> None:
        """As WeChat does: once more while nobody acknowledges."""
        for _ in range(ROUNDS):
            try:
                await take_in(self.desk, message)
                return
            except TryAgain:
                self.house.clock.advance(seconds=5)
        raise AssertionError("the message was never acknowledged")

    async def answer(self) -> None:
        """As the gateway's loops do, with two workers."""
        workers = [TurnWorker(self.desk, self.engine, f"w{n}") for n in range(2)]
        idle = 0
        for n in range(ROUNDS):
            try:
                idle = 0 if await workers[n % 2].work_once() else idle + 1
            except TryAgain:
                idle = 0
            self.house.clock.advance(seconds=16)
            if idle == 2:
                return

    async def talk(self, sender: str, at: int = -1, length: int = 1, together: bool = False) -> Talk:
        """The whole talk, its third message disturbed, or all from the third on sent `together`."""
        messages = [inbound(text, sender, message_id=f"{sender}-{n}") for n, text in enumerate(TALK)]
        for n, message in enumerate(messages):
            if n == 2:
                self.store.fail(at, length)
            await self.deliver(message)
            if n < 2 or not together or n == len(messages) - 1:
                await self.answer()
                self.store.heal()
                await self.answer()
        return await self.read(sender)

    async def read(self, sender: str) -> Talk:
        async with self.house.store.reading() as work:
            found = await work.conversations.by_sender("wechat", "gh_1", sender)
            assert found is not None
            held = [
                f"{move['from']}>{move['to']} {move['reason']}" for move in await work.conversations.moves(found.id)
            ]
        rows = await self.house.transcript(found.id)
        inbounds = [row for row in rows if row.author is Author.RESIDENT]
        assert {row.state for row in inbounds} == {State.HANDLED}, f"{[row.state for row in inbounds]}"
        by_id = {row.id: row.text for row in inbounds}
        said = [(by_id[row.reply_to], row.text) for row in rows if row.author is not Author.RESIDENT]
        turned = [
            event["text"]
            for payload in await self.house.turns(found.id)
            for event in payload["events"]
            if event["event"] == "user"
        ]
        slots = await self.house.slots(found.id)
        # Out of the queue again, or the next one would stand behind it and be told so.
        async with self.house.store.writing() as work:
            await work.conversations.move(found.id, Holder.BOT, "test", "", self.house.clock.now())
            await work.commit()
        return Talk(sorted(said), turned, slots, held, found.region)


@pytest.fixture
async def site(house: House, loaded: Loaded, monkeypatch: pytest.MonkeyPatch) -> Site:
    """Desk and engine on one faulty store; pauses that only wait are left out."""
    monkeypatch.setattr(turns, "_WRITE_PAUSES", (0.0,) * 3)
    store = Faulty(house.store)
    loaded.standing.store = store
    return Site(house, store, replace(house.desk, store=store), house.engine)


async def _through(site: Site, first: int, step: int, length: int, together: bool) -> int:
    expected = await site.talk("o-undisturbed", together=together)
    assert list(expected.turns) == list(TALK)
    assert expected.held == ["bot>queued asked"]
    assert (expected.slots["programme"], expected.slots["place"]) == ("dibao", "420111")
    at, disturbed = first, 0
    while True:
        sender = f"o-{at}-{length}-{together}"
        read = await site.talk(sender, at, length, together)
        assert read == expected, f"disturbed at call {at}: {site.store.failed}"
        if not site.store.failed:
            return disturbed
        at, disturbed = at + step, disturbed + 1


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_one_call_fails(site: Site) -> None:
    assert await _through(site, 0, 2, 1, False) >= 15


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_call_fails_while_the_next_message_waits_already(site: Site) -> None:
    assert await _through(site, 0, 3, 1, True) >= 10


async def test_the_database_stays_away_for_a_while(site: Site) -> None:
    """Twelve calls in a row: more than a turn is willing to wait."""
    assert await _through(site, 3, 7, 12, False) >= 3


@pytest.mark.proof
@pytest.mark.parametrize("length", [1, 2, 5, 20])
@pytest.mark.parametrize("together", [False, True])
async def test_every_call_on_every_database(site: Site, length: int, together: bool) -> None:
    assert await _through(site, 0, 1, length, together) >= 20


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_locked_database_is_waited_for_and_forgets_nothing(house: House) -> None:
    """The real thing: another program holds the file for longer than we wait."""
    await house.say("申请低保要符合什么条件")
    taken = await house.take("那要带什么材料")
    other = sqlite3.connect(house.database.path, isolation_level=None)

    class Locking:
        """The lock comes while the engine works: its answer cannot be written down."""

        async def turn(self, turn: Any) -> Any:
            other.execute("BEGIN EXCLUSIVE")
            try:
                return await house.engine.turn(turn)
            finally:
                other.execute("COMMIT")

    await house.work(Locking())
    assert (await house.said(taken.id)).message.state is State.RECEIVED
    house.clock.advance(seconds=30)
    await house.work()
    said = await house.said(taken.id)
    other.close()
    assert [reply.about["entry"] for reply in said.replies] == ["dibao-materials"]
    turned = await house.turns(said.conversation.id)
    assert len(turned) == 2
    assert "申请低保要符合什么条件" in json.dumps(turned[0], ensure_ascii=False)
