"""Search by meaning in the console's process (`bot.desk.publicity_ports.Meaning`): opened by the first who needs it."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from bot.desk.finding import Built, built_over
from bot.desk.ports import Store
from bot.desk.publicity_ports import Seeker
from bot.knowledge.edition import Edition
from bot.knowledge.search.candidate import Candidate
from bot.knowledge.search.encoders import Array, Encoder
from bot.knowledge.search.live import LiveFinder
from bot.knowledge.search.vectors import make, text_hash

_KEPT = 3
"""Editions whose index stays ready: the published one, the one that is looked at, the one before."""
_BATCH = 64


class OwnMeaning:
    """With encoders of its own. They open their models at the first text; until then this costs nothing."""

    def __init__(self, store: Store, encoders: Sequence[Encoder]) -> None:
        self._store, self._encoders = store, encoders
        self._kept: OrderedDict[int, tuple[Built, LiveFinder]] = OrderedDict()
        self._newest: Built | None = None
        self._one_at_a_time = asyncio.Lock()

    async def keep(self, texts: Sequence[str]) -> int:
        made = 0
        for encoder in self._encoders:
            wanted = await self._missing(encoder, texts)
            for start in range(0, len(wanted), _BATCH):
                vectors = await asyncio.to_thread(make, encoder, wanted[start : start + _BATCH])
                async with self._store.writing() as work:
                    await work.vectors.put(encoder.name, vectors)
                    await work.commit()
            made += len(wanted)
        return made

    async def lacking(self, texts: Sequence[str]) -> Sequence[str]:
        missing = {text for encoder in self._encoders for text in await self._missing(encoder, texts)}
        return [text for text in dict.fromkeys(texts) if text in missing]

    async def over(self, edition: Edition) -> Seeker:
        async with self._one_at_a_time:
            built = await built_over(edition, self._store, self._encoders, self._newest)
            self._newest = built
            if id(built) not in self._kept:
                self._kept[id(built)] = (built, LiveFinder(built.index))
            self._kept.move_to_end(id(built))
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            return self._kept[id(built)][1]

    @property
    def encoder(self) -> str:
        return self._encoders[0].name

    async def encode(self, texts: Sequence[str]) -> Array:
        fast = self._encoders[0]
        blocks = [
            await asyncio.to_thread(fast.encode, list(texts[start : start + _BATCH]))
            for start in range(0, len(texts), _BATCH)
        ]
        return np.concatenate(blocks) if blocks else np.zeros((0, fast.dimension), np.float32)

    async def near(self, edition: Edition, text: str, top: int = 5) -> Sequence[Candidate]:
        finder = await self.over(edition)
        return await asyncio.to_thread(finder.find, text, "", top)

    async def _missing(self, encoder: Encoder, texts: Sequence[str]) -> list[str]:
        hashes = {text_hash(text): text for text in texts}
        async with self._store.reading() as work:
            have = await work.vectors.get(encoder.name, list(hashes))
        return [text for key, text in hashes.items() if key not in have]
