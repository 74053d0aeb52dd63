"""How a household's facts meet the programmes: likely, not likely, or not to be told yet; each with clause and reason.

The office decides. Nothing here is a decision, and a result that is not likely is never said as a refusal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.knowledge.fields import NATION
from bot.programmes.facts import PLACE, Household
from bot.programmes.figures import Chain
from bot.programmes.model import Programme
from bot.programmes.parts import Apply, Basis, Condition, Doubt

LIKELY_OF, PARAMETER = "likely", "param"


class Result(StrEnum):
    LIKELY = "likely"
    CANNOT_TELL = "cannot_tell"
    NOT_LIKELY = "not_likely"


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition, how it stands, and the clause it stands on."""

    condition: Condition
    value: bool | None
    basis: Basis | None
    missing: tuple[str, ...] = ()
    """The facts that could still settle it, in the order of use."""

    @property
    def text(self) -> str:
        """What is said of it."""
        if self.value is None:
            return self.condition.text if self.missing else self.condition.unsure or self.condition.text
        return self.condition.text if self.value else self.condition.unmet or self.condition.text


@dataclass(frozen=True, slots=True)
class Verdict:
    """What can be told a household of one programme."""

    programme: Programme
    result: Result
    reasons: tuple[Reason, ...]
    missing: tuple[str, ...]
    """The facts that could still change it, in the order of use."""
    doubts: tuple[Doubt, ...]
    apply: Apply | None
    """Where to go, and the next step in words."""

    @property
    def next(self) -> tuple[str, ...]:
        """The facts to ask for now: those of its first open condition (nobody is asked who keeps a child, before it is
        known that there is one)."""
        return next((reason.missing for reason in self.reasons if reason.missing), self.missing)

    @property
    def telling(self) -> tuple[Reason, ...]:
        """The reasons that made it what it is."""
        wanted = {Result.LIKELY: True, Result.NOT_LIKELY: False, Result.CANNOT_TELL: None}[self.result]
        return tuple(reason for reason in self.reasons if reason.value is wanted)


class Assessment:
    """All programmes for one household. Verdicts are worked out once and may build on each other (`likely.dibao`)."""

    def __init__(self, programmes: Iterable[Programme], household: Household, chain: Chain) -> None:
        self.household = household
        self.programmes = {one.id: one for one in programmes}
        self._chain_of = chain
        self.chain = chain(household.region)
        self.household_here = household.here()
        self.chain_here = chain(self.household_here.region)
        self._verdicts: dict[str, Verdict] = {}
        self._results: dict[str, Result] = {}
        self._working: set[str] = set()

    def verdict(self, programme: str) -> Verdict:
        """Raises LookupError for a programme that is not there."""
        if programme not in self._verdicts:
            self._verdicts[programme] = self._judge(self.programmes[programme])
        return self._verdicts[programme]

    def result(self, programme: str) -> Result:
        """The verdict's result alone, which is cheaper than all that is said with it."""
        if programme not in self._results:
            if programme in self._working:
                raise LookupError(f"the programmes {sorted(self._working)} build on each other in a circle")
            self._working.add(programme)
            self._results[programme] = self._weigh(self.programmes[programme])
            self._working.discard(programme)
        return self._results[programme]

    def all(self) -> tuple[Verdict, ...]:
        """Of every programme in force here: the likely ones first, in the order of the programmes."""
        order = list(Result)
        here = [one.id for one in self.programmes.values() if self._holds(one)]
        return tuple(sorted(map(self.verdict, here), key=lambda one: order.index(one.result)))

    def with_answer(self, fact: str, value: Any) -> Assessment:
        """The same for a household of which one thing more is known."""
        return Assessment(self.programmes.values(), self.household.with_answer(fact, value), self._chain_of)

    def _holds(self, programme: Programme) -> bool:
        return programme.reach.holds(self.chain_for(programme), self.household.day)

    def facts(self, programme: Programme) -> Facts:
        """What the conditions of one programme see."""
        return Facts(self, programme)

    def chain_for(self, programme: Programme) -> tuple[str, ...]:
        """The codes whose rules count for it: where one is, or where one is registered."""
        return self.chain_here if programme.here else self.chain

    def _judge(self, programme: Programme) -> Verdict:
        facts = self.facts(programme)
        rules = programme.on(self.chain_for(programme), self.household.day)
        order = {need.fact: at for at, need in enumerate(programme.needs)}
        values = [condition.test(facts) for condition, _ in rules.conditions]
        holds = self._holds(programme)
        result = self._results.setdefault(programme.id, _result(values) if holds else Result.CANNOT_TELL)
        asks = result is Result.CANNOT_TELL and holds
        reasons = []
        for (condition, basis), value in zip(rules.conditions, values, strict=True):
            still = condition.test.open(facts, facts.refine) if asks and value is None else frozenset[str]()
            reasons.append(Reason(condition, value, basis, _in_order(still, order)))
        missing = {fact for reason in reasons for fact in reason.missing}
        if result is Result.LIKELY:
            missing.update(*(facts.refine(need.fact) for need in programme.needs if need.when and need.when(facts)))
        return Verdict(programme, result, tuple(reasons), _in_order(missing, order), rules.doubts, rules.apply)

    def _weigh(self, programme: Programme) -> Result:
        if not self._holds(programme):
            return Result.CANNOT_TELL
        facts = self.facts(programme)
        rules = programme.on(self.chain_for(programme), self.household.day)
        return _result(condition.test(facts) for condition, _ in rules.conditions)


