"""Search by shared characters: strong on near copies, names and numbers, where sentence encoders are weak.

Words are characters, pairs of characters, and how they sound, so a homophone typed by mistake (底保) still counts.
"""

from __future__ import annotations

import math
import re
import threading
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.blas import saxpy

from bot.knowledge.search.encoders import Array
from bot.language.pinyin import rough

# Weights of a single character, a pair, a sound and a pair of sounds, measured on paraphrases with and without typos.
# A pair repeats what its characters say, so it counts for less; the idf is damped, because in questions of eight
# characters a rare one is more often a typo than the topic.
_PAIR, _SOUND, _SOUNDS = 0.7, 0.7, 0.4
_DAMPED = 0.5
_OFTEN = 20
"""A gram is a frequent one where more than one text in so many has it."""
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


class _Vocabulary:
    """Numbers for the grams of content, which is read again at every publication: a text is kept as two short arrays, a tenth
    of what its words would take. Never for what residents write."""

    def __init__(self) -> None:
        self.grams: list[str] = []
        self._number: dict[str, int] = {}
        self._adding = threading.Lock()
        self.counted = lru_cache(maxsize=32768)(self._counted)

    def _counted(self, text: str) -> tuple[NDArray[np.int32], Array]:
        """The numbers of a text's grams, and their weights."""
        weighted = grams(text)
        with self._adding:
            for gram in weighted:
                if gram not in self._number:
                    self._number[gram] = len(self.grams)
                    self.grams.append(gram)
            numbers = np.fromiter((self._number[gram] for gram in weighted), np.int32, len(weighted))
        return numbers, np.fromiter(weighted.values(), np.float32, len(weighted))


_CONTENT = _Vocabulary()


@dataclass(frozen=True, slots=True)
class Lexical:
    """An inverted index over texts: cosine of damped TF-IDF, 8,000 texts in half a second, a query in 0.1 ms."""

    size: int
    rows: dict[str, int]
    """Which stretch of `texts` and `weights` is a gram's: from `starts` of its number to the next."""
    starts: array[int]
    texts: NDArray[np.int32]
    weights: Array
    rarity: array[float]
    unknown: float
    """The rarity of a gram that no text has."""
    often: Mapping[int, Array]
    """The grams that many texts have: a weight for each text, 0 where it is not. Nine in ten of what a query adds up are
    theirs, and a whole row is added faster than the places in it are looked up."""

    @classmethod
    def build(cls, texts: Sequence[str]) -> Lexical:
        counted = [_CONTENT.counted(text) for text in texts]
        size, unknown = len(texts), _rarity(len(texts), 0)
        lengths = [len(numbers) for numbers, _ in counted]
        if not sum(lengths):
            nothing = np.zeros(0, np.int32), np.zeros(0, np.float32)
            return cls(size, {}, array("q", [0]), *nothing, array("d"), unknown, {})
        known, ids = np.unique(np.concatenate([numbers for numbers, _ in counted]), return_inverse=True)
        texts_of = np.repeat(np.arange(size, dtype=np.int32), lengths)
        seen = np.bincount(ids)
        rare = np.array([_rarity(size, int(n)) for n in seen])
        weights = np.concatenate([weights for _, weights in counted]) * rare[ids]
        length = np.sqrt(np.bincount(texts_of, weights * weights, minlength=size))
        weights = (weights / np.where(length > 0, length, 1.0)[texts_of]).astype(np.float32)
        order = np.argsort(ids, kind="stable")
        texts_of, weights, starts = texts_of[order], weights[order], np.cumsum([0, *seen])
        often = {}
        for row in np.flatnonzero(seen * _OFTEN > size).tolist():
            at = slice(starts[row], starts[row + 1])
            often[row] = np.bincount(texts_of[at], weights[at], size).astype(np.float32)
        return cls(
            size,
            {_CONTENT.grams[number]: row for row, number in enumerate(known.tolist())},
            array("q", starts.tolist()),
            texts_of,
            weights,
            array("d", rare.tolist()),
            unknown,
            often,
        )

    def score(self, counted: Mapping[str, float]) -> Array:
        """The cosine of a text with each text of the index; `counted`: its `grams`."""
        found, squares = [], 0.0
        total = np.zeros(self.size, np.float32)
        for gram, weight in counted.items():
            row = self.rows.get(gram)
            weighted = weight * (self.unknown if row is None else self.rarity[row])
            squares += weighted * weighted
            if row is None:
                continue
            if (everywhere := self.often.get(row)) is not None:
                saxpy(everywhere, total, a=weighted)
            else:
                found.append((self.starts[row], self.starts[row + 1], weighted))
        if found:
            # Added up in one go: sixty small additions took five times as long.
            numbers = np.concatenate([self.texts[start:end] for start, end, _ in found])
            parts = np.concatenate([self.weights[start:end] for start, end, _ in found])
            parts = parts * np.repeat(
                np.array([weighted for *_, weighted in found], np.float32), [end - start for start, end, _ in found]
            )
            total += np.bincount(numbers, parts, self.size).astype(np.float32)
        return total / np.float32(math.sqrt(squares) or 1.0)

    def coverage(self, text: str) -> float:
        """The share of a text's characters that stand in a pair some text of the index has: low for another world."""
        plain = _OTHER.sub("", text)
        if len(plain) < 2:
            return float(bool(plain) and plain in self.rows)
        known = [pair in self.rows for pair in (a + b for a, b in pairwise(plain))]
        return sum(a or b for a, b in zip([False, *known], [*known, False], strict=True)) / len(plain)


def _rarity(size: int, seen: int) -> float:
    return float((math.log((1 + size) / (1 + seen)) + 1) ** _DAMPED)
