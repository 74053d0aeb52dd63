"""Several processes of the engine behind one port: a turn is mostly computing, and a Python process computes on one core.

The first one opens what all of them need and forks, so that it lies in memory once. A conversation is leased to one turn
worker of a gateway, which asks for one turn at a time, and the tracker store refuses a turn that was saved already: so it
does not matter which process answers, and they share nothing but the database. They live and die together: whoever watches
over the first one watches over all.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn

from bot.errors import PortTaken

_log = logging.getLogger(__name__)


def check_port(port: int, host: str = "127.0.0.1") -> None:
    """Processes that share a port would share it with strangers too: so nobody may be there before them."""
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((host, port))
        except OSError as error:
            raise PortTaken(port, host) from error


@dataclass
class Crew:
    """The processes as one of them sees them."""

    first: bool
    others: list[int]
    """What the first one forked; empty for those."""
    life: int
    """A pipe that only the first one can write to: it reads as ended when that one is gone."""
    lost: bool = False

    @contextlib.contextmanager
    def watching(self, stop: asyncio.Event) -> Iterator[None]:
        """In a running loop: the first one ends when it loses another, and ends the others when it was told to; the others
        do not outlive it, because its port must be free for the next one."""
        loop = asyncio.get_running_loop()
        if not self.first:
            loop.add_reader(self.life, os._exit, 1)
            yield
            return
        ends = [(os.pidfd_open(other), other) for other in self.others]
        for end, other in ends:
            loop.add_reader(end, self._bury, end, other, stop)
        telling = loop.create_task(self._tell(stop))
        try:
            yield
        finally:
            telling.cancel()
            for end, _ in ends:
                loop.remove_reader(end)
                os.close(end)
            self._end()

    def leave(self, code: int) -> NoReturn:
        """Ends a process that was forked: what the first one registered to happen at its end is not its to do."""
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)

    async def _tell(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._signal()

    def _bury(self, end: int, other: int, stop: asyncio.Event) -> None:
        asyncio.get_running_loop().remove_reader(end)
        os.waitpid(other, 0)
        self.others.remove(other)
        if not stop.is_set():
            _log.error("a process of the engine ended by itself; the others end with it, to be started anew")
            self.lost = True
            stop.set()

    def _signal(self) -> None:
        for other in self.others:
            os.kill(other, signal.SIGTERM)

    def _end(self) -> None:
        self._signal()
        for other in self.others:
            os.waitpid(other, 0)
        self.others.clear()


def divide(count: int) -> Crew:
    """Fork until there are `count`; returns in each of them. No thread may run yet."""
    life, _held_open = os.pipe()
    others: list[int] = []
    sys.stdout.flush()
    sys.stderr.flush()
    for _ in range(count - 1):
        other = os.fork()
        if not other:
            os.close(_held_open)
            return Crew(False, [], life)
        others.append(other)
    return Crew(True, others, life)
