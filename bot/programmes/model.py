"""A benefit programme as data: who may have it, where one applies, what is asked for, how long it takes. Pure.

Everything that differs by place or day carries its region and its days; the narrowest that holds there wins, and where
none holds the thing is not known. No programme is known by name in the code: a file in content/programmes is enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.programmes.parts import (
    Amount,
    Apply,
    Basis,
    Condition,
    Doubt,
    Grounded,
    Local,
    Need,
    Papers,
    Parameter,
    Reach,
    Stage,
    Value,
    Worded,
    common_days,
    narrowest,
)

_REMEMBERED = 2_000


@dataclass(frozen=True, slots=True)
class InForce:
    """What of a programme holds in one place on one day."""

    conditions: tuple[tuple[Condition, Basis | None], ...]
    """Each with the clause it stands on."""
    parameters: Mapping[str, Value]
    stages: tuple[Stage, ...]
    amounts: tuple[tuple[Amount, Basis | None], ...]
    doubts: tuple[Doubt, ...]
    apply: Apply | None


@dataclass(frozen=True, slots=True)
class Programme:
    id: str
    name: str
    plain: str
    """What people call it, and what it is, in one line."""
    group: str
    topic: str
    """The programme under which the answers and figures about it stand."""
    order: int
    """Where it stands in a list of programmes."""
    urgent: bool
    """Its facts are asked before everything else."""
    here: bool
    """It is applied for where somebody is in need: the rules and figures of that place count, not of the register."""
    reach: Reach
    apply: tuple[Apply, ...]
    conditions: tuple[Condition, ...]
    parameters: tuple[Parameter, ...]
    needs: tuple[Need, ...]
    papers: Papers
    stages: tuple[Stage, ...]
    amounts: tuple[Amount, ...]
    doubts: tuple[Doubt, ...]
    form: str
    """The form one applies with; empty: there is none here, the office has its own."""
    _memo: dict[tuple[tuple[str, ...], date], InForce] = field(default_factory=dict, compare=False, repr=False)
    """What holds where and when, worked out once: a household asks for it a hundred times."""

    def on(self, chain: Sequence[str], day: date) -> InForce:
        """What of it holds in a place on a day."""
        asked = (tuple(chain), day)
        if asked not in self._memo:
            if len(self._memo) >= _REMEMBERED:
                self._memo.clear()
            self._memo[asked] = _in_force(self, asked[0], day)
        return self._memo[asked]

    def stages_on(self, chain: Sequence[str], day: date) -> tuple[Stage, ...]:
        """The stages in force here on a day, each state by its narrowest rule."""
        return self.on(chain, day).stages

    def apply_on(self, chain: Sequence[str], day: date) -> Apply | None:
        return self.on(chain, day).apply

    def doubts_on(self, chain: Sequence[str], day: date) -> tuple[Doubt, ...]:
        return self.on(chain, day).doubts

    def parameter(self, name: str) -> Parameter | None:
        return next((one for one in self.parameters if one.name == name), None)

    @property
    def grounds(self) -> tuple[tuple[Basis, date | None, date | None], ...]:
        """Every clause the programme names with the days on which something stands on it: for checks, and for asking
        what hangs on a document."""
        owners: list[Grounded] = [*self.apply, *self.conditions, *self.stages, *self.amounts]
        owners += [value for parameter in self.parameters for value in parameter.values]
        found = [(basis, one.reach) for one in owners for basis in one.bases]
        papers = (*self.papers.needed, *self.papers.sometimes, *self.papers.not_to_ask)
        found += [(basis, self.reach) for paper in papers for basis in paper.bases]
        return tuple((basis, *common_days(basis.reach, reach, self.reach)) for basis, reach in found)

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything of it a resident may read."""
        conditions = [text for one in self.conditions for text in (one.text, one.unmet, one.unsure)]
        papers = (*self.papers.needed, *self.papers.sometimes, *self.papers.not_to_ask)
        others: tuple[Worded, ...] = (*self.apply, *self.stages, *self.amounts, *self.doubts, *self.parameters)
        said = [self.plain, self.name, *conditions, *(one.text for one in others)]
        said += [text for one in papers for text in (one.text, one.why)]
        return tuple(text for text in said if text)

    @property
    def reads(self) -> frozenset[str]:
        """The facts its conditions ask for, derived ones included: what a pre-check has to ask."""
        needs = [one.when.reads for one in self.needs if one.when]
        return frozenset().union(*needs, *(one.test.reads for one in self.conditions))

    @property
    def mentions(self) -> frozenset[str]:
        """The facts its amounts and papers use where they are known; nobody is asked for these alone."""
        papers = [one.when.reads for one in self.papers.sometimes if one.when]
        return frozenset().union(*papers, *(one.term.reads for one in self.amounts))


def _in_force(programme: Programme, chain: tuple[str, ...], day: date) -> InForce:
    def first(them: Iterable[Local]) -> Local | None:
        return next(iter(narrowest(them, chain, day)), None)

    def each(them: Iterable[Local], called: Callable[[Local], str]) -> Iterator[Local]:
        """Of those called alike the narrowest."""
        shelves: dict[str, list[Local]] = {}
        for one in them:
            shelves.setdefault(called(one), []).append(one)
        return (one for same in shelves.values() for one in narrowest(same, chain, day))

    values = {parameter.name: first(parameter.values) for parameter in programme.parameters}
    return InForce(
        conditions=tuple((one, first(one.bases)) for one in each(programme.conditions, lambda one: one.id)),
        parameters={name: value for name, value in values.items() if value},
        stages=tuple(each(programme.stages, lambda one: one.state)),
        amounts=tuple((one, first(one.bases)) for one in narrowest(programme.amounts, chain, day)),
        doubts=tuple(one for one in programme.doubts if one.reach.holds(chain, day)),
        apply=first(programme.apply),
    )
