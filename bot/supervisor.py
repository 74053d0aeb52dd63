"""One command starts everything: the processes of one machine, each restarted when it dies, all ended together."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_DRAIN_SECONDS = 20.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.5, 15.0
_HEALTHY_AFTER = 30.0
"""A process that lived this long and then died starts again at once; one that dies at once is given time."""


@dataclass(frozen=True, slots=True)
class Part:
    """One process: `python -m bot <command>`."""

    name: str
    command: Sequence[str]


class Supervisor:
    def __init__(self, parts: Sequence[Part], say: Callable[[str], None]) -> None:
        self._parts, self._say = parts, say
        self._running: dict[str, asyncio.subprocess.Process] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Keep every part alive until `stop`, then let each finish what it has begun."""
        keepers = [asyncio.create_task(self._keep(part, stop)) for part in self._parts]
        try:
            await stop.wait()
        finally:
            await self._end()
            await asyncio.gather(*keepers, return_exceptions=True)

    async def _keep(self, part: Part, stop: asyncio.Event) -> None:
        pause = _FIRST_PAUSE
        while not stop.is_set():
            began = time.monotonic()
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", *part.command, env=os.environ.copy()
            )
            self._running[part.name] = process
            if stop.is_set():
                process.send_signal(signal.SIGTERM)  # told to stop while it was being born
            code = await process.wait()
            if stop.is_set():
                return
            pause = _FIRST_PAUSE if time.monotonic() - began > _HEALTHY_AFTER else min(pause * 2, _LONGEST_PAUSE)
            self._say(f"{part.name} ended with code {code}; it is started again in {pause:.0f} s")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)

    async def _end(self) -> None:
        for process in self._running.values():
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
        waiting = [asyncio.create_task(process.wait()) for process in self._running.values()]
        if waiting:
            _, late = await asyncio.wait(waiting, timeout=_DRAIN_SECONDS)
            for process in self._running.values():
                if late and process.returncode is None:
                    process.kill()


async def stop_signal() -> asyncio.Event:
    """Set by SIGTERM and SIGINT."""
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    return stop
