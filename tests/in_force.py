"""Real content, published on a test's store and in force on its desk; read from the files and parsed once for a whole run.

Reading an edition back from a database has tests of its own (tests/store/test_edition_rows.py, tests/knowledge/test_keeper.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from bot.clock import Clock
from bot.desk.ports import Store
from bot.knowledge.edition import Edition
from bot.knowledge.entry import Entry
from bot.knowledge.files import read_folder
from bot.knowledge.keeper import EditionKeeper
from bot.regions import RegionTree

CONTENT = Path(__file__).parents[1] / "content"
SPOKEN = ("words", "hotline", "office")
"""The fixed words, and who can be reached."""


@cache
def real() -> tuple[Entry, ...]:
    """All that is published."""
    return tuple(read_folder(CONTENT).entries)


@cache
def of_kinds(*kinds: str) -> tuple[Entry, ...]:
    return tuple(entry for entry in real() if entry.kind in kinds)


@cache
def without_answers() -> tuple[Entry, ...]:
    """Forms, programmes, words, consents, figures: all but what is searched."""
    return tuple(entry for entry in real() if entry.kind != "answer")


_editions: dict[int, tuple[Sequence[Entry], RegionTree, Edition]] = {}
"""By the identity of the entries, which are kept here and so keep it."""


async def in_force(store: Store, entries: Sequence[Entry], clock: Clock, regions: RegionTree) -> EditionKeeper:
    """Published as the first edition unless there is one already, and in force. `entries`: one of those above."""
    async with store.writing() as work:
        if not await work.editions.head():
            await work.editions.publish(entries, 0, "test", "real content", clock.now())
            await work.commit()
    known = _editions.get(id(entries))
    if known is None or known[1] is not regions:
        known = _editions[id(entries)] = (entries, regions, Edition(1, entries, regions))
    keeper = EditionKeeper(store, regions)
    keeper._current = known[2]
    return keeper
