"""One command keeps the processes of a machine alive, and ends them together. The processes here are real and small."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot import supervisor
from bot.supervisor import Part, Supervisor

# Stands for the product: `python -m bot NAME` in a folder of its own. Each start leaves a line in NAME.log.
PROGRAM = """
import os, pathlib, signal, sys, time
name, how = sys.argv[1], sys.argv[2]
log = pathlib.Path(name + ".log")
def note(word):
    with log.open("a") as file:
        file.write(f"{word} {os.getpid()}\\n")
def polite(*_):
    note("ended")
    sys.exit(0)
signal.signal(signal.SIGTERM, signal.SIG_IGN if how == "stubborn" else polite)
note("began")
if how == "falls":
    sys.exit(3)
time.sleep(60)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTHONPATH", raising=False)
    monkeypatch.setattr(supervisor, "_FIRST_PAUSE", 0.05)
    return tmp_path


def noted(folder: Path, name: str, word: str) -> list[int]:
    log = folder / f"{name}.log"
    lines = log.read_text().split("\n") if log.exists() else []
    return [int(line.split()[1]) for line in lines if line.startswith(word)]


async def until(condition, seconds: float = 10.0) -> None:  # type: ignore[no-untyped-def]
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.02)


@asynccontextmanager
async def running(*parts: Part) -> AsyncIterator[list[str]]:
    said: list[str] = []
    stop = asyncio.Event()
    task = asyncio.create_task(Supervisor(parts, said.append).run(stop))
    try:
        yield said
    finally:
        stop.set()
        await asyncio.wait_for(task, 20)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_all_parts_run_and_all_end_together(folder: Path) -> None:
    async with running(Part("one", ["one", "stays"]), Part("two", ["two", "stays"])):
        await until(lambda: noted(folder, "one", "began") and noted(folder, "two", "began"))
    for name in ("one", "two"):
        assert noted(folder, name, "ended") == noted(folder, name, "began")
        assert not alive(noted(folder, name, "began")[0])


async def test_a_part_that_was_killed_starts_again_and_the_other_is_left_alone(folder: Path) -> None:
    async with running(Part("one", ["one", "stays"]), Part("two", ["two", "stays"])) as said:
        await until(lambda: noted(folder, "one", "began") and noted(folder, "two", "began"))
        os.kill(noted(folder, "one", "began")[0], 9)
        await until(lambda: len(noted(folder, "one", "began")) == 2)
    assert said == ["one ended with code -9; it is started again in 0 s"]
    assert len(noted(folder, "two", "began")) == 1


async def test_what_falls_at_once_is_given_more_and_more_time(folder: Path) -> None:
    began = time.monotonic()
    async with running(Part("one", ["one", "falls"])) as said:
        await until(lambda: len(noted(folder, "one", "began")) == 4)
    assert time.monotonic() - began > 0.1 + 0.2 + 0.4
    assert all(line.startswith("one ended with code 3") for line in said)


async def test_the_pause_has_a_bound(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(supervisor, "_LONGEST_PAUSE", 0.1)
    async with running(Part("one", ["one", "falls"])):
        await until(lambda: len(noted(folder, "one", "began")) == 5, 15)


async def test_who_does_not_listen_is_ended_all_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "_DRAIN_SECONDS", 0.5)
    async with running(Part("one", ["one", "stubborn"]), Part("two", ["two", "stays"])):
        await until(lambda: noted(folder, "one", "began") and noted(folder, "two", "began"))
    assert not alive(noted(folder, "one", "began")[0])
    assert noted(folder, "two", "ended"), "the polite one was not killed"


async def test_told_to_stop_while_a_part_is_being_born(folder: Path) -> None:
    """Otherwise the newborn would be waited for, for ever."""
    for delay in (0.0, 0.001, 0.01):
        stop = asyncio.Event()
        task = asyncio.create_task(Supervisor([Part("one", ["one", "stays"])], lambda line: None).run(stop))
        await asyncio.sleep(delay)
        stop.set()
        await asyncio.wait_for(task, 15)
    assert not any(map(alive, noted(folder, "one", "began")))
