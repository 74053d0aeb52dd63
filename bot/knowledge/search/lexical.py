"""Search by shared characters: strong on near copies, names and numbers, where sentence encoders are weak.

Words are characters, pairs of characters, and how they sound, so a homophone typed by mistake (底保) still counts.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.search.encoders import Array
from bot.language.pinyin import rough

# Weights of a single character, a pair, a sound and a pair of sounds, measured on paraphrases with and without typos.
# A pair repeats what its characters say, so it counts for less; the idf is damped, because in questions of eight
# characters a rare one is more often a typo than the topic.
_PAIR, _SOUND, _SOUNDS = 0.7, 0.7, 0.4
_DAMPED = 0.5
_OTHER = re.compile(r"[\W_]+")


def grams(text: str) -> dict[str, float]:
    """Every gram of a normalised text with how much it says before rarity is known."""
    plain = _OTHER.sub("", text)
    sounds = [rough(char) for char in plain]
    counts: Counter[str] = Counter(plain)
    counts.update(a + b for a, b in pairwise(plain))
    spoken: Counter[str] = Counter("~" + sound for sound in sounds)
    spoken.update(f"~{a}~{b}" for a, b in pairwise(sounds))
    weighted = {gram: (1 + math.log(n)) * (_PAIR if len(gram) == 2 else 1.0) for gram, n in counts.items()}
    for gram, n in spoken.items():
        weighted[gram] = (1 + math.log(n)) * (_SOUNDS if gram.count("~") == 2 else _SOUND)
    return weighted


@lru_cache(maxsize=32768)
def _grams_of_content(text: str) -> dict[str, float]:
    """The same, remembered: content is read again at every publication. Never for what residents write."""
    return grams(text)


@dataclass(frozen=True, slots=True)
class Lexical:
    """An inverted index over texts: cosine of damped TF-IDF, 8,000 texts in half a second, a query in 0.1 ms."""

    size: int
    postings: dict[str, tuple[NDArray[np.int32], Array]]
    rarity: dict[str, float]
    unknown: float
    """The rarity of a gram that no text has."""

    @classmethod
    def build(cls, texts: Sequence[str]) -> Lexical:
        counted = [_grams_of_content(text) for text in texts]
        number: dict[str, int] = {}
        if not any(counted):
            return cls(len(texts), {}, {}, _rarity(len(texts), 0))
        ids = np.array([number.setdefault(gram, len(number)) for one in counted for gram in one], np.int64)
        texts_of = np.repeat(np.arange(len(texts), dtype=np.int32), [len(one) for one in counted])
        seen = np.bincount(ids, minlength=len(number))
        size = len(texts)
        rare = np.array([_rarity(size, int(n)) for n in seen])
        weights = np.array([weight for one in counted for weight in one.values()]) * rare[ids]
        length = np.sqrt(np.bincount(texts_of, weights * weights, minlength=size))
        weights = (weights / np.where(length > 0, length, 1.0)[texts_of]).astype(np.float32)
        order, ends = np.argsort(ids, kind="stable"), np.cumsum(seen)[:-1]
        postings = dict(
            zip(number, zip(np.split(texts_of[order], ends), np.split(weights[order], ends), strict=True), strict=True)
        )
        return cls(size, postings, dict(zip(number, rare.tolist(), strict=True)), _rarity(size, 0))

    def score(self, counted: Mapping[str, float]) -> Array:
        """The cosine of a text with each text of the index; `counted`: its `grams`."""
        weighted = {gram: weight * self.rarity.get(gram, self.unknown) for gram, weight in counted.items()}
        length = math.sqrt(sum(weight * weight for weight in weighted.values())) or 1.0
        found = [(*self.postings[gram], weight / length) for gram, weight in weighted.items() if gram in self.postings]
        if not found:
            return np.zeros(self.size, np.float32)
        # Added up in one go: sixty small additions took five times as long.
        numbers = np.concatenate([numbers for numbers, _, _ in found])
        parts = np.concatenate([np.float32(weight) * values for _, values, weight in found])
        return np.bincount(numbers, parts, self.size).astype(np.float32)

    def coverage(self, text: str) -> float:
        """The share of a text's characters that stand in a pair some text of the index has: low for another world."""
        plain = _OTHER.sub("", text)
        if len(plain) < 2:
            return float(bool(plain) and plain in self.postings)
        known = [pair in self.postings for pair in (a + b for a, b in pairwise(plain))]
        return sum(a or b for a, b in zip([False, *known], [*known, False], strict=True)) / len(plain)


def _rarity(size: int, seen: int) -> float:
    return float((math.log((1 + size) / (1 + seen)) + 1) ** _DAMPED)
