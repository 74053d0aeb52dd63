"""Wordings that look alike, by the signs they share: a warning for editors, found without a model. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from bot.knowledge.check_answers import wording_key
from bot.knowledge.edition import Edition

ALIKE = 0.6
"""Share of pairs of signs two wordings have in common (Dice) from which they are shown to the editor."""


@dataclass(frozen=True, slots=True)
class Alike:
    """A wording of another answer that looks like one of ours."""

    ours: str
    theirs: str
    answer: str
    share: float


class Wordings:
    """All wordings of one edition by their pairs of signs."""

    def __init__(self, edition: Edition) -> None:
        self._said = [(answer.id, text) for answer in edition.answers.values() for text in answer.wordings]
        self._sizes: list[int] = []
        self._with: dict[str, list[int]] = defaultdict(list)
        for at, (_, text) in enumerate(self._said):
            pairs = _pairs(text)
            self._sizes.append(len(pairs))
            for pair in pairs:
                self._with[pair].append(at)

    def like(self, texts: Iterable[str], skip: frozenset[str]) -> list[Alike]:
        """For each text the wording of each other answer that is most like it, the most alike first. `skip`: answers."""
        best: dict[tuple[str, str], Alike] = {}
        for text in dict.fromkeys(texts):
            pairs = _pairs(text)
            shared = Counter(at for pair in pairs for at in self._with.get(pair, ()))
            for at, count in shared.items():
                answer, theirs = self._said[at]
                share = 2 * count / (len(pairs) + self._sizes[at])
                if share >= ALIKE and answer not in skip:
                    found = best.get((text, answer))
                    if found is None or share > found.share:
                        best[text, answer] = Alike(text, theirs, answer, share)
        return sorted(best.values(), key=lambda one: (-one.share, one.ours, one.answer))


@lru_cache(maxsize=2)
def wordings(edition: Edition) -> Wordings:
    """Made once an edition; the one in force and the one before it are kept."""
    return Wordings(edition)


@lru_cache(maxsize=1 << 15)
def _pairs(text: str) -> frozenset[str]:
    key = wording_key(text)
    return frozenset(key[at : at + 2] for at in range(len(key) - 1)) or frozenset({key})
