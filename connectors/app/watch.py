"""Whoever follows a conversation wakes when it changes: at once for what this process did, within a quarter of a second for
another's. One question to the database serves all who follow."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterator

from bot.desk.ports import Store
from bot.errors import TryAgain

POLL_SECONDS = 0.25

_log = logging.getLogger(__name__)


class Follower:
    """One open line of one person."""

    def __init__(self, sender: str) -> None:
        self.sender, self.conversation = sender, ""
        self.ended = False
        """Whether a newer line of the same person took its place."""
        self._woken = asyncio.Event()

    def wake(self) -> None:
        self._woken.set()

    async def wait(self, seconds: float) -> None:
        """Until something changed, or so long."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), max(0.0, seconds))
        self._woken.clear()


class Watch:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._followers: dict[str, list[Follower]] = {}
        self._seen: dict[str, str] = {}
        self._closed = asyncio.Event()

    @contextlib.contextmanager
    def follow(self, sender: str) -> Iterator[Follower]:
        follower = Follower(sender)
        self._followers.setdefault(sender, []).append(follower)
        try:
            yield follower
        finally:
            mine = self._followers[sender]
            mine.remove(follower)
            if not mine:
                del self._followers[sender]
                self._seen.pop(follower.conversation, None)

    def at_most(self, sender: str, lines: int) -> None:
        """The oldest lines of somebody end: on a bad network they have gone already, and nobody noticed."""
        mine = [one for one in self._followers.get(sender, ()) if not one.ended]
        for follower in mine[: max(0, len(mine) - lines)]:
            follower.ended = True
            follower.wake()

    @property
    def all(self) -> int:
        return sum(map(len, self._followers.values()))

    def ring(self, sender: str) -> None:
        for follower in self._followers.get(sender, ()):
            follower.wake()

    @property
    def closing(self) -> bool:
        return self._closed.is_set()

    def close(self) -> None:
        """Every open line ends: it is time to go."""
        self._closed.set()
        for sender in self._followers:
            self.ring(sender)

    async def run(self) -> None:
        """Look for what other processes did, until closed."""
        while not self.closing:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._closed.wait(), POLL_SECONDS)
            try:
                await self.look()
            except TryAgain:
                pass
            except Exception as error:  # a loop that dies leaves everybody in silence
                _log.error("looking for news failed: %s", type(error).__name__, exc_info=error)

    async def look(self) -> None:
        senders = {
            one.conversation: sender for sender, mine in self._followers.items() for one in mine if one.conversation
        }
        if not senders:
            return
        async with self._store.reading() as work:
            pulses = await work.messages.pulses(list(senders))
        for conversation, pulse in pulses.items():
            if self._seen.get(conversation) != pulse:
                self._seen[conversation] = pulse
                self.ring(senders[conversation])
