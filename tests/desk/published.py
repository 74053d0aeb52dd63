"""The real content as the edition in force, read once for a whole run: for tests that publish nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import cache

from bot.knowledge.edition import Edition
from bot.knowledge.entry import Entry
from bot.regions import RegionTree
from tests.in_force import without_answers


@cache
def _edition(regions: RegionTree) -> Edition:
    return Edition(1, without_answers(), regions)


class Kept:
    """Stands where the keeper does; its edition does not change."""

    def __init__(self, regions: RegionTree, more: Iterable[Entry] = ()) -> None:
        more = tuple(more)
        self.current = Edition(1, (*without_answers(), *more), regions) if more else _edition(regions)

    async def run(self, interval: float = 1.0) -> None:
        """Nothing will come; whoever waits is ended."""
        await asyncio.Event().wait()
