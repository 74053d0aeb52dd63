"""Holds the published edition in memory, and swaps it within a second of a publication: no training, no restart."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from bot.knowledge.edition import Edition
from bot.knowledge.entry import CONSENT, FIELD, FORM, WORDS, Entry, shelf_of
from bot.regions import RegionTree

log = logging.getLogger(__name__)
INTERVAL = 0.1
"""Seconds between two looks at the head's number: one indexed row, a quarter of a millisecond."""
OWN = frozenset({WORDS, FIELD, CONSENT, FORM})
"""What the program itself refers to by key."""


def completed(entries: Sequence[Entry], shipped: Sequence[Entry]) -> Sequence[Entry]:
    """An edition with the fixed words, fields, consents and forms that it lacks; nothing it has is changed."""
    there = shelf_of(entries)
    lacking = [one for one in shipped if one.kind in OWN and (one.kind, one.key) not in there]
    if lacking:
        keys = ", ".join(one.key for one in lacking[:5])
        log.warning("the published edition is older than this program: %d words of its own (%s …) are said as they ship; "
                    "run: python -m bot content load, and publish", len(lacking), keys)  # fmt: skip
    return [*entries, *lacking]


class _Editions(Protocol):
    async def head(self) -> int: ...

    async def read(self, number: int) -> Sequence[Entry]: ...


class _Work(Protocol):
    @property
    def editions(self) -> _Editions: ...


class Publisher(Protocol):
    """Where editions are read from; the desk's store is one."""

    def reading(self) -> AbstractAsyncContextManager[_Work]: ...


class EditionKeeper:
    """The edition in force for this process. Readers take `current` once a turn; it is swapped in one assignment."""

    def __init__(self, store: Publisher, regions: RegionTree, shipped: Sequence[Entry] = ()) -> None:
        """`shipped`: what this version of the program says and asks. An edition that was published before it knew lacks
        some; until the office publishes its own, what ships is said."""
        self._store, self._regions, self._shipped = store, regions, shipped
        self._current = Edition(0, (), regions)
        self._listeners: list[Callable[[Edition], Awaitable[None] | None]] = []
        self._unreadable = 0
        self._one_at_a_time = asyncio.Lock()
        self.failures = 0
        """How often in a row the store could not be asked; for health and metrics."""

    @classmethod
    def fixed(cls, store: Publisher, regions: RegionTree, edition: Edition) -> EditionKeeper:
        """Holds one edition that nobody may have published, and looks for no other."""
        keeper = cls(store, regions)
        keeper._current = edition
        return keeper

    @property
    def current(self) -> Edition:
        return self._current

    async def made(self, number: int, entries: Sequence[Entry]) -> Edition:
        """An edition of these, with what they lack of the program's own. Off the loop: a thousand answers take a tenth of a
        second, and turns go on meanwhile."""
        return await asyncio.to_thread(Edition, number, completed(entries, self._shipped), self._regions)

    def on_change(self, listener: Callable[[Edition], Awaitable[None] | None]) -> None:
        """Call this with each new edition just before it is in force, so that search is ready when it is."""
        self._listeners.append(listener)

    async def refresh(self) -> bool:
        """Ask for the head's number and take it over if it moved. Raises what the store raises, and Refused for an
        edition that cannot be read; the edition in force stays then."""
        async with self._one_at_a_time:
            async with self._store.reading() as work:
                head = await work.editions.head()
                if head in (self._current.number, self._unreadable):
                    return False
                entries = await work.editions.read(head) if head else ()
            try:
                edition = await self.made(head, entries)
            except Exception:
                self._unreadable = head
                raise
            await self._tell(edition)
            self._current = edition
            log.info("edition %d is in force (%d answers)", head, len(edition.answers))
            return True

    async def run(self, interval: float = INTERVAL) -> None:
        """Keep up for ever. A store that is away is asked again; nobody's turn fails for it."""
        while True:
            try:
                await self.refresh()
                self.failures = 0
            except asyncio.CancelledError:
                raise
            except Exception as error:
                self.failures += 1
                if self.failures == 1:
                    log.error(
                        "edition %d stays in force: the newest one could not be taken over: %s",
                        self._current.number,
                        error,
                    )
            await asyncio.sleep(interval)

    async def _tell(self, edition: Edition) -> None:
        for listener in self._listeners:
            try:
                waiting = listener(edition)
                if waiting is not None:
                    await waiting
            except Exception:
                log.exception(
                    "a listener could not take over edition %d; the edition goes live without it", edition.number
                )
