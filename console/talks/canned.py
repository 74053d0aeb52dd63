"""Approved words to send: published answers found by the signs they share with what is looked for, filled for the
resident's place and today. The engine's search lives in another process; this is plain text, and says so by showing several.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.desk.desk import Desk
from bot.desk.giving import give
from bot.knowledge.answers import Answer
from bot.messages import Outcome
from console.talks.lines import source_line

_SHOWN = 5
_LEAST = 0.6
"""The least fit: three of five of the question's pairs of signs in one phrasing, or two of five in the title."""


@dataclass(frozen=True, slots=True)
class Canned:
    id: str
    title: str
    text: str
    source: str


def search(desk: Desk, words: str, region: str, channel: str, limit: int = _SHOWN) -> Sequence[Canned]:
    """The best matches, best first; what cannot be said here today (no figure, no rule for the place) is left out."""
    wanted = _pairs(words)
    if not wanted:
        return []
    here = desk.edition.answers_in_scope(region or "000000", desk.today(), channel)
    scored = sorted(((_fit(wanted, answer), answer) for answer in here), key=lambda one: (-one[0], one[1].id))
    found: list[Canned] = []
    for score, answer in scored:
        if score < _LEAST or len(found) == limit:
            break
        if said := put(desk, answer.id, region, channel):
            found.append(said)
    return found


def put(desk: Desk, entry: str, region: str, channel: str) -> Canned | None:
    """The answer as it would be said to this resident; None where it cannot."""
    given = give(desk, entry, region, desk.today(), channel, 1.0)
    if given.asks_place or given.reply.outcome is not Outcome.ANSWERED:
        return None
    said = given.reply
    return Canned(said.entry, said.title, said.text, source_line(said.sources, said.as_of, said.place))


def _fit(wanted: frozenset[str], answer: Answer) -> float:
    """What the title says counts besides: a phrasing may name many things."""
    said = max((_shared(wanted, text) for text in answer.phrasings), default=0.0)
    return max(said, named := _shared(wanted, answer.title)) + named / 2


def _shared(wanted: frozenset[str], text: str) -> float:
    return len(wanted & _pairs(text)) / len(wanted)


def _pairs(text: str) -> frozenset[str]:
    """Neighbouring signs, without blanks and punctuation: 低保 of 低保怎么办 is found again."""
    words = "".join(sign if sign.isalnum() else " " for sign in text.lower()).split()
    return frozenset(a + b for word in words for a, b in pairwise(word)) or frozenset("".join(words))
