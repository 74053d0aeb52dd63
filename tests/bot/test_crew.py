"""Several processes of the engine live and die together, and share a port with nobody else."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.crew import check_port
from bot.errors import BadInput

SECONDS = 30.0
CREW = """
import asyncio, os, signal, sys
from bot.crew import divide

async def main(crew):
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    with crew.watching(stop):
        os.write(1, f"{'first' if crew.first else 'other'} {os.getpid()}\\n".encode())  # in one piece: three write
        await stop.wait()

crew = divide(3)
asyncio.run(main(crew))
if not crew.first:
    crew.leave(0)
print("after", flush=True)
sys.exit(int(crew.lost))
"""


@pytest.fixture
def crew() -> tuple[subprocess.Popen[str], list[int]]:
    """The first process, and the numbers of the two others."""
    house = Path(__file__).parents[2]
    first = subprocess.Popen([sys.executable, "-c", CREW], cwd=house, stdout=subprocess.PIPE, text=True)
    assert first.stdout is not None
    told = [first.stdout.readline().split() for _ in range(3)]
    assert sorted(name for name, _ in told) == ["first", "other", "other"]
    return first, [int(number) for name, number in told if name == "other"]


def test_all_end_when_the_first_is_told_to(crew: tuple[subprocess.Popen[str], list[int]]) -> None:
    first, others = crew
    first.send_signal(signal.SIGTERM)
    out, _ = first.communicate(timeout=SECONDS)
    assert (out, first.returncode) == ("after\n", 0)
    assert not any(map(lives, others))


def test_all_end_when_one_is_lost(crew: tuple[subprocess.Popen[str], list[int]]) -> None:
    first, others = crew
    os.kill(others[0], signal.SIGKILL)
    first.communicate(timeout=SECONDS)
    assert first.returncode == 1
    assert not any(map(lives, others))


def test_none_outlives_the_first(crew: tuple[subprocess.Popen[str], list[int]]) -> None:
    first, others = crew
    first.kill()
    first.communicate(timeout=SECONDS)
    assert before_long(lambda: not any(map(lives, others)))


def test_a_port_somebody_listens_on_is_refused() -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BadInput, match=f"port {port} .* is taken"):
            check_port(port)
    check_port(port)


def lives(process: int) -> bool:
    """Whether it runs; one that ended and was not yet collected does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def before_long(true: Callable[[], bool]) -> bool:
    until = time.monotonic() + SECONDS
    while not true() and time.monotonic() < until:
        time.sleep(0.02)
    return true()
