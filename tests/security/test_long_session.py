"""The three-hundredth turn of a conversation costs what the first did (T-13)."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from bot.conversations import Conversation
from bot.desk.outbox import deliver_once
from bot.desk.ports import Message, Store
from bot.desk.turns import TurnWorker
from tests.security.conftest import House, Loaded

TALK = (
    "申请低保要符合什么条件",
    "那要带什么材料",
    "我在武汉市洪山区",
    "低保金每个月怎么发",
    "谢谢",
    "临时救助是什么",
    "再说一遍",
)
ROUND = len(TALK)


class Counting:
    """A store that counts what each turn asks of it: calls, rows that came back, and their bytes."""

    def __init__(self, inner: Store) -> None:
        self._inner = inner
        self.calls = self.rows = self.bytes = 0

    def taken(self) -> tuple[int, int, int]:
        """Since the last time."""
        took, self.calls, self.rows, self.bytes = (self.calls, self.rows, self.bytes), 0, 0, 0
        return took

    def reading(self) -> Any:
        return self._counted(self._inner.reading())

    def writing(self) -> Any:
        return self._counted(self._inner.writing())

    async def close(self) -> None: ...

    @asynccontextmanager
    async def _counted(self, opened: Any) -> AsyncIterator[Any]:
        async with opened as work:
            yield _Counted(self, work)


class _Counted:
    def __init__(self, store: Counting, inner: Any) -> None:
        self._store, self._inner = store, inner

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        return found if name == "commit" else _Repository(self._store, found)


class _Repository:
    def __init__(self, store: Counting, inner: Any) -> None:
        self._store, self._inner = store, inner

    def __getattr__(self, name: str) -> Any:
        async def called(*args: Any, **more: Any) -> Any:
            got = await getattr(self._inner, name)(*args, **more)
            self._store.calls += 1
            if isinstance(got, list | tuple):
                self._store.rows += len(got)
                self._store.bytes += sum(len(json.dumps(one, default=str)) for one in got)
            return got

        return called


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_turn_reads_the_same_amount_however_long_the_talk_is(house: House, loaded: Loaded) -> None:
    """Calls and rows exactly, bytes nearly: the last of ten rounds beside the third, when all windows are full."""
    store = Counting(house.store)
    loaded.standing.store = store
    counted = replace(house, desk=replace(house.desk, store=store))
    took: list[list[tuple[int, int, int]]] = []
    for _ in range(10):
        took.append([await _counted_turn(counted, store, text) for text in TALK])
    early, late = took[5], took[-1]
    assert [turn[:2] for turn in late] == [turn[:2] for turn in early]
    assert sum(turn[2] for turn in late) <= 1.1 * sum(turn[2] for turn in early)


class Delivered:
    async def send(self, conversation: Conversation, message: Message) -> str:
        return ""


async def _counted_turn(house: House, store: Counting, text: str) -> tuple[int, int, int]:
    await house.take(text)
    await house.work()
    took = store.taken()
    while await deliver_once(house.desk, {"wechat": Delivered()}):
        pass
    store.taken()
    house.clock.advance(seconds=5)
    return took


@pytest.mark.proof
@pytest.mark.alone
async def test_three_hundred_turns(house: House) -> None:
    """T-13: p95 of the last ten at most twice that of the first ten, in this process's own time."""
    took = []
    for n in range(301):
        text = TALK[n % 5]
        await house.take(text)
        began = time.process_time()
        worker = TurnWorker(house.desk, house.engine, "w")
        await worker.work_once()
        took.append(time.process_time() - began)
        house.clock.advance(seconds=5)
    first, last = sorted(took[1:11])[9], sorted(took[-10:])[9]
    print(f"\nT-13: p95 of turns 2–11 {first * 1000:.0f} ms, of turns 292–301 {last * 1000:.0f} ms of CPU time")
    assert last <= 2 * first
