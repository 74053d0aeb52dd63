"""Search that follows the edition in force: built from stored vectors, so publishing encodes nothing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.desk.ports import Store
from bot.knowledge.edition import Edition
from bot.knowledge.keeper import EditionKeeper
from bot.knowledge.search.encoders import Array, Encoder
from bot.knowledge.search.index import SearchIndex
from bot.knowledge.search.live import LiveFinder
from bot.knowledge.search.shared import SharedRows
from bot.knowledge.search.vectors import from_bytes, make, matrix, text_hash

_log = logging.getLogger(__name__)
_PORTION = 500
_Phrasings = tuple[tuple[str, str, str], ...]


async def follow(
    keeper: EditionKeeper,
    store: Store,
    encoders: Sequence[Encoder],
    shared: SharedRows | None = None,
    built: Built | None = None,
) -> LiveFinder:
    """A finder that has a new edition's index before that edition is in force. `shared`: with this machine's other processes.
    `built`: what was made already, by the process this one was forked from."""
    fast, slow = encoders
    finder = LiveFinder(
        built.index if built else _index((), {one.name: matrix(one, [], {}) for one in encoders}, fast, slow)
    )

    async def rebuild(edition: Edition) -> None:
        nonlocal built
        made = await built_over(edition, store, encoders, built, shared)
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


async def built_over(
    edition: Edition,
    store: Store,
    encoders: Sequence[Encoder],
    before: Built | None = None,
    shared: SharedRows | None = None,
) -> Built:
    """Search over the wordings of an edition; `before` itself where these are the same."""
    fast, slow = encoders
    phrasings = _phrasings(edition)
    if before is not None and phrasings == before.phrasings:
        return before  # a text, a figure, a phone number changed: it is asked for as before
    vectors = {one.name: await _vectors(store, one, phrasings, before, shared) for one in encoders}
    return Built(phrasings, await asyncio.to_thread(_index, phrasings, vectors, fast, slow))


async def _vectors(
    store: Store, encoder: Encoder, phrasings: _Phrasings, built: Built | None, shared: SharedRows | None
) -> Array:
    """A row for each wording, from a file that is there already or else made now."""
    texts = [text for _, _, text in phrasings]
    if shared is None or not texts:
        return await _stored(store, encoder, texts, built)
    hashes = [text_hash(text) for text in texts]
    kept = await asyncio.to_thread(shared.rows, encoder, hashes)
    if kept is None:
        kept = await asyncio.to_thread(shared.keep, encoder, hashes, await _stored(store, encoder, texts, built))
    return kept


async def _stored(store: Store, encoder: Encoder, texts: Sequence[str], built: Built | None) -> Array:
    """What was stored when the phrasings were saved. After an upgrade that encodes otherwise the rest is made here,
    once: an assistant that finds nothing would be worse than a slow start."""
    have = dict(built.rows(encoder)) if built else {}
    wanted = list({text_hash(text) for text in texts} - have.keys())
    read = np.empty((len(wanted), encoder.dimension), np.float32)
    async with store.reading() as work:
        # In portions: twelve thousand rows of a database at once leave holes in memory that no one fills again.
        for start in range(0, len(wanted), _PORTION):
            stored = await work.vectors.get(encoder.name, wanted[start : start + _PORTION])
            for at, key in enumerate(wanted[start : start + _PORTION], start):
                if key in stored:
                    read[at] = from_bytes(stored[key], encoder.dimension)
                    have[key] = read[at]
    made: Mapping[str, bytes] = {}
    if missing := sum(key not in have for key in wanted):
        _log.warning("%d of %d phrasings are encoded anew with %s", missing, len(wanted), encoder.name)
        made = await asyncio.to_thread(make, encoder, texts, have)
        async with store.writing() as work:
            await work.vectors.put(encoder.name, made)
            await work.commit()
    return matrix(encoder, texts, made, have)


def _phrasings(edition: Edition) -> _Phrasings:
    """(entry, programme, text) of every wording, the title among them, an entry's side by side. Versions of one answer for other places or days
    are one entry to search: which of them holds is asked when it is given."""
    topics: dict[tuple[str, str], str] = {}
    found: dict[tuple[str, str], tuple[str, str, str]] = {}
    for answer in edition.answers.values():
        entry = topics.setdefault(answer.topic, answer.id)
        for text in (answer.title, *answer.phrasings):
            found.setdefault((entry, text), (entry, answer.programme, text))
    return tuple(sorted(found.values(), key=lambda one: one[0]))


def _index(phrasings: _Phrasings, vectors: Mapping[str, Array], fast: Encoder, slow: Encoder) -> SearchIndex:
    return SearchIndex.build(phrasings, vectors, fast, slow)
