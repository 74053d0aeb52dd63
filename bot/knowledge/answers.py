"""Answers and their scope: approved text that holds for a place, for its days and channels, on clauses of documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.knowledge.fields import NATION, Fields
from bot.regions import RegionTree

PROGRAMMES = {
    "general": "社会救助",
    "dibao": "低保",
    "bianyuan": "低保边缘",
    "gangxing": "刚性支出困难家庭",
    "tekun": "特困供养",
    "linshi": "临时救助",
    "jiage": "价格补贴",
    "shiye": "失业和就业",
    "ertong": "儿童",
    "canji": "残疾人",
    "laonian": "老年人",
    "yiliao": "医疗救助",
    "jiaoyu": "教育救助",
    "zhufang": "住房救助",
    "zaihai": "受灾救助",
    "liulang": "流浪乞讨救助",
    "falv": "司法和法律援助",
    "rexian": "热线",
    "quanli": "权利和救济",
    "yinsi": "隐私",
    "banli": "办理",
    "yiqing": "疫情时的规定",
}
CHANNELS = ("wechat", "weibo", "app", "senior", "staff")
STANDARD_LOOKUP, SUBSIDY_LOOKUP = "standard", "price_subsidy"
STANDARD_IF_KNOWN = "standard_if_known"
"""The text says something without the figures too: it is given at once, and the place is asked with it."""
LOOKUPS = (STANDARD_LOOKUP, SUBSIDY_LOOKUP, STANDARD_IF_KNOWN)
# National assistance rules of the mainland do not reach there: nothing on file is the true answer.
OUTSIDE = frozenset({"710000", "810000", "820000"})


@dataclass(frozen=True, slots=True)
class Clause:
    """One place in one document."""

    document: str
    clause: str

    @classmethod
    def read(cls, fields: Fields) -> Clause:
        clause = cls(fields.text("document"), fields.text("clause", required=False))
        fields.end()
        return clause


@dataclass(frozen=True, slots=True)
class Scope:
    """Where, when and on which channels something holds."""

    region: str
    first: date
    last: date | None
    channels: tuple[str, ...]
    """Empty: on all of them."""

    @classmethod
    def read(cls, fields: Fields, tree: RegionTree) -> Scope:
        region = fields.region("region", tree, default=NATION)
        first, last = fields.day("from", required=True), fields.day("to")
        channels = fields.several("channels", CHANNELS)
        fields.end()
        return cls(region, first or date.max, last, channels)

    def holds(self, day: date, channel: str) -> bool:
        return (
            self.first <= day
            and (self.last is None or day <= self.last)
            and (not self.channels or channel in self.channels)
        )

    def meets(self, other: Scope) -> bool:
        """Whether one day and one channel lie in both, and neither is the more special of the two."""
        days = self.first <= (other.last or date.max) and other.first <= (self.last or date.max)
        channels = bool(set(self.channels) & set(other.channels)) or not (self.channels or other.channels)
        return days and channels


@dataclass(frozen=True, slots=True)
class Answer:
    """One approved answer. It is said word for word."""

    id: str
    title: str
    programme: str
    aspect: str
    text: str
    short: str
    basis: tuple[Clause, ...]
    history: tuple[Clause, ...]
    phrasings: tuple[str, ...]
    scope: Scope
    lookup: str
    """What data is put before the text: a standard, a price subsidy, or nothing."""
    lookup_programme: str

    @classmethod
    def read(cls, fields: Fields, tree: RegionTree) -> Answer:
        answer = cls(
            id=fields.text("id"),
            title=fields.text("title"),
            programme=fields.one_of("programme", PROGRAMMES),
            aspect=fields.text("aspect"),
            text=fields.text("text"),
            short=fields.text("short"),
            basis=tuple(Clause.read(one) for one in fields.groups("basis")),
            history=tuple(Clause.read(one) for one in fields.groups("history")),
            phrasings=fields.texts("phrasings"),
            scope=Scope.read(fields.group("scope"), tree),
            lookup=fields.one_of("lookup", LOOKUPS, required=False),
            lookup_programme=fields.one_of("lookup_programme", PROGRAMMES, required=False),
        )
        fields.end()
        return answer

    @property
    def topic(self) -> tuple[str, str]:
        """What it is about: a local answer takes the place of a wider one on the same topic."""
        return self.programme, self.aspect

    @property
    def wordings(self) -> tuple[str, ...]:
        """All ways it is asked for: its title and its phrasings."""
        return self.title, *self.phrasings