def _result(values: Iterable[bool | None]) -> Result:
    """One condition that is not met decides; without a condition (not that day, not that place) nothing can be told."""
    found, some = Result.LIKELY, False
    for value in values:
        some = True
        if value is False:
            return Result.NOT_LIKELY
        if value is None:
            found = Result.CANNOT_TELL
    return found if some else Result.CANNOT_TELL


class Facts(Mapping[str, Any]):
    """What one programme's conditions see: the household, its own parameters, and the other programmes' verdicts."""

    def __init__(self, assessment: Assessment, programme: Programme) -> None:
        self._assessment, self._programme = assessment, programme
        self.household = assessment.household_here if programme.here else assessment.household
        self._chain = assessment.chain_for(programme)

    def __getitem__(self, name: str) -> Any:
        value = self.get(name)
        if value is None:
            raise KeyError(name)
        return value

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a fact; `default` where it is not known."""
        if "." not in name:
            return self.household.get(name, default)
        kind, _, rest = name.partition(".")
        value: Any
        if kind == LIKELY_OF:
            value = self._likely(rest)
        elif kind == PARAMETER:
            found = self._programme.on(self._chain, self.household.day).parameters.get(rest)
            value = found.amount if found else None
        else:
            value = self.household.get(name)
        return default if value is None else value

    def _likely(self, programme: str) -> bool | None:
        if programme not in self._assessment.programmes:
            return None
        result = self._assessment.result(programme)
        return None if result is Result.CANNOT_TELL else result is Result.LIKELY

    def refine(self, name: str) -> frozenset[str]:
        """The questions that could make a fact known, or known more exactly."""
        if "." not in name:
            return self.household.refine(name)
        kind, _, rest = name.partition(".")
        if kind == LIKELY_OF:
            known = rest in self._assessment.programmes
            return frozenset(self._assessment.verdict(rest).missing) if known else frozenset()
        if kind == PARAMETER:
            parameter = self._programme.parameter(rest)
            local = parameter and any(value.reach.region != NATION for value in parameter.values)
            return self.household.refine(PLACE) if local and not self.household.region else frozenset()
        return self.household.refine(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self.household)

    def __len__(self) -> int:
        return len(self.household)


def _in_order(facts: Iterable[str], order: Mapping[str, int]) -> tuple[str, ...]:
    found = list(facts)
    return tuple(sorted(found, key=lambda fact: (order.get(fact, len(order)), fact)) if len(found) > 1 else found)
