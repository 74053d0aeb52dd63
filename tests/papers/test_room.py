"""The process that decodes strangers' photos: what it may not do, and that nothing it suffers reaches anybody else."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from bot.errors import BadInput, TryAgain
from bot.papers import room as room_module
from bot.papers.card import Read
from bot.papers.room import PictureRoom
from tests.papers.drawn import identity_card, photographed
from tests.papers.persons import a_number
from tests.papers.test_picture import HOSTILE, drawn, saved

TODAY = date(2026, 11, 25)
WANG = Read("王桂英", a_number("420106", date(1950, 1, 1), 122))


@pytest.fixture
async def room() -> AsyncIterator[PictureRoom]:
    made = PictureRoom()
    yield made
    await made.close()


def process_of(room: PictureRoom) -> asyncio.subprocess.Process:
    assert room._process is not None
    return room._process


async def test_photos_are_settled_one_after_the_other_by_one_process(room: PictureRoom) -> None:
    kept = await asyncio.gather(*(room.settle(saved(drawn(400 + n, 300))) for n in range(6)))
    assert [one.width for one in kept] == [400, 401, 402, 403, 404, 405]
    first = process_of(room).pid
    await room.settle(saved(drawn()))
    assert process_of(room).pid == first


@pytest.mark.parametrize("name", ["svg", "30000x30000", "text bomb", "cut"])
async def test_what_is_refused_leaves_the_process_as_it_was(room: PictureRoom, name: str) -> None:
    await room.settle(saved(drawn()))
    before = process_of(room).pid
    with pytest.raises(BadInput, match="picture"):
        await room.settle(HOSTILE[name])
    assert (await room.settle(saved(drawn()))).width == 800
    assert process_of(room).pid == before


async def test_it_holds_no_secret_and_may_write_nothing(room: PictureRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIUZHUTONG_WECHAT_SECRET", "CANARY-SECRET")
    await room.settle(saved(drawn()))
    inside = Path(f"/proc/{process_of(room).pid}")
    assert b"JIUZHUTONG" not in (inside / "environ").read_bytes()
    limits = (inside / "limits").read_text()
    assert next(line.split()[3] for line in limits.splitlines() if line.startswith("Max file size")) == "0"
    assert next(line.split()[4] for line in limits.splitlines() if line.startswith("Max core file size")) == "0"
    assert not [
        os.readlink(one)
        for one in (inside / "fd").iterdir()
        if os.readlink(one).startswith("/") and "null" not in os.readlink(one)
    ]


async def test_a_process_that_died_is_made_anew(room: PictureRoom) -> None:
    await room.settle(saved(drawn()))
    process_of(room).kill()
    with pytest.raises(TryAgain):
        await room.settle(saved(drawn()))
    assert (await room.settle(saved(drawn()))).width == 800


async def test_a_process_that_hangs_is_ended(room: PictureRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    await room.settle(saved(drawn()))
    hanging = process_of(room)
    os.kill(hanging.pid, 19)  # SIGSTOP: it lives, and does nothing
    monkeypatch.setattr(room_module, "SETTLE_SECONDS", 0.2)
    with pytest.raises(TryAgain):
        await room.settle(saved(drawn()))
    assert hanging.returncode is not None
    monkeypatch.setattr(room_module, "SETTLE_SECONDS", 6.0)
    assert (await room.settle(saved(drawn()))).width == 800


async def test_a_turn_that_is_given_up_leaves_no_half_answer_for_the_next(room: PictureRoom) -> None:
    await room.settle(saved(drawn()))
    with pytest.raises(asyncio.CancelledError):
        task = asyncio.create_task(room.settle(saved(drawn(1600, 1200))))
        await asyncio.sleep(0.01)
        task.cancel()
        await task
    assert (await room.settle(saved(drawn(640, 480)))).width == 640


async def test_it_ends_with_whoever_started_it(room: PictureRoom) -> None:
    await room.settle(saved(drawn()))
    process = process_of(room)
    assert process.stdin is not None
    process.stdin.close()
    assert await asyncio.wait_for(process.wait(), 5) == 0


async def test_a_card_is_read_and_a_wait_that_is_too_long_is_left(
    room: PictureRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room_module, "FIRST_SECONDS", 60.0)
    kept = await room.settle(photographed(identity_card(WANG.name, WANG.identity)))
    assert await room.read(kept.content, TODAY) == (WANG,)
    monkeypatch.setattr(room_module, "PATIENCE", 0.01)
    async with room._turn:
        assert await room.read(kept.content, TODAY) == ()
    # Late: nobody is proposed, and the next photo is met by a new process.
    monkeypatch.setattr(room_module, "PATIENCE", 5.0)
    monkeypatch.setattr(room_module, "READ_SECONDS", 0.01)
    assert await room.read(kept.content, TODAY) == ()
    assert (await room.settle(saved(drawn()))).width == 800
