"""Wake-ups: a ring wakes one, and a bell nobody hears costs a moment, never a message."""

from __future__ import annotations

import asyncio
import time

from connectors.doorbell import Bell, Doorbell


async def test_one_ring_wakes_the_one_who_sleeps_longest() -> None:
    bell = Bell()
    first, second = asyncio.create_task(bell.wait(5)), asyncio.create_task(bell.wait(5))
    await asyncio.sleep(0)
    bell.ring()
    assert await asyncio.wait_for(first, 1)
    assert not second.done()
    bell.ring()
    assert await asyncio.wait_for(second, 1)


async def test_everyone_wakes_when_it_is_time_to_go() -> None:
    bell = Bell()
    sleepers = [asyncio.create_task(bell.wait(5)) for _ in range(20)]
    await asyncio.sleep(0)
    bell.ring_all()
    await asyncio.wait_for(asyncio.gather(*sleepers), 1)


async def test_a_ring_nobody_heard_keeps_the_next_one_awake() -> None:
    bell = Bell()
    bell.ring()
    assert await bell.wait(5)
    began = time.monotonic()
    assert not await bell.wait(0.1)
    assert time.monotonic() - began >= 0.09


async def test_who_gave_up_waiting_takes_no_ring_from_others() -> None:
    bell = Bell()
    assert not await bell.wait(0.01)
    patient, cancelled = asyncio.create_task(bell.wait(5)), asyncio.create_task(bell.wait(5))
    await asyncio.sleep(0)
    cancelled.cancel()
    await asyncio.gather(cancelled, return_exceptions=True)
    bell.ring()
    assert await asyncio.wait_for(patient, 1)


async def test_rings_do_not_pile_up() -> None:
    """After a rush the workers do not look at an empty table for every message of it."""
    bell = Bell()
    for _ in range(1000):
        bell.ring()
    heard = 0
    while await bell.wait(0.01):
        heard += 1
    assert heard < 10


async def test_the_one_who_waits_for_an_answer_hears_of_it_alone() -> None:
    bell = Doorbell()
    mine, other = asyncio.create_task(bell.wait_answered("a", 5)), asyncio.create_task(bell.wait_answered("b", 5))
    await asyncio.sleep(0)
    bell.answered("a")
    await asyncio.wait_for(mine, 1)
    assert not other.done()
    other.cancel()


async def test_an_answer_nobody_waits_for_is_mail() -> None:
    bell = Doorbell()
    bell.answered("nobody")
    assert await bell.mail.wait(5)
    await bell.wait_answered("late", 0.01)
    assert bell._waiting == {}
