"""Group questions by meaning, on this machine: same programme named, near in the encoder's space and in shared characters. Pure.

The same questions give the same groups in whatever order they come. Groups are found around leaders, the most frequent
wording first, then drawn together around their middles: no chain of small steps joins what lies far apart, and 50,000
questions take seconds (bench/grouping.py).
"""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.search.encoders import Array
from bot.knowledge.search.lexical import grams
from bot.knowledge.search.reading import readable
from bot.language import programmes
from bot.language.normalise import match_key

_SLOTS = 256
"""Grams share so many places; two that meet there cost little beside the encoder."""
_LEXICAL = 0.7
"""Weight of shared characters beside the encoder's 1."""
_NEAR, _MERGE = 0.5, 0.6
"""Cosine from which a question joins a leader, and from which two middles are one group; measured on our own phrasings."""
_LEXICAL_NEAR, _LEXICAL_MERGE = 0.35, 0.4
"""The same where no encoder is at hand."""
_PASSES = 2
_BLOCK = 1024
_FULL, _FEWER = 4000, 192
"""With more wordings of one programme than this, so many directions carry nearly all the difference."""
PLACES = 20
"""So many wordings of a group have a place of their own in the order from its middle; the rest share the last."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where one question belongs."""

    team: int
    place: int


def group(texts: Sequence[str], vectors: Array | None = None) -> list[Placed]:
    """The group of each text, numbered from 0, and its place in the order from the middle. `vectors`: one row of length 1
    each; without them shared characters decide alone."""
    keys = [match_key(text) for text in texts]
    count = Counter(keys)
    order = sorted(count, key=lambda key: (-count[key], key))
    # Of texts that differ in decoration only, the smallest speaks for all, whatever came first.
    speaks: dict[str, int] = {}
    for at, key in sorted(enumerate(keys), key=lambda one: texts[one[0]]):
        speaks.setdefault(key, at)
    plain = {key: readable(texts[speaks[key]]) for key in order}
    teams: dict[str, Placed] = {}
    for members in _by_programme(order, plain).values():
        rows = _rows([plain[key] for key in members])
        if vectors is not None:
            rows = _unit(np.hstack([vectors[[speaks[key] for key in members]], np.float32(_LEXICAL) * rows]))
        bars = (_LEXICAL_NEAR, _LEXICAL_MERGE) if vectors is None else (_NEAR, _MERGE)
        weights = np.array([count[key] for key in members], np.float32)
        first = max((one.team for one in teams.values()), default=-1) + 1
        for key, placed in zip(members, _grouped(rows, weights, *bars), strict=True):
            teams[key] = Placed(first + placed.team, placed.place)
    return [teams[key] for key in keys]


def names(teams: Sequence[int], ids: Sequence[str], before: Sequence[str]) -> list[str]:
    """A name for each text's group that outlives the grouping: the one most of its members bore, else its smallest id.
    What was decided about a group stays with it."""
    members: dict[int, list[int]] = defaultdict(list)
    for at, team in enumerate(teams):
        members[team].append(at)
    claims = sorted(
        ((number, name, team) for team, some in members.items() for name, number in _borne(some, before)),
        key=lambda claim: (-claim[0], claim[1], ids[members[claim[2]][0]]),
    )
    named: dict[int, str] = {}
    taken: set[str] = set()
    for _, name, team in claims:
        if team not in named and name not in taken:
            named[team] = name
            taken.add(name)
    for team, some in members.items():
        if team not in named:
            smallest = min(ids[at] for at in some)
            named[team] = smallest if smallest not in taken else f"{smallest}-2"
            taken.add(named[team])
    return [named[team] for team in teams]


def _borne(members: Iterable[int], before: Sequence[str]) -> Iterable[tuple[str, int]]:
    return Counter(before[at] for at in members if before[at]).items()


def _by_programme(order: Iterable[str], plain: Mapping[str, str]) -> Mapping[str, list[str]]:
    """What names different programmes asks different things, however alike it sounds."""
    found: dict[str, list[str]] = defaultdict(list)
    for key in order:
        found[" ".join(sorted({named.code for named in programmes.find(plain[key])}))].append(key)
    return found


