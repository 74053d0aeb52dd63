"""One published edition in memory: every lookup a turn needs, failing closed by place, day and channel.

Built once for each edition number and never changed, so a turn sees one edition from beginning to end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from bot.forms.consents import ConsentText
from bot.forms.model import Field, Form
from bot.hours import Hours
from bot.knowledge.answers import OUTSIDE, Answer
from bot.knowledge.contacts import Hotline, Office
from bot.knowledge.content import Content, parse
from bot.knowledge.documents import Document, Standing
from bot.knowledge.entry import Entry
from bot.knowledge.fields import NATION, knows
from bot.knowledge.figures import FigureResult, FigureState, choose, narrowed
from bot.knowledge.for_programmes import figure_of
from bot.knowledge.problems import Problems
from bot.knowledge.standards import Standard
from bot.knowledge.stops import Stop, Stops, silenced
from bot.knowledge.subsidies import SubsidyResult
from bot.messages import Source
from bot.programmes.figures import Figure
from bot.programmes.model import Programme
from bot.regions import RegionTree

_SAID = {Standing.UNKNOWN: "（效力未查明）", Standing.REPEALED: "（已不再有效）", Standing.NOT_YET: "（还没生效）"}
_REMEMBERED = 10_000
_SCOPES = 2_000
"""Places, days, channels and programmes whose answers are remembered, 1 KB each."""
Local = TypeVar("Local", Hotline, Office)


class Edition:
    """Answers, figures, subsidies, hotlines, offices, documents, words, programmes and forms of one edition."""

    def __init__(self, number: int, entries: Iterable[Entry], regions: RegionTree) -> None:
        """Raises Refused when an entry cannot be read: an edition is whole or not there."""
        problems = Problems()
        content = parse(entries, regions, problems, {})
        problems.refuse()
        self.number, self.regions = number, regions
        self.documents: Mapping[str, Document] = MappingProxyType(content.documents)
        self.answers: Mapping[str, Answer] = MappingProxyType(content.answers)
        self.fields: Mapping[str, Field] = MappingProxyType(content.fields)
        self.forms: Mapping[str, Form] = MappingProxyType(content.forms)
        self.consents: Mapping[str, ConsentText] = MappingProxyType(content.consents)
        in_turn = sorted(content.programmes.items(), key=lambda one: (one[1].order, one[0]))
        self.programmes: Mapping[str, Programme] = MappingProxyType(dict(in_turn))
        self.content: Content = content
        self._topics: dict[tuple[str, str], list[Answer]] = defaultdict(list)
        for answer in content.answers.values():
            self._topics[answer.topic].append(answer)
        self._standards: dict[tuple[str, str], list[Standard]] = defaultdict(list)
        for row in content.standards.values():
            if not row.never_served(regions):
                self._standards[row.programme, row.region].append(row)
        self._subsidies = {(row.region, row.month): row for row in content.subsidies.values()}
        self._hotlines = tuple(content.hotlines.values())
        self._offices = tuple(content.offices.values())
        self.hours = Hours({one.region: one.week for one in content.hours.values()})
        self._stops = Stops(content.stops.values())
        self._judged: dict[tuple[str, str, date], Figure | None] = {}
        self._in_scope: dict[tuple[str, date, str, str], tuple[Answer, ...]] = {}

    # Answers

    def answers_in_scope(self, region: str, day: date, channel: str = "", programme: str = "") -> tuple[Answer, ...]:
        """What may be said here, on this day, on this channel: one answer for each topic, of one programme or of all."""
        asked = (region, day, channel, programme)
        if asked not in self._in_scope:
            if len(self._in_scope) >= _SCOPES:
                self._in_scope.clear()
            chain = self._chain(region)
            topics = (same for (code, _), same in self._topics.items() if programme in ("", code))
            found = (self._narrowest(same, chain, day, channel) for same in topics)
            self._in_scope[asked] = tuple(one for one in found if one and not self._stops.on(one, chain, day))
        return self._in_scope[asked]

    def answer(self, key: str, region: str, day: date, channel: str = "") -> Answer | None:
        """The answer on the topic of entry `key` that holds here: the most local one, or None. One that is stopped here
        gives way to what was put in its place, or says only the words of the stop."""
        known, chain = self.answers.get(key), self._chain(region)
        found = self._narrowest(self._topics[known.topic], chain, day, channel) if known else None
        stop = self._stops.on(found, chain, day) if found else None
        if found is None or stop is None:
            return found
        other = self.answers.get(stop.instead)
        if other is None or self._stops.on(other, chain, day):
            return silenced(found, stop) if stop.words else None
        return self._narrowest([other], chain, day, channel)

    def versions(self, key: str) -> tuple[Answer, ...]:
        """All answers on the topic of entry `key`, for other places, days and channels too."""
        return self.on_topic(self.answers[key].topic) if key in self.answers else ()

    def on_topic(self, topic: tuple[str, str]) -> tuple[Answer, ...]:
        """All answers on a topic, for whatever place, day and channel."""
        return tuple(self._topics.get(topic, ()))

    def stop(self, key: str, region: str, day: date) -> Stop | None:
        """What stops this answer in a place on a day."""
        return self._stops.on(self.answers[key], self._chain(region), day) if key in self.answers else None

    def _narrowest(self, same: Sequence[Answer], chain: Sequence[str], day: date, channel: str) -> Answer | None:
        best, best_rank = None, (len(chain), 2)
        for answer in same:
            scope = answer.scope
            if scope.region in chain and scope.holds(day, channel):
                rank = (chain.index(scope.region), 0 if scope.channels else 1)
                if rank < best_rank:
                    best, best_rank = answer, rank
        return best

    def sources(self, answer: Answer, day: date) -> tuple[Source, ...]:
        """Where the answer stands, for the resident: what is not known of a document is said."""
        basis = [self.source(clause.document, clause.clause, day) for clause in answer.basis]
        return (*basis, *(self.source(one.document, one.clause, day, past=True) for one in answer.history))

    def source(self, name: str, clause: str, day: date, past: bool = False) -> Source:
        """A clause as it is told: what is not known of its document is said."""
        document = self.documents.get(name)
        if document is None:
            return Source("", name, clause, "")
        said = "（历史文件）" if past else _SAID.get(document.standing(day), "")
        dated = document.dated or document.first
        return Source(document.number, document.title + said, clause, dated.isoformat() if dated else "")

    # Figures

    def figures(self, programme: str, region: str, day: date, area: str = "") -> FigureResult:
        """The programme's figures for a place. `area` narrows a city to one of its parts, or to 城市 or 农村."""
        chain = self._chain(region)
        place = self._said(region)
        best: FigureResult | None = None
        for code in chain:
            shown = narrowed(choose(self._standards.get((programme, code), ()), region, day), area)
            lines = tuple(replace(line, document=self._called(line.standard.document)) for line in shown)
            if lines:
                found = FigureResult(programme, region, place, day, max(line.state for line in lines), lines)
                if best is None or found.state > FigureState.HISTORY:
                    best = found
                if found.state > FigureState.HISTORY:
                    break
        if best is None:
            asks = "" if knows(self.regions, region) and self._has_own_figures(region) else "place"
            return FigureResult(programme, region, place, day, FigureState.NONE, asks=asks)
        return replace(best, asks="county" if len(best.areas) > 1 else "")

    def figure_sources(self, result: FigureResult) -> tuple[Source, ...]:
        """The documents of the figures shown."""
        names = dict.fromkeys(line.standard.document for line in result.lines)
        return tuple(self.source(name, "", result.day) for name in names)

    def _has_own_figures(self, region: str) -> bool:
        """Whether the place is narrow enough to have a standard: a city, a county, or a province without cities."""
        found = self.regions.get(region)
        return found.level >= 2 or (
            found.level == 1 and all(child.level == 3 for child in self.regions.children(region))
        )

    def subsidy(self, region: str, month: str) -> SubsidyResult:
        """What is on file for a month (2022-09): the place's own record, and a national measure as what it is."""
        chain = self._chain(region)
        found = [row for code in chain if (row := self._subsidies.get((code, month)))]
        own = next((row for row in found if row.region != NATION), None)
        measure = next((row for row in found if row.region == NATION), None)
        record = own or measure
        return SubsidyResult(self._said(region), month, own, measure, self._called(record.notice) if record else "")

    # Programmes and forms

    def programme(self, id: str, day: date) -> Programme | None:
        """A programme that is there on that day, and was not stopped for everybody."""
        found = self.programmes.get(id)
        if found is None or self._stops.on_programme(id, (NATION,), day):
            return None
        return found if found.reach.last is None or day <= found.reach.last else None

    def going_on(self, day: date) -> tuple[Programme, ...]:
        """The programmes that were not stopped for everybody."""
        stopped = self._stops.on_programme
        return tuple(one for one in self.programmes.values() if not stopped(one.id, (NATION,), day))

    def form(self, id: str) -> Form:
        """Raises LookupError for a form the edition does not have."""
        if id not in self.forms:
            raise LookupError(f"edition {self.number} has no form {id!r}; add content/forms/{id}.yml and publish")
        return self.forms[id]

    def chain(self, region: str) -> tuple[str, ...]:
        """The codes whose rules reach a place, narrowest first."""
        return self._chain(region)

    def figure(self, programme: str, region: str, day: date) -> Figure | None:
        """A standard as programmes judge by it; None where nothing is on file."""
        asked = (programme, region, day)
        if asked not in self._judged:
            if len(self._judged) > _REMEMBERED:
                self._judged.clear()
            self._judged[asked] = figure_of(self.figures(programme, region, day))
        return self._judged[asked]

    def _said(self, region: str) -> str:
        return self.regions.full_name(region) if region != NATION and knows(self.regions, region) else "您那里"

    def _called(self, document: str) -> str:
        return self.documents[document].name if document in self.documents else document

    # Where to turn

    def hotlines(self, region: str, need: str = "") -> tuple[Hotline, ...]:
        """The numbers for a need, the most local first; without a need all of them."""
        return self._local([line for line in self._hotlines if not need or need in line.needs], region)

    def offices(self, region: str, kind: str = "") -> tuple[Office, ...]:
        """The counters of a kind, the most local first."""
        return self._local([office for office in self._offices if not kind or kind == office.kind], region)

    def _local(self, all_of_them: Sequence[Local], region: str) -> tuple[Local, ...]:
        chain = self._chain(region)
        here = [one for one in all_of_them if one.region in chain]
        return tuple(sorted(here, key=lambda one: chain.index(one.region)))

    # Words

    def words(self, key: str) -> str:
        """A fixed text. Raises LookupError for a key the edition does not have."""
        if key not in self.content.words:
            raise LookupError(
                f"edition {self.number} has no words for {key!r}; add them to content/words.yml and publish"
            )
        return self.content.words[key].text

    def words_short(self, key: str) -> str:
        """The short form of a fixed text, or the text where it has none."""
        return (
            self.content.words[key].short
            if key in self.content.words and self.content.words[key].short
            else self.words(key)
        )

    def _chain(self, region: str) -> tuple[str, ...]:
        """The codes policy is looked up by, narrowest first. An unknown place has only what holds for the nation."""
        if not knows(self.regions, region):
            return (NATION,)
        chain = tuple(one.code for one in self.regions.chain(region))
        return chain[:-1] if OUTSIDE & set(chain) else chain
