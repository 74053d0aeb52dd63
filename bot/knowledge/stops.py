"""What was stopped at once: an answer or a programme not to be given in a place, with why and with what is said instead.

A stop is an entry like any other: it is live a second after it is published, rolls back and exports with its edition.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.knowledge.answers import PROGRAMMES, Answer
from bot.knowledge.fields import Fields
from bot.language import programmes
from bot.regions import RegionTree

COLUMNS = ("id", "of", "target", "region", "from", "reason", "instead", "words")
ANSWER, PROGRAMME = "answer", "programme"


@dataclass(frozen=True, slots=True)
class Stop:
    """One thing not given in a place and below it, from a day on."""

    id: str
    of: str
    target: str
    """The id of an answer, or the code of a programme."""
    region: str
    first: date
    reason: str
    """For the office; residents are not told."""
    instead: str
    """The answer given in its place; empty: `words` are said."""
    words: str

    @classmethod
    def read(cls, fields: Fields, tree: RegionTree) -> Stop:
        stop = cls(
            id=fields.text("id"),
            of=fields.one_of("of", (ANSWER, PROGRAMME)),
            target=fields.text("target"),
            region=fields.region("region", tree),
            first=fields.day("from", required=True) or date.max,
            reason=fields.text("reason"),
            instead=fields.text("instead", required=False),
            words=fields.text("words", required=False),
        )
        if bool(stop.instead) == bool(stop.words):
            fields.complain("instead", "和“words”要写一个，只写一个", "写替代的答案，或写对居民说的话")
        if stop.of == PROGRAMME and stop.target and stop.target not in PROGRAMMES:
            fields.complain("target", f"“{stop.target}”不是项目代码", f"从这些里选：{'、'.join(PROGRAMMES)}")
        fields.end()
        return stop

    def holds(self, answer: Answer, chain: Sequence[str], day: date) -> bool:
        mine = self.target == (answer.id if self.of == ANSWER else answer.programme)
        return mine and self.first <= day and self.region in chain

    def stops_programme(self, programme: str, chain: Sequence[str], day: date) -> bool:
        """A benefit programme (`dibao_…`) goes with the code it begins with."""
        mine = self.of == PROGRAMME and self.target in (programme, programmes.of_part(programme))
        return mine and self.first <= day and self.region in chain


class Stops:
    """All stops of an edition; the narrowest counts, and of one place that of the answer itself."""

    def __init__(self, stops: Iterable[Stop]) -> None:
        self._by_target: dict[tuple[str, str], list[Stop]] = {}
        for stop in stops:
            self._by_target.setdefault((stop.of, stop.target), []).append(stop)

    def on(self, answer: Answer, chain: Sequence[str], day: date) -> Stop | None:
        """What stops this answer here; None when it may be given."""
        if not self._by_target:
            return None
        found = [
            stop
            for wanted in ((ANSWER, answer.id), (PROGRAMME, answer.programme))
            for stop in self._by_target.get(wanted, ())
            if stop.holds(answer, chain, day)
        ]
        return min(found, key=lambda stop: (chain.index(stop.region), stop.of != ANSWER), default=None)

    def on_programme(self, programme: str, chain: Sequence[str], day: date) -> bool:
        return any(stop.stops_programme(programme, chain, day) for stops in self._by_target.values() for stop in stops)


def silenced(answer: Answer, stop: Stop) -> Answer:
    """The answer as it is given while stopped: only the words of the stop, on no clause and with no figures."""
    return replace(
        answer, text=stop.words, short=stop.words, basis=(), history=(), lookup="", lookup_programme="", phrasings=()
    )
