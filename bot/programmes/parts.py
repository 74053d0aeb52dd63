"""What a programme is made of: conditions, parameters, papers, stages, amounts, each with its clauses, place and days. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol, TypeVar

from bot.logic import Test
from bot.terms import Range, Term

GROUPS = {
    "basic": "基本生活救助",
    "special": "专项救助",
    "urgent": "急难救助",
    "welfare": "福利补贴",
}
PLACES = {
    "hukou": "户口所在地",
    "here": "遇到难处的地方",
    "anywhere": "任何一个乡镇（街道）",
    "school": "就读的学校",
    "hospital": "看病的医院",
    "nowhere": "不用自己申请",
}
UNITS = ("month", "year", "once")
PER = ("person", "household", "case")


@dataclass(frozen=True, slots=True)
class Reach:
    """Where and when something holds."""

    region: str
    first: date | None = None
    last: date | None = None

    def holds(self, chain: Sequence[str], day: date) -> bool:
        return (
            self.region in chain
            and (self.first is None or self.first <= day)
            and (self.last is None or day <= self.last)
        )

    def meets(self, other: Reach) -> bool:
        """Whether both could be meant for one place and day, neither being the narrower."""
        return (
            self.region == other.region
            and (self.first or date.min) <= (other.last or date.max)
            and (other.first or date.min) <= (self.last or date.max)
        )


class Reaching(Protocol):
    @property
    def reach(self) -> Reach: ...


class Worded(Protocol):
    @property
    def text(self) -> str: ...


class Carrier(Protocol):
    @property
    def bases(self) -> tuple[Basis, ...]: ...


class Grounded(Reaching, Carrier, Protocol):
    """Something that holds somewhere for some time, on clauses."""


Local = TypeVar("Local", bound=Reaching)


def narrowest(them: Iterable[Local], chain: Sequence[str], day: date) -> tuple[Local, ...]:
    """Those that hold here and today, of the narrowest division that has any."""
    here = [one for one in them if one.reach.holds(chain, day)]
    best = min((chain.index(one.reach.region) for one in here), default=0)
    return tuple(one for one in here if chain.index(one.reach.region) == best)


@dataclass(frozen=True, slots=True)
class Basis:
    """A clause something stands on, and the days on which it does."""

    document: str
    clause: str
    reach: Reach


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a programme."""

    id: str
    text: str
    """What it asks for, in a resident's words."""
    unmet: str
    """What is said where it is probably not met: never a conclusion."""
    unsure: str
    """What is said where it stays open though nothing more can be asked."""
    test: Test
    bases: tuple[Basis, ...]
    reach: Reach

    def basis(self, chain: Sequence[str], day: date) -> Basis | None:
        """The clause it stands on that day."""
        return next(iter(narrowest(self.bases, chain, day)), None)


@dataclass(frozen=True, slots=True)
class Value:
    """What a parameter is in one place from one day on."""

    amount: Range
    bases: tuple[Basis, ...]
    reach: Reach


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number the rules leave to a place or a time: a multiple, a share. Conditions read it as `param.<name>`."""

    name: str
    text: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """A fact the programme needs, in the order in which it is useful."""

    fact: str
    when: Test | None
    """Wanted although no condition hangs on it (where help has to come to), as long as this is true."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper to bring. Not to be asked for: `why` says where the office finds it itself."""

    text: str
    field: str
    """The form's field for it, where there is one: a photo, or an agreement given in the conversation."""
    when: Test | None
    why: str
    bases: tuple[Basis, ...]


@dataclass(frozen=True, slots=True)
class Papers:
    needed: tuple[Paper, ...]
    sometimes: tuple[Paper, ...]
    not_to_ask: tuple[Paper, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage on the way, with the days the rules give it."""

    state: str
    """A key of `bot.cases.STATES`."""
    text: str
    days: int
    """0: the rules set none."""
    at_most: int
    """Where special circumstances lengthen it; 0: they do not."""
    working: bool
    """Working days, else calendar days."""
    counts_from: str
    """The state whose first day it is counted from; empty: its own."""
    bases: tuple[Basis, ...]
    reach: Reach


@dataclass(frozen=True, slots=True)
class Amount:
    """How much it may be: a range, never a decision."""

    term: Term
    text: str
    """The formula in words."""
    unit: str
    per: str
    figure: str
    """Whose standard it is worked out of; it is named with its day and its document."""
    bases: tuple[Basis, ...]
    reach: Reach


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is not known about the rules themselves, said to the resident."""

    text: str
    reach: Reach


@dataclass(frozen=True, slots=True)
class Apply:
    """Where one applies, and the next step in words."""

    at: str
    office: str
    """A kind of office (`bot.knowledge.contacts.OFFICES`), empty where no office takes it."""
    text: str
    bases: tuple[Basis, ...]
    reach: Reach


def number(low: str, high: str) -> Range:
    """A value as written, as a range."""
    return Decimal(low), Decimal(high) if high else None


def common_days(*reaches: Reach) -> tuple[date | None, date | None]:
    """The days that lie in all of them."""
    firsts = [one.first for one in reaches if one.first]
    lasts = [one.last for one in reaches if one.last]
    return max(firsts, default=None), min(lasts, default=None)
