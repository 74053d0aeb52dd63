"""Search that follows the edition in force: built from stored vectors, so publishing encodes nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.desk.ports import Store
from bot.knowledge.edition import Edition
from bot.knowledge.keeper import EditionKeeper
from bot.knowledge.search.encoders import Array, Encoder
from bot.knowledge.search.index import LiveFinder, SearchIndex
from bot.knowledge.search.vectors import make, matrix, text_hash

_log = logging.getLogger(__name__)
_Phrasings = tuple[tuple[str, str, str], ...]


async def follow(keeper: EditionKeeper, store: Store, encoders: Sequence[Encoder]) -> LiveFinder:
    """A finder that has a new edition's index before that edition is in force."""
    fast, slow = encoders
    finder = LiveFinder(_index((), {one.name: matrix(one, [], {}) for one in encoders}, fast, slow))
    built: Built | None = None

    async def rebuild(edition: Edition) -> None:
        nonlocal built
        made = await built_over(edition, store, encoders, built)
        if made is not built:
            finder.replace(made.index)
            built = made

    keeper.on_change(rebuild)
    return finder


@dataclass(frozen=True, slots=True)
class Built:
    """An index and what it was made of: most of it serves the next one too."""

    phrasings: _Phrasings
    index: SearchIndex

    def rows(self, encoder: Encoder) -> dict[str, Array]:
        """By text hash."""
        hashes = (text_hash(one.text) for one in self.index.phrasings)
        return dict(zip(hashes, self.index.vectors(encoder), strict=True))


async def built_over(edition: Edition, store: Store, encoders: Sequence[Encoder], before: Built | None = None) -> Built:
    """Search over the wordings of an edition; `before` itself where these are the same."""
    fast, slow = encoders
    phrasings = _phrasings(edition)
    if before is not None and phrasings == before.phrasings:
        return before  # a text, a figure, a phone number changed: it is asked for as before
    vectors = {one.name: await _vectors(store, one, phrasings, before) for one in encoders}
    return Built(phrasings, await asyncio.to_thread(_index, phrasings, vectors, fast, slow))


async def _vectors(store: Store, encoder: Encoder, phrasings: _Phrasings, built: Built | None) -> Array:
    """What was stored when the phrasings were saved. After an upgrade that encodes otherwise the rest is made here,
    once: an assistant that finds nothing would be worse than a slow start."""
    texts, have = [text for _, _, text in phrasings], built.rows(encoder) if built else {}
    hashes = list({text_hash(text) for text in texts} - have.keys())
    async with store.reading() as work:
        stored = dict(await work.vectors.get(encoder.name, hashes)) if hashes else {}
    if len(stored) < len(hashes):
        _log.warning(
            "%d of %d phrasings are encoded anew with %s", len(hashes) - len(stored), len(hashes), encoder.name
        )
        made = await asyncio.to_thread(make, encoder, texts, {*stored, *have})
        async with store.writing() as work:
            await work.vectors.put(encoder.name, made)
            await work.commit()
        stored |= made
    return matrix(encoder, texts, stored, have)


def _phrasings(edition: Edition) -> _Phrasings:
    """(entry, programme, text) of every wording, the title among them. Versions of one answer for other places or days
    are one entry to search: which of them holds is asked when it is given."""
    topics: dict[tuple[str, str], str] = {}
    found: dict[tuple[str, str], tuple[str, str, str]] = {}
    for answer in edition.answers.values():
        entry = topics.setdefault(answer.topic, answer.id)
        for text in (answer.title, *answer.phrasings):
            found.setdefault((entry, text), (entry, answer.programme, text))
    return tuple(found.values())


def _index(phrasings: _Phrasings, vectors: Mapping[str, Array], fast: Encoder, slow: Encoder) -> SearchIndex:
    return SearchIndex.build(phrasings, vectors, fast, slow)
