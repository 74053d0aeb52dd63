"""The log of what travelled between platform and account, and the listeners that watch it live."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.clock import Clock


@dataclass(frozen=True, slots=True)
class Travelled:
    """One thing that went over the line. `bare` and `plain` are the bytes and what they say; shown only when opened."""

    number: int
    at: datetime
    openid: str
    what: str
    """push, answer, call, notice"""
    title: str
    good: bool = True
    milliseconds: float | None = None
    about: dict[str, Any] = field(default_factory=dict)
    bare: str = ""
    plain: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "at": self.at.isoformat(),
            "openid": self.openid,
            "what": self.what,
            "title": self.title,
            "good": self.good,
            "ms": self.milliseconds,
            "about": self.about,
            "bare": self.bare[:8000],
            "plain": self.plain[:8000],
        }


class Travel:
    """Remembers the newest entries and tells everyone who watches. Nothing of it is written to disk."""

    def __init__(self, clock: Clock, size: int) -> None:
        self._clock = clock
        self.entries: deque[Travelled] = deque(maxlen=size)
        self._count = 0
        self._watchers: set[asyncio.Queue[dict[str, Any] | None]] = set()

    def note(self, openid: str, what: str, title: str, **more: Any) -> Travelled:
        self._count += 1
        entry = Travelled(self._count, self._clock.now(), openid, what, title, **more)
        self.entries.append(entry)
        if self._watchers:
            self.tell("travelled", openid, entry.as_json())
        return entry

    def tell(self, kind: str, openid: str, data: Any) -> None:
        """Tell the watchers; one that no longer reads is dropped, and its page loads afresh when it comes back."""
        for queue in tuple(self._watchers):
            if queue.full():
                self._watchers.discard(queue)
                queue.get_nowait()
                queue.put_nowait(None)
            else:
                queue.put_nowait({"kind": kind, "openid": openid, "data": data})

    @contextmanager
    def watching(self) -> Iterator[asyncio.Queue[dict[str, Any] | None]]:
        """A queue of what happens from now on; None: the end."""
        queue: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue(maxsize=500)
        self._watchers.add(queue)
        try:
            yield queue
        finally:
            self._watchers.discard(queue)

    def end(self) -> None:
        """Send everyone home, so that a server can stop."""
        for queue in tuple(self._watchers):
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(None)
        self._watchers.clear()

    def of(self, openid: str) -> list[Travelled]:
        return [entry for entry in self.entries if entry.openid in (openid, "")]
