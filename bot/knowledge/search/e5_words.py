"""Cuts a text into the words e5 knows: of all ways to cut it, the likeliest (Kudo 2018), among 250,000 words.

All stretches of a text are looked up in one go, by a hash that is found for each of them by a subtraction: three megabytes, where a
dictionary of Python's would take forty.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.search.e5_file import Weights

_SPACE = "\u2581"
_BASE = 0x9E3779B97F4A7C15
"""Odd, so that it has an inverse modulo 2 ** 64."""
_BACK = pow(_BASE, -1, 1 << 64)
_UNLIKELY = 10.0
"""What is no word is less likely than the least likely word by so much (as in sentencepiece)."""


class Words:
    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        offsets = weights.offsets.astype(np.int64)
        hashes = _hashes(weights.blob, offsets[:-1], offsets[1:])
        self._order = np.argsort(hashes, kind="stable").astype(np.int32)
        self._sorted = hashes[self._order]
        self._longest = int(np.diff(offsets).max())
        self._unlikely = float(weights.scores.min()) - _UNLIKELY

    def tokens(self, text: str) -> NDArray[np.int64]:
        """With those for the begin and the end of a text."""
        read = re.sub(" +", " ", text.translate(self._weights.meant))
        chars = read.replace(" ", _SPACE) if read.startswith(" ") else _SPACE + read.replace(" ", _SPACE)
        return np.array([self._weights.begin, *self._cut(chars), self._weights.end], np.int64)

    def _cut(self, chars: str) -> list[int]:
        size = len(chars)
        best, begin, word = [-np.inf] * (size + 1), [0] * (size + 1), [self._weights.unknown] * (size + 1)
        best[0] = 0.0
        found = self._found(chars)
        for start in range(size):
            if best[start] + self._unlikely > best[start + 1]:
                best[start + 1], begin[start + 1], word[start + 1] = best[start] + self._unlikely, start, word[0]
            for end, token, score in found.get(start, ()):
                if best[start] + score > best[end]:
                    best[end], begin[end], word[end] = best[start] + score, start, token
        cut, at = [], size
        while at:
            cut.append(word[at])
            at = begin[at]
        return cut[::-1]

    def _found(self, chars: str) -> dict[int, list[tuple[int, int, float]]]:
        """Every word in a text: by where it begins, its end, token and score, the shorter first."""
        raw = chars.encode()
        text = np.frombuffer(raw, np.uint8)
        at = np.cumsum([0, *(len(char.encode()) for char in chars)])
        starts, ends = np.nonzero(np.tri(len(at), k=-1, dtype=bool).T & (at[None, :] - at[:, None] <= self._longest))
        hashes = _hashes(text, at[starts], at[ends])
        places = np.searchsorted(self._sorted, hashes)
        hits = np.flatnonzero(self._sorted[np.minimum(places, len(self._sorted) - 1)] == hashes)
        found: dict[int, list[tuple[int, int, float]]] = {}
        offsets, scores = self._weights.offsets, self._weights.scores
        for hit, token in zip(hits.tolist(), self._order[places[hits]].tolist(), strict=True):
            start, end = int(starts[hit]), int(ends[hit])
            known = self._weights.blob[offsets[token] : offsets[token + 1]].tobytes()
            if token != self._weights.unknown and known == raw[at[start] : at[end]]:
                found.setdefault(start, []).append((end, token, float(scores[token])))
        return found


def _hashes(data: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Of each stretch: its bytes as digits, wherever it stands; all modulo 2 ** 64."""
    size = len(data)
    powers, back = np.full(size + 1, _BASE, np.uint64), np.full(size + 1, _BACK, np.uint64)
    powers[0] = back[0] = 1
    powers, back = np.cumprod(powers, dtype=np.uint64), np.cumprod(back, dtype=np.uint64)
    digits = np.zeros(size + 1, np.uint64)
    np.cumsum((data.astype(np.uint64) + np.uint64(1)) * powers[:-1], dtype=np.uint64, out=digits[1:])
    found: NDArray[np.uint64] = (digits[ends] - digits[starts]) * back[starts]
    return found
