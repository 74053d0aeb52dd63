"""A publication is in force in every process within a second; a store that is away costs nobody a turn."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from bot.errors import TryAgain
from bot.knowledge.edition import Edition
from bot.knowledge.entry import Entry
from bot.knowledge.files import read_folder
from bot.knowledge.keeper import EditionKeeper
from bot.knowledge.problems import Refused
from bot.regions import RegionTree
from tests.knowledge.broken import GOOD


class Shelf:
    """Editions in memory; `away` makes it a database that is down; `reads` counts the costly question."""

    def __init__(self) -> None:
        self.published: list[Sequence[Entry]] = []
        self.away, self.reads = False, 0
        self.editions = self

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Shelf]:
        if self.away:
            raise TryAgain("the database is away")
        yield self

    async def head(self) -> int:
        return len(self.published)

    async def read(self, number: int) -> Sequence[Entry]:
        self.reads += 1
        return self.published[number - 1]


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def keeper(shelf: Shelf, regions: RegionTree) -> EditionKeeper:
    return EditionKeeper(shelf, regions)


GOOD_ENTRIES = read_folder(GOOD).entries


async def test_before_the_first_publication_nothing_is_known(keeper: EditionKeeper) -> None:
    assert await keeper.refresh() is False
    assert keeper.current.number == 0
    assert keeper.current.answers == {}


async def test_a_new_edition_is_taken_over_once(shelf: Shelf, keeper: EditionKeeper) -> None:
    shelf.published.append(GOOD_ENTRIES)
    assert await keeper.refresh() is True
    assert await keeper.refresh() is False
    assert (keeper.current.number, len(keeper.current.answers), shelf.reads) == (1, 4, 1)


async def test_search_is_ready_when_the_edition_is_in_force(shelf: Shelf, keeper: EditionKeeper) -> None:
    heard: list[tuple[int, int]] = []

    async def rebuild(edition: Edition) -> None:
        heard.append((edition.number, keeper.current.number))

    keeper.on_change(rebuild)
    keeper.on_change(lambda edition: heard.append((edition.number, -1)))
    shelf.published.append(GOOD_ENTRIES)
    await keeper.refresh()
    assert heard == [(1, 0), (1, -1)]


async def test_a_publication_is_live_within_a_second(shelf: Shelf, keeper: EditionKeeper) -> None:
    watching = asyncio.create_task(keeper.run())
    await asyncio.sleep(0.05)
    shelf.published.append(GOOD_ENTRIES)
    started = asyncio.get_running_loop().time()
    while keeper.current.number != 1:
        await asyncio.sleep(0.01)
    assert asyncio.get_running_loop().time() - started < 1.0
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


async def test_a_store_that_is_away_is_asked_again(
    shelf: Shelf, keeper: EditionKeeper, caplog: pytest.LogCaptureFixture
) -> None:
    shelf.published.append(GOOD_ENTRIES)
    await keeper.refresh()
    shelf.away = True
    watching = asyncio.create_task(keeper.run(interval=0.01))
    while keeper.failures < 3:
        await asyncio.sleep(0.01)
    assert keeper.current.number == 1
    shelf.published.append(GOOD_ENTRIES[:3])
    shelf.away = False
    while keeper.current.number != 2:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.02)
    assert keeper.failures == 0
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    assert [r.message for r in caplog.records if r.levelno == logging.ERROR] == [
        "edition 1 stays in force: the newest one could not be taken over: the database is away"
    ]


async def test_an_edition_that_cannot_be_read_leaves_the_old_one(shelf: Shelf, keeper: EditionKeeper) -> None:
    shelf.published.append(GOOD_ENTRIES)
    await keeper.refresh()
    shelf.published.append([Entry("answer", "x", {})])
    with pytest.raises(Refused):
        await keeper.refresh()
    assert keeper.current.number == 1
    assert await keeper.refresh() is False, "it is not read again and again"
    shelf.published.append(GOOD_ENTRIES)
    assert await keeper.refresh() is True
    assert keeper.current.number == 3


async def test_a_listener_that_fails_does_not_hold_the_edition_back(shelf: Shelf, keeper: EditionKeeper) -> None:
    def fails(edition: Edition) -> None:
        raise RuntimeError("no vectors")

    keeper.on_change(fails)
    shelf.published.append(GOOD_ENTRIES)
    assert await keeper.refresh() is True
    assert keeper.current.number == 1


async def test_an_edition_older_than_the_program_says_what_ships(
    shelf: Shelf, regions: RegionTree, caplog: pytest.LogCaptureFixture
) -> None:
    """The office published before an upgrade: nobody may meet a word that is not there, and nothing it wrote is changed."""
    words = next(one for one in GOOD_ENTRIES if one.kind == "words")
    old = [one for one in GOOD_ENTRIES if one.key != words.key]
    own = Entry("words", "busy_own", {"text": "这是本地写的"})
    shipped = [*GOOD_ENTRIES, Entry("words", "busy_own", {"text": "这是随程序来的"}), Entry("answer", "new", {})]
    shelf.published.append([*old, own])
    keeper = EditionKeeper(shelf, regions, shipped)
    with caplog.at_level(logging.WARNING):
        assert await keeper.refresh()
    assert keeper.current.words(words.key) == words.data["text"]
    assert keeper.current.words("busy_own") == "这是本地写的"
    assert "new" not in keeper.current.answers
    assert "1 words of its own" in caplog.text


async def test_an_edition_with_all_of_them_is_left_alone(
    shelf: Shelf, regions: RegionTree, caplog: pytest.LogCaptureFixture
) -> None:
    shelf.published.append(GOOD_ENTRIES)
    keeper = EditionKeeper(shelf, regions, GOOD_ENTRIES)
    with caplog.at_level(logging.WARNING):
        assert await keeper.refresh()
    assert caplog.text == ""
