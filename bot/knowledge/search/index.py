"""Search over the phrasings of one edition: which published answer does this question mean?

An index never changes. When the edition moves another is built, and put in its place (`live.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.errors import BadInput
from bot.knowledge.search import clauses
from bot.knowledge.search.calibrate import Calibration, Evidence
from bot.knowledge.search.candidate import Candidate
from bot.knowledge.search.encoders import Array, Encoder
from bot.knowledge.search.fuse import Setting, by_entry, hubness, mean_by_entry, standard
from bot.knowledge.search.lexical import Lexical, grams
from bot.knowledge.search.ours import Ours
from bot.knowledge.search.reading import phrasing_keys, readable, readable_phrasing
from bot.knowledge.search.topics import Topics
from bot.knowledge.search.vectors import Compared
from bot.language import programmes
from bot.language.normalise import match_key

_WHOLE, _BARE, _CLAUSE = "whole", "bare", "clause"
_SLOW_SPREAD = 6.0
"""The slow encoder's cosines lie that much closer together than the fast one's."""
LONGEST = 600
"""Characters of a message that search reads; the whole message is kept elsewhere."""


class Phrasing(NamedTuple):
    """One way to ask for one entry."""

    entry: str
    programme: str
    text: str


@dataclass(frozen=True, slots=True)
class _View:
    """One reading of the question (whole, a clause, with the programme's name) against every phrasing."""

    text: str
    kind: str
    fast: Array
    lexical: Array
    slow: Array | None
    scores: Array
    """Of each phrasing."""
    topics: Array
    """Of each entry."""
    vector: Array
    counted: Mapping[str, float]
    ours: float


@dataclass(frozen=True, slots=True)
class SearchIndex:
    """Built once for an edition; made by `build`, asked by `search`."""

    phrasings: tuple[Phrasing, ...]
    entries: tuple[str, ...]
    fast: Encoder
    slow: Encoder | None
    setting: Setting
    calibration: Calibration
    ours: Ours
    _owners: NDArray[np.int32]
    _starts: NDArray[np.int64]
    _programmes: NDArray[np.str_]
    _exact: Mapping[str, int]
    _lexical: Lexical
    _vectors: tuple[Array, ...]
    _compared: Compared
    _hubs: tuple[Array, ...]
    _topics: tuple[Topics, ...]

    @classmethod
    def build(
        cls,
        phrasings: Iterable[tuple[str, str, str]],
        vectors: Mapping[str, Array],
        fast: Encoder,
        slow: Encoder | None = None,
        *,
        setting: Setting | None = None,
        calibration: Calibration | None = None,
        ours: Ours | None = None,
    ) -> SearchIndex:
        """`vectors`: for each encoder's name one row per phrasing, in the order given (see `vectors.matrix`).

        `ours`: what tells questions for us from others; by default the shipped one, where it was fitted for these encoders.
        """
        given = [Phrasing(*one) for one in phrasings]
        encoders = [fast] if slow is None else [fast, slow]
        for encoder in encoders:
            shape = vectors[encoder.name].shape
            if shape != (len(given), encoder.dimension):
                raise BadInput(
                    f"search got vectors of shape {shape} of encoder {encoder.name} for {len(given)} phrasings; "
                    "pass one row per phrasing in the same order"
                )
        order = sorted(range(len(given)), key=lambda at: given[at].entry)
        sorted_ = tuple(given[at] for at in order)
        entries = tuple(dict.fromkeys(one.entry for one in sorted_))
        number = {entry: at for at, entry in enumerate(entries)}
        owners = np.array([number[one.entry] for one in sorted_], np.int32)
        starts = np.flatnonzero(np.diff(owners, prepend=-1)).astype(np.int64)
        setting = setting or Setting()
        # What is in order already may be shared with other processes, and is not copied.
        places = slice(None) if order == sorted(order) else order
        rows = tuple(np.ascontiguousarray(vectors[encoder.name][places], np.float32) for encoder in encoders)
        texts = [readable_phrasing(one.text) for one in sorted_]
        exact: dict[str, int] = {}
        for at, one in enumerate(sorted_):
            for key in phrasing_keys(one.text):
                exact.setdefault(key, int(owners[at]))
        programme = {one.entry: one.programme for one in sorted_}
        return cls(
            phrasings=sorted_,
            entries=entries,
            fast=fast,
            slow=slow,
            setting=setting,
            calibration=calibration or Calibration.shipped(),
            ours=ours or Ours.shipped(*(one.name for one in encoders)),
            _owners=owners,
            _starts=starts,
            _programmes=np.array([programme[entry] for entry in entries], np.str_),
            _exact=exact,
            _lexical=Lexical.build(texts),
            _vectors=rows,
            _compared=Compared(rows[0]),
            _hubs=tuple(hubness(each, owners, setting.neighbours) * np.float32(setting.hubs) for each in rows),
            _topics=tuple(Topics.build(each, owners, starts) for each in rows),
        )

    def vectors(self, encoder: Encoder) -> Array:
        """One row for each of `phrasings`."""
        return self._vectors[0 if encoder.name == self.fast.name else 1]

    def search(self, text: str, programme: str = "", top: int = 10, closely: bool = True) -> list[Candidate]:
        """Best first; empty when there is nothing to search or nothing to search for. `closely`: the slow encoder may
        be asked too."""
        plain = _readable(text)
        if not self.entries or not plain:
            return []
        exact = self._exact.get(match_key(text[:LONGEST]), self._exact.get(match_key(plain), -1))
        hint = "" if programmes.find(plain) else programme
        views = self._read(self._texts(plain, hint))
        total, best = self._total(views, hint)
        if closely and self.slow is not None and exact < 0 and self._undecided(views[0], total):
            views = self._read_closer(self.slow, views)
            total, best = self._total(views, hint)
        return self._candidates(views, total, best, exact, top)

    def _undecided(self, view: _View, total: Array) -> bool:
        """Whether it is worth the slow encoder's milliseconds: two entries lie close, or it may not be for us."""
        # Where the phrasings of an entry speak as a body too, leads are longer.
        close = self.setting.undecided * (1 + self.setting.bodied * self._topics[0].trust)
        return _lead(total) < close or (bool(self.ours.encoders) and abs(view.ours) < self.setting.unsure)

    def nearness(self, text: str, entry: str) -> float:
        """How near a text is to one entry, comparable between texts; both encoders are asked. 0.0 if it is unknown."""
        if entry not in self.entries:
            return 0.0
        number, plain = self.entries.index(entry), _readable(text)
        view = self._read([(plain, _WHOLE)])[0]
        if self.slow is not None:
            view = self._read_closer(self.slow, [view])[0]
        at = self._span(number)
        # Shared characters are left out: a question turned into its opposite shares nearly all of them.
        return float(view.fast[at].max()) + (0.0 if view.slow is None else _SLOW_SPREAD * float(view.slow[at].max()))

    def _span(self, entry: int) -> slice:
        """Where an entry's phrasings stand."""
        return slice(self._starts[entry], self._starts[entry + 1] if entry + 1 < len(self._starts) else None)

    def _texts(self, text: str, hint: str) -> list[tuple[str, str]]:
        """Texts to search with, the one that counts most first, and what each is."""
        names = programmes.NAMES.get(hint, "").split()
        whole = [(names[0] + text, _WHOLE), (text, _BARE)] if names else [(text, _WHOLE)]
        return whole + [(clause, _CLAUSE) for clause in clauses.split(text)]

    def _read(self, texts: Sequence[tuple[str, str]]) -> list[_View]:
        """The first reading, by the fast encoder and shared characters."""
        vectors = self.fast.encode([text for text, _ in texts])
        views = []
        for (text, kind), vector, near in zip(texts, vectors, self._compared.cosines(vectors), strict=True):
            counted = grams(text)
            lexical = self._lexical.score(counted)
            scores = standard(near - self._hubs[0]) + np.float32(self.setting.lexical) * standard(lexical)
            words = np.float32(self.setting.words) * standard(mean_by_entry(lexical, self._starts))
            topics = standard(self._topics[0].score(vector)) + words
            ours = self.ours.leaning(counted, vector)
            views.append(_View(text, kind, near, lexical, None, scores, topics, vector, counted, ours))
        return views

    def _read_closer(self, slow: Encoder, views: Sequence[_View]) -> list[_View]:
        """The second reading, by the slow encoder: of the whole and the two clauses that found most."""
        parts = sorted(views[1:], key=lambda view: (view.kind == _CLAUSE, -float(view.scores.max())))[:2]
        closer = []
        for view in [views[0], *parts]:
            vector = slow.encode([view.text])[0]
            near = self._vectors[1] @ vector
            scores = view.scores + standard(near - self._hubs[1])
            topics = view.topics + standard(self._topics[1].score(vector))
            ours = self.ours.leaning(view.counted, view.vector, vector)
            closer.append(replace(view, slow=near, scores=scores, topics=topics, ours=ours))
        return closer

    def _total(self, views: Sequence[_View], hint: str) -> tuple[Array, NDArray[np.int64]]:
        """Each entry's score over all views, and the view that speaks most for it.

        The best clause is added to the whole, not put in its place: a clause alone is sharper than it has a right to be.
        """
        topic = np.float32(self.setting.topic * self._topics[0].trust)
        each = np.stack(
            [
                standard(by_entry(view.scores, self._starts, self._owners, self.setting.second))
                + topic * standard(view.topics)
                for view in views
            ]
        )
        total, weights = each[0], 1.0
        for kind, weight in ((_BARE, self.setting.bare), (_CLAUSE, self.setting.clause)):
            if chosen := [at for at, view in enumerate(views) if view.kind == kind]:
                total = total + np.float32(weight) * each[chosen].max(axis=0)
                weights += weight
        total = total / np.float32(weights)
        if hint:
            total = total + np.float32(self.setting.programme) * (self._programmes == hint)
        best: NDArray[np.int64] = each.argmax(axis=0)
        return total, best

    def _nearest(self, view: _View) -> _Nearest:
        fast, lexical = (np.maximum.reduceat(scores, self._starts) for scores in (view.fast, view.lexical))
        slow = None if view.slow is None else np.maximum.reduceat(view.slow, self._starts)
        return _Nearest(fast, lexical, slow, self._lexical.coverage(view.text), len(view.text))

    def _candidates(
        self, views: Sequence[_View], total: Array, best_view: NDArray[np.int64], exact: int, top: int
    ) -> list[Candidate]:
        order = np.argsort(-total, kind="stable")[: max(top, 2)]
        nearest = {at: self._nearest(views[at]) for at in set(best_view[order[:top]].tolist())}
        found = []
        for entry in order[:top].tolist():
            fast, lexical, slow, coverage, length = nearest[int(best_view[entry])]
            rival = total[order[1]] if entry == order[0] and len(order) > 1 else total[order[0]]
            evidence = Evidence(
                fast=float(fast[entry]),
                lexical=float(lexical[entry]),
                slow=None if slow is None else float(slow[entry]),
                height=float(total[entry]),
                lead=float(total[entry] - rival) if len(order) > 1 else float(total[entry]),
                length=length,
                coverage=coverage,
                ours=views[0].ours,
            )
            found.append(Candidate(self.entries[entry], self.calibration.chance(evidence), evidence.raw()))
        if exact >= 0:
            rest = [one for one in found if one.entry != self.entries[exact]]
            found = [Candidate(self.entries[exact], 1.0, {"exact": 1.0}), *rest][:top]
        return sorted(found, key=lambda one: -one.score)


class _Nearest(NamedTuple):
    """Of one reading: how near each entry's nearest phrasing is, by each measure; then how much of it is known, and its length."""

    fast: Array
    lexical: Array
    slow: Array | None
    coverage: float
    length: int


def _readable(text: str) -> str:
    """Before and after: one character may read as eighteen (ﷺ)."""
    return readable(text[:LONGEST])[:LONGEST]


def _lead(total: Array) -> float:
    if len(total) < 2:
        return float("inf")
    second, first = np.partition(total, len(total) - 2)[-2:]
    return float(first - second)
