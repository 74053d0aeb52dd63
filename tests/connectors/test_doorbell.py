"""Wake-ups: everyone asleep wakes at once, and a bell nobody hears costs a moment, never a message."""

from __future__ import annotations

import asyncio
import time

from connectors.doorbell import Doorbell


async def test_one_ring_wakes_all_who_sleep() -> None:
    bell = Doorbell()
    sleepers = [asyncio.create_task(bell.wait(5)) for _ in range(5)]
    await asyncio.sleep(0)
    bell.ring()
    await asyncio.wait_for(asyncio.gather(*sleepers), 1)


async def test_who_comes_after_the_ring_sleeps_until_the_next() -> None:
    bell = Doorbell()
    bell.ring()
    began = time.monotonic()
    await bell.wait(0.1)
    assert time.monotonic() - began >= 0.09


async def test_the_one_who_waits_for_an_answer_hears_of_it_alone() -> None:
    bell = Doorbell()
    mine, other = asyncio.create_task(bell.wait_answered("a", 5)), asyncio.create_task(bell.wait_answered("b", 5))
    await asyncio.sleep(0)
    bell.answered("a")
    await asyncio.wait_for(mine, 1)
    assert not other.done()
    other.cancel()


async def test_nobody_waits_is_no_fault_and_nothing_is_kept() -> None:
    bell = Doorbell()
    bell.answered("nobody")
    await bell.wait_answered("late", 0.01)
    assert bell._waiting == {}
