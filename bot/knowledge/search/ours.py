"""Is this a question for us at all? A straight line between our phrasings and what people ask of others.

Nearness to a phrasing cannot say that alone: 我要办个居住证 is near to a question about residence permits and 低保. The
line is fitted by `python -m bot.knowledge.search.fit` on our own phrasings and our own off-topic lines, and kept in
`ours.json`. It is one piece of evidence among others, so an answer on a topic it never saw can still be found.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from bot.knowledge.search.encoders import Array

_WORDS = 1024
_SLOW_SCALE = 3.0
"""Vectors of the slow encoder lie close together: stretched about their middle they weigh like the others."""


def words(counted: Mapping[str, float]) -> Array:
    """The characters and pairs of a readable text (its `grams`), hashed into one vector of length 1."""
    added = [0.0] * _WORDS  # sixty single sums cost an array five times what they cost a list
    for gram, weight in counted.items():
        if not gram.startswith("~"):
            place = zlib.crc32(gram.encode("utf-8", "ignore"))
            added[place % _WORDS] += weight if place & (1 << 20) else -weight
    vector = np.array(added, np.float32)
    length = float(np.linalg.norm(vector))
    return vector / np.float32(length) if length else vector


@dataclass(frozen=True, slots=True)
class Ours:
    """The fitted lines: one for the fast encoder alone, one for both."""

    centre: Array
    fast: Array
    """Bias first, then as in `features`."""
    slow: Array
    encoders: tuple[str, ...]
    """For which encoders it was fitted; with others it says nothing."""

    def features(self, counted: Mapping[str, float], fast: Array, slow: Array | None) -> Array:
        parts = [np.ones(1, np.float32), fast]
        if slow is not None:
            parts.append((slow - self.centre) * np.float32(_SLOW_SCALE))
        return np.concatenate([*parts, words(counted)])

    def leaning(self, counted: Mapping[str, float], fast: Array, slow: Array | None = None) -> float:
        """Of a text of these `grams` and vectors: above 0 it sounds like ours, below like another's; in logits."""
        line = self.fast if slow is None else self.slow
        return float(line @ self.features(counted, fast, slow)) if line.size else 0.0

    def dump(self) -> dict[str, object]:
        lines = {"centre": self.centre, "fast": self.fast, "slow": self.slow}
        kept = {name: base64.b64encode(line.astype("<f2").tobytes()).decode() for name, line in lines.items()}
        return {"encoders": list(self.encoders), **kept}

    @classmethod
    def load(cls, held: Mapping[str, object]) -> Ours:
        def line(name: str) -> Array:
            return np.frombuffer(base64.b64decode(str(held[name])), "<f2").astype(np.float32)

        encoders = held["encoders"]
        assert isinstance(encoders, list)
        return cls(line("centre"), line("fast"), line("slow"), tuple(map(str, encoders)))

    @classmethod
    def shipped(cls, *encoders: str) -> Ours:
        """The lines in the repository, if they were fitted for these encoders; else lines that say nothing."""
        ours = _shipped()
        return ours if ours.encoders[: len(encoders)] == encoders else cls.silent()

    @classmethod
    def silent(cls) -> Ours:
        """For an index that is not over our content."""
        nothing = np.zeros(0, np.float32)
        return cls(nothing, nothing, nothing, ())


@cache
def _shipped() -> Ours:
    return Ours.load(json.loads(files(__package__).joinpath("ours.json").read_text("utf-8")))