def _rows(texts: Sequence[str]) -> Array:
    """Shared characters as directions: each gram adds to one of few slots, rare ones more."""
    seen: Counter[str] = Counter()
    for text in texts:
        seen.update(grams(text).keys())
    gram_at = {gram: at for at, gram in enumerate(seen)}
    hashed = np.array([zlib.crc32(gram.encode()) for gram in gram_at], np.int64)
    slots, signs = hashed % _SLOTS, np.where(hashed >> 31, 1.0, -1.0)
    rare = signs * np.sqrt(np.log((1 + len(texts)) / (1 + np.array([*seen.values()], float))) + 1)
    rows = np.zeros((len(texts), _SLOTS), np.float32)
    # Counted twice rather than kept: 50,000 tables of fifty grams each would be the largest thing in the console.
    for row, text in zip(rows, texts, strict=True):
        one = grams(text)
        at = [gram_at[gram] for gram in one]
        row += np.bincount(slots[at], rare[at] * np.array([*one.values()]), _SLOTS).astype(np.float32)
    return _unit(rows)


def _grouped(rows: Array, weights: Array, near: float, merge: float) -> list[Placed]:
    rows = _narrowed(rows)
    teams = _led(rows, near)
    for _ in range(_PASSES):
        teams = _merged(rows, weights, teams, merge)
        teams = _nearest(rows, _middles(rows, weights, teams))
    closeness = np.einsum("ij,ij->i", rows, _middles(rows, weights, teams)[teams])
    placed = np.empty(len(rows), np.int64)
    order = np.lexsort((np.arange(len(rows)), -closeness.round(5), teams))
    starts = np.flatnonzero(np.diff(teams[order], prepend=-1))
    placed[order] = np.arange(len(rows)) - np.repeat(starts, np.diff(np.append(starts, len(rows))))
    return [Placed(int(team), min(int(place), PLACES)) for team, place in zip(teams, placed, strict=True)]


def _narrowed(rows: Array) -> Array:
    if len(rows) <= _FULL:
        return rows
    _, directions = np.linalg.eigh(rows.T @ rows)
    return _unit(rows @ directions[:, -_FEWER:].astype(np.float32))


def _led(rows: Array, near: float) -> NDArray[np.int64]:
    """Each row joins the nearest leader, or leads itself."""
    teams = np.empty(len(rows), np.int64)
    leaders: list[int] = []
    for start in range(0, len(rows), _BLOCK):
        block = rows[start : start + _BLOCK]
        best, score = _best(block, rows[leaders])
        among = block @ block.T
        fresh: list[int] = []
        for at in range(len(block)):
            if score[at] >= near:
                teams[start + at] = best[at]
                continue
            if fresh:
                closest = int(np.argmax(among[at, fresh]))
                if among[at, fresh[closest]] >= near:
                    teams[start + at] = teams[start + fresh[closest]]
                    continue
            teams[start + at] = len(leaders) + len(fresh)
            fresh.append(at)
        leaders += [start + at for at in fresh]
    return teams


def _merged(rows: Array, weights: Array, teams: NDArray[np.int64], merge: float) -> NDArray[np.int64]:
    """Middles that lie together become one, pair by pair, the nearest first; a team joins once in a pass."""
    middles = _middles(rows, weights, teams)
    pairs: list[tuple[float, int, int]] = []
    for start in range(0, len(middles), _BLOCK):
        scores = middles[start : start + _BLOCK] @ middles.T
        for one, other in np.argwhere(scores >= merge):
            if start + one < other:
                pairs.append((-round(float(scores[one, other]), 5), start + int(one), int(other)))
    into = np.arange(len(middles))
    free = np.ones(len(middles), bool)
    for _, one, other in sorted(pairs):
        if free[one] and free[other]:
            into[other] = one
            free[[one, other]] = False
    joined: NDArray[np.int64] = np.unique(into[teams], return_inverse=True)[1].astype(np.int64)
    return joined


def _nearest(rows: Array, middles: Array) -> NDArray[np.int64]:
    teams = np.concatenate([_best(rows[start : start + _BLOCK], middles)[0] for start in range(0, len(rows), _BLOCK)])
    numbered: NDArray[np.int64] = np.unique(teams, return_inverse=True)[1].astype(np.int64)
    return numbered


def _middles(rows: Array, weights: Array, teams: NDArray[np.int64]) -> Array:
    """A wording that was said often pulls, but not as hard as it was often said."""
    order = np.argsort(teams, kind="stable")
    starts = np.flatnonzero(np.diff(teams[order], prepend=-1))
    pulled = rows[order] * np.sqrt(weights[order])[:, None]
    return _unit(np.add.reduceat(pulled, starts, axis=0))


def _best(rows: Array, others: Array) -> tuple[NDArray[np.int64], Array]:
    if not len(others):
        return np.zeros(len(rows), np.int64), np.full(len(rows), -1, np.float32)
    scores = rows @ others.T
    best = scores.argmax(axis=1)
    return best, scores[np.arange(len(rows)), best]


def _unit(rows: Array) -> Array:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Array = (rows / np.maximum(length, 1e-9)).astype(np.float32)
    return unit
