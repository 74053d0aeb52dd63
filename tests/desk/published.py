"""The real content as the edition in force, read once for a whole run: for tests that publish nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import cache

from bot.knowledge.edition import Edition
from bot.knowledge.entry import Entry
from bot.knowledge.files import read_folder
from bot.regions import RegionTree
from tests.desk.conftest import CONTENT


@cache
def entries() -> tuple[Entry, ...]:
    """All but the answers to questions, which no form needs."""
    return tuple(entry for entry in read_folder(CONTENT).entries if entry.kind != "answer")


@cache
def _edition(regions: RegionTree) -> Edition:
    return Edition(1, entries(), regions)


class Kept:
    """Stands where the keeper does; its edition does not change."""

    def __init__(self, regions: RegionTree, more: Iterable[Entry] = ()) -> None:
        more = tuple(more)
        self.current = Edition(1, (*entries(), *more), regions) if more else _edition(regions)

    async def run(self, interval: float = 1.0) -> None:
        """Nothing will come; whoever waits is ended."""
        await asyncio.Event().wait()
