"""Wake-ups inside one process. Losing one costs half a second, never a message: the database is asked anyway."""

from __future__ import annotations

import asyncio
import contextlib


class Doorbell:
    """`ring` says there may be work; `answered` says that the replies to one message are on paper."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()
        self._waiting: dict[str, asyncio.Event] = {}

    def ring(self) -> None:
        """Everyone asleep wakes once; who comes later sleeps again."""
        self._rung.set()
        self._rung = asyncio.Event()

    async def wait(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._rung.wait(), seconds)

    def answered(self, inbound: str) -> None:
        if inbound in self._waiting:
            self._waiting[inbound].set()

    async def wait_answered(self, inbound: str, seconds: float) -> None:
        event = self._waiting.setdefault(inbound, asyncio.Event())
        try:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(event.wait(), seconds)
        finally:
            self._waiting.pop(inbound, None)
