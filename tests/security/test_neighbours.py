"""Nobody waits for somebody else's text: T-12, measured, and what it stands on, counted."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.desk.intake import take_in
from bot.desk.turns import TurnWorker
from bot.language import distress
from tests.security.conftest import House, inbound

STORY = "我家的情况说来话长，我爸又病了，家里没有钱，低保怎么申请？"
QUESTIONS = ("低保怎么申请", "要带什么材料", "临时救助是什么", "低保金每个月怎么发", "谢谢", "申请低保要符合什么条件")
HOSTILE = tuple(
    (unit * 100_000)[:100_000]
    for unit in (STORY, "朝阳", "死了", "一十", "〔", "ﷺ", "1 ", "😭", "请问那个，", "\u200b/")
)
ROUNDS = 80


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_taking_in_a_book_lets_others_in_between(house: House) -> None:
    """The gateway's loop is never held for long: what takes time is cut into stretches."""
    for text in HOSTILE:
        held, done = 0.0, asyncio.Event()

        async def watch(done: asyncio.Event = done) -> float:
            longest, last = 0.0, time.process_time()
            while not done.is_set():
                await asyncio.sleep(0)
                longest, last = max(longest, time.process_time() - last), time.process_time()
            return longest

        watching = asyncio.create_task(watch())
        await asyncio.sleep(0)
        await take_in(house.desk, inbound(text, sender=f"o-{text[:2]}"))
        done.set()
        held = await watching
        assert held < 0.15, f"{text[:4]!r}… held everybody for {held * 1000:.0f} ms"


def test_a_stretch_is_short_whatever_stands_in_it() -> None:
    for text in HOSTILE:
        for piece in distress.pieces(text):
            assert len(piece) <= distress._PIECE


@pytest.mark.proof
@pytest.mark.alone
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_others_wait_at_most_50_ms_longer(house: House) -> None:
    """T-12: the p95 of others, alone and beside one person who sends hostile texts of 100,000 characters.

    Intake, engine and database share one process here, so it is harsher than the service. Counted is the time this
    process worked while somebody waited, for whomever it was: what a wait lasts on a machine that does nothing else.
    """
    distress.sharpening().join()  # what the first long text of a process begins
    alone, beside = [], []
    async with _service(house) as answered:
        await _p95(house, answered, "warm", 6)
        for n in range(3):
            alone.append(await _p95(house, answered, f"alone{n}", ROUNDS))
            stop = asyncio.Event()
            hostile = asyncio.create_task(_hostile(house, f"o-hostile-{n}", stop))
            beside.append(await _p95(house, answered, f"beside{n}", ROUNDS))
            stop.set()
            assert await hostile >= 4
    print(f"\nT-12: p95 of others {min(alone) * 1000:.0f} ms alone, {min(beside) * 1000:.0f} ms beside hostile texts")
    assert min(beside) - min(alone) <= 0.050


@asynccontextmanager
async def _service(house: House) -> AsyncIterator[dict[str, asyncio.Event]]:
    """Four workers, as the gateway has them; they tell whose message is answered."""
    answered: dict[str, asyncio.Event] = defaultdict(asyncio.Event)

    async def work(name: str) -> None:
        worker = TurnWorker(house.desk, house.engine, name, told=lambda message: answered[message].set())
        while True:
            if not await worker.work_once():
                await asyncio.sleep(0.005)

    workers = [asyncio.create_task(work(f"w{n}")) for n in range(4)]
    try:
        yield answered
    finally:
        for task in workers:
            task.cancel()
        await asyncio.gather(*workers, return_exceptions=True)


async def _p95(house: House, answered: dict[str, asyncio.Event], name: str, rounds: int) -> float:
    """One after the other, each by somebody new."""
    took = []
    for n in range(rounds):
        began = time.process_time()
        message = await house.take(QUESTIONS[n % len(QUESTIONS)], sender=f"o-{name}-{n}")
        await answered[message.id].wait()
        took.append(time.process_time() - began)
        await asyncio.sleep(0.05)
    return sorted(took)[int(len(took) * 0.95)]


async def _hostile(house: House, sender: str, stop: asyncio.Event) -> int:
    """One a second, three times as many as the desk answers one person in the long run."""
    sent = 0
    while not stop.is_set():
        await take_in(house.desk, inbound(HOSTILE[sent % len(HOSTILE)], sender=sender))
        sent += 1
        await asyncio.sleep(1.0)
    return sent
