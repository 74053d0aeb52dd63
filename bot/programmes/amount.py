"""How much it may be: a range with its formula, the figure it is worked out of, that figure's day and document.

An estimate, never a decision: what counts is what the office finds.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from bot.programmes.assess import Assessment, Facts
from bot.programmes.figures import Figure
from bot.programmes.parts import Amount, Basis

_UNITS = {"month": "每月", "year": "每年", "once": "一次"}
_PER = {"person": "每人", "household": "全家", "case": ""}


@dataclass(frozen=True, slots=True)
class Estimate:
    """A range in yuan. `high` None: there is no upper end; low and high None: not to be worked out here."""

    amount: Amount
    low: Decimal | None
    high: Decimal | None
    figure: Figure | None
    """The published standard it rests on; one that is not `current` is only told as what it was."""
    basis: Basis | None

    @property
    def known(self) -> bool:
        return self.low is not None

    @property
    def text(self) -> str:
        """The range in words: 全家每月约300到900元."""
        if self.low is None:
            return ""
        who = _PER[self.amount.per] + _UNITS[self.amount.unit]
        if self.high is None:
            return f"{who}至少约{_yuan(self.low)}元"
        if self.low == self.high:
            return f"{who}约{_yuan(self.low)}元"
        return f"{who}最多约{_yuan(self.high)}元" if not self.low else f"{who}约{_yuan(self.low)}到{_yuan(self.high)}元"


def estimate(assessment: Assessment, programme: str) -> tuple[Estimate, ...]:
    """The amounts of a programme for a household, by its narrowest rules; empty where the rules name none.

    Without a figure that is still good there is no range, only the formula: a neighbour's figure or last year's is
    nobody's.
    """
    found = assessment.programmes[programme]
    rules = found.on(assessment.chain_for(found), assessment.household.day)
    facts = assessment.facts(found)
    return tuple(_estimate(amount, basis, facts) for amount, basis in rules.amounts)


def _estimate(amount: Amount, basis: Basis | None, facts: Facts) -> Estimate:
    figure = facts.household.figure(amount.figure) if amount.figure else None
    usable = not amount.figure or (figure is not None and figure.current)
    found = amount.term(facts) if usable else None
    if found is None:
        return Estimate(amount, None, None, figure, basis)
    high = None if found[1] is None else _whole(found[1], ROUND_CEILING)
    return Estimate(amount, _whole(found[0], ROUND_FLOOR), high, figure, basis)


def _whole(value: Decimal, way: str) -> Decimal:
    """To whole yuan, after the last digits that a division leaves behind are gone."""
    return value.quantize(Decimal("0.01")).quantize(Decimal(1), way)


def _yuan(value: Decimal) -> str:
    return f"{value:f}"
