"""How several rankers become one, as pure functions on scores; one setting serves every use.

All numbers were measured on paraphrase groups with one wording indexed; see docs/decisions for the table.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.search.encoders import Array


@dataclass(frozen=True, slots=True)
class Setting:
    """What may be turned. Scores are in standard deviations over the index, so one setting fits all its sizes."""

    lexical: float = 0.25
    """What shared characters weigh beside one encoder."""
    hubs: float = 0.5
    """How much of a phrasing's nearness to everything is taken off (0.5 = the CSLS of Conneau et al. 2018)."""
    neighbours: int = 10
    topic: float = 1.8
    """What an entry's phrasings as a body weigh beside the best one of them."""
    words: float = 1.5
    """Within that, what shared characters weigh beside one encoder's discriminant."""
    undecided: float = 0.7
    """Below this lead of the first entry over the second, the slow encoder is asked too."""
    bodied: float = 1.0
    """How much longer that lead must be where entries have many phrasings. Longer still (1.8) asked the slow encoder for a
    quarter more of our own labelled questions and set no more of them right."""
    unsure: float = 1.5
    """Nearer than this to the line between our questions and others' (in logits) the slow encoder is asked too."""
    second: float = 0.5
    """What an entry's second best phrasing adds: two that fit are better than one."""
    programme: float = 1.5
    """What an entry of the programme talked of gains in a follow-up question."""
    bare: float = 0.5
    """What a follow-up read without the programme's name weighs beside the reading with it."""
    clause: float = 0.5
    """What the best clause of a long message weighs beside the whole."""


def mean_by_entry(scores: Array, starts: NDArray[np.int64]) -> Array:
    """Each entry's mean over its phrasings: what they all say counts, a chance likeness to one does not."""
    counts = np.diff(starts, append=len(scores))
    mean: Array = (np.add.reduceat(scores, starts) / counts).astype(np.float32)
    return mean


def standard(scores: Array) -> Array:
    """Scores as standard deviations from their mean, so that rankers of different spread can be added."""
    if not scores.size:
        return scores
    # In float32 a row of equal scores has a mean a hair off, and dividing by that hair would make noise of it.
    wide = scores.astype(np.float64)
    mean = float(wide.sum()) / wide.size
    wide -= mean
    spread = math.sqrt(float(wide @ wide) / wide.size)
    return (
        (scores - np.float32(mean)) / np.float32(spread)
        if spread > 1e-5 * max(1.0, abs(mean))
        else np.zeros_like(scores)
    )


def hubness(vectors: Array, owners: NDArray[np.int32], neighbours: int, sample: int = 1000) -> Array:
    """How near each phrasing is to the phrasings of other entries that are nearest to it.

    A phrasing that is near to everything wins questions it should not; this is what to take off. Against at most
    `sample` others, because all against all would take seconds at 8,000 phrasings and an edition must be live in one.
    """
    size = len(vectors)
    if size == 0:
        return np.zeros(0, np.float32)
    others = np.unique(np.linspace(0, size - 1, min(size, sample)).astype(np.int64))
    near = vectors @ vectors[others].T
    near[owners[:, None] == owners[others][None, :]] = -1.0
    count = max(1, min(round(neighbours * len(others) / size) if size > sample else neighbours, len(others)))
    best = np.partition(near, len(others) - count, axis=1)[:, -count:]
    # With one entry alone there are no others, and nothing to take off.
    mean: Array = np.where(best > -1.0, best, 0.0).mean(axis=1).astype(np.float32)
    return mean


def by_entry(scores: Array, starts: NDArray[np.int64], owners: NDArray[np.int32], second: float) -> Array:
    """Each entry's score: its best phrasing and a little of its second best.

    Phrasings of one entry stand side by side; `starts` says where each entry begins. The bonus shrinks with the
    distance between the two, so that an entry with many phrasings gains nothing by their number.
    """
    best = np.maximum.reduceat(scores, starts)
    at = np.flatnonzero(scores == best[owners])
    rest = scores.copy()
    rest[at[np.unique(owners[at], return_index=True)[1]]] = -np.inf
    gap = np.minimum(np.maximum.reduceat(rest, starts) - best, 0.0)
    total: Array = (best + second * np.exp(gap)).astype(np.float32)
    return total
