"""Wake-ups inside one process. Losing one costs half a second, never a message: the database is asked anyway."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque

_REMEMBERED = 8


class Bell:
    """One ring wakes one sleeper: if all of them woke for every message, all but one would ask the database in vain."""

    def __init__(self) -> None:
        self._sleepers: deque[asyncio.Future[None]] = deque()
        self._unheard = 0

    def ring(self) -> None:
        """Whoever sleeps longest wakes; if nobody sleeps, the next one does not fall asleep."""
        while self._sleepers:
            sleeper = self._sleepers.popleft()
            if not sleeper.done():
                sleeper.set_result(None)
                return
        self._unheard = min(self._unheard + 1, _REMEMBERED)

    def ring_all(self) -> None:
        """Everyone wakes: it is time to go."""
        while self._sleepers:
            self.ring()

    async def wait(self, seconds: float) -> bool:
        """Whether it rang."""
        if self._unheard:
            self._unheard -= 1
            return True
        sleeper = asyncio.get_running_loop().create_future()
        self._sleepers.append(sleeper)
        try:
            await asyncio.wait_for(sleeper, seconds)
        except TimeoutError:
            return False
        finally:
            with contextlib.suppress(ValueError):
                self._sleepers.remove(sleeper)
        return True


class Doorbell:
    """`work`: a message waits for its turn. `mail`: a reply may leave now. `answered`: the replies to one message are on
    paper."""

    def __init__(self) -> None:
        self.work, self.mail = Bell(), Bell()
        self._waiting: dict[str, asyncio.Event] = {}

    def answered(self, inbound: str) -> None:
        """Tell the platform's open line; where none is open, the outbox."""
        if inbound in self._waiting:
            self._waiting[inbound].set()
        else:
            self.mail.ring()

    async def wait_answered(self, inbound: str, seconds: float) -> None:
        event = self._waiting.setdefault(inbound, asyncio.Event())
        try:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(event.wait(), seconds)
        finally:
            self._waiting.pop(inbound, None)
