"""Search that follows the edition in force: built from stored vectors, so publishing encodes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.desk.ports import Store
from bot.knowledge.edition import Edition
from bot.knowledge.keeper import EditionKeeper
from bot.knowledge.search.encoders import Encoder
from bot.knowledge.search.index import LiveFinder, SearchIndex
from bot.knowledge.search.vectors import matrix, text_hash


async def follow(keeper: EditionKeeper, store: Store, encoders: Sequence[Encoder]) -> LiveFinder:
    """A finder that has a new edition's index before that edition is in force."""
    fast, slow = encoders
    finder = LiveFinder(_index([], {}, {}, fast, slow))

    async def rebuild(edition: Edition) -> None:
        phrasings = _phrasings(edition)
        hashes = [text_hash(text) for _, _, text in phrasings]
        async with store.reading() as work:
            stored_fast = await work.vectors.get(fast.name, hashes)
            stored_slow = await work.vectors.get(slow.name, hashes)
        finder.replace(await asyncio.to_thread(_index, phrasings, stored_fast, stored_slow, fast, slow))

    keeper.on_change(rebuild)
    return finder


def _phrasings(edition: Edition) -> list[tuple[str, str, str]]:
    """(entry, programme, text) of every wording, the title among them."""
    return [
        (answer.id, answer.programme, text)
        for answer in edition.answers.values()
        for text in dict.fromkeys((answer.title, *answer.phrasings))
    ]


def _index(phrasings, stored_fast, stored_slow, fast: Encoder, slow: Encoder) -> SearchIndex:  # type: ignore[no-untyped-def]
    texts = [text for _, _, text in phrasings]
    vectors = {fast.name: matrix(fast, texts, stored_fast), slow.name: matrix(slow, texts, stored_slow)}
    return SearchIndex.build(phrasings, vectors, fast, slow)
