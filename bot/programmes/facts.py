"""A household's facts: what was told, and what follows from it (income a head and month, share of spending)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from bot.programmes.figures import UNPUBLISHED, Figure, Figures
from bot.terms import Range, as_range

PLACE, HERE, SIDE, SIZE = "place", "place_now", "hukou_kind", "household_size"
INCOME, SPENDING = "household_income", "rigid_spending"
FIGURE, PUBLISHED = "figure", "published"
"""`figure.dibao` is the standard of the place, at least more than nothing; `published.dibao` only one on file."""
BIGGEST = Decimal(30)
"""More people than live in one household."""
_MONTHS = {"month": Decimal(1), "year": Decimal(1) / 12, "day": Decimal(30), "once": Decimal(1) / 12, "": Decimal(1)}
_ANY: Range = (Decimal(0), None)


def monthly(money: Any, usual: str = "month") -> Range | None:
    """An amount as it was told (bot.forms MONEY) in yuan a month; None for no amount. `usual`: when nothing was said of
    the time it is for."""
    if money is None:
        return None
    if not isinstance(money, Mapping):
        return as_range(money)
    months = _MONTHS.get(str(money.get("per") or usual), Decimal(1))
    low, high = money.get("low"), money.get("high")
    if low is None:
        return None
    return Decimal(str(low)) * months, None if high is None else Decimal(str(high)) * months


class Household(Mapping[str, Any]):
    """What is known of a household on a day, with what follows from it. Facts not known are missing.

    `asked`: the questions that were asked, also those nobody could answer: they are not asked again.
    """

    def __init__(
        self, told: Mapping[str, Any], day: date, figures: Figures, *, region: str = "", asked: Collection[str] = ()
    ) -> None:
        self.told, self.day, self.asked = told, day, frozenset(asked)
        place = told.get(PLACE)
        self.region = str(place.get("region") or "") if isinstance(place, Mapping) else str(place or region)
        self._figures, self._worked_out = figures, dict[str, Any]()

    def here(self) -> Household:
        """The same household where it is now: what help on the spot goes by. Its register where it is not said."""
        now = self.told.get(HERE)
        return self if now is None else Household({**self.told, PLACE: now}, self.day, self._figures, asked=self.asked)

    def with_answer(self, fact: str, value: Any) -> Household:
        """The same household, knowing one thing more."""
        return Household({**self.told, fact: value}, self.day, self._figures, region=self.region, asked=self.asked)

    def __getitem__(self, name: str) -> Any:
        value = self.get(name)
        if value is None:
            raise KeyError(name)
        return value

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a fact; `default` where it is not known."""
        if name not in self._worked_out:
            self._worked_out[name] = self._work_out(name)
        value = self._worked_out[name]
        return default if value is None else value

    def _work_out(self, name: str) -> Any:
        value = self.told.get(name)
        if value is None:
            derive = _DERIVED.get(name)
            return derive(self) if derive else self._of_place(name)
        return monthly(value, "month" if name == INCOME else "year") if name in (INCOME, SPENDING) else value

    def __iter__(self) -> Iterator[str]:
        return iter(self.told)

    def __len__(self) -> int:
        return len(self.told)

    def figure(self, programme: str) -> Figure | None:
        """The standard of its place; None while the place is not known."""
        return self._figures(programme, self.region, self.day) if self.region else None

    def _of_place(self, name: str) -> Range | None:
        kind, _, programme = name.partition(".")
        if kind not in (FIGURE, PUBLISHED):
            return None
        found = self.figure(programme)
        if kind == PUBLISHED and not (found and found.current):
            return None
        return found.range(str(self.told.get(SIDE) or "")) if found else UNPUBLISHED

    def refine(self, name: str) -> frozenset[str]:
        """The questions not asked yet that would make a fact known, or known more exactly."""
        if "." not in name:
            behind = BEHIND.get(name)
            return frozenset().union(*map(self._unasked, behind)) if behind else self._unasked(name)
        kind, _, programme = name.partition(".")
        if kind not in (FIGURE, PUBLISHED):
            return frozenset()
        if not self.region:
            return self._unasked(PLACE)
        found = self.figure(programme)
        return self._unasked(SIDE) if found and found.two_sided else frozenset()

    def _unasked(self, fact: str) -> frozenset[str]:
        return frozenset() if fact in self.told or fact in self.asked else frozenset({fact})


def _per_person(household: Household) -> Range:
    """Income a head and month. As long as a part is not told it lies between what it could be at least and at most."""
    income, size = household.get(INCOME, _ANY), as_range(household.told.get(SIZE)) or (Decimal(1), BIGGEST)
    most, least = size[1] or BIGGEST, max(size[0], Decimal(1))
    return income[0] / most, None if income[1] is None else income[1] / least


def _rigid_share(household: Household) -> Range | None:
    """Spending that cannot be avoided as a percentage of income."""
    income, spending = household.get(INCOME), household.get(SPENDING)
    if income is None or spending is None:
        return None
    low = Decimal(0) if income[1] is None else _percent(spending[0], income[1])
    return low, None if spending[1] is None or income[0] == 0 else _percent(spending[1], income[0])


def _percent(part: Decimal, whole: Decimal) -> Decimal:
    return part / whole * 100 if whole else Decimal(0) if part == 0 else Decimal(10_000)


_DERIVED: Mapping[str, Callable[[Household], Any]] = {
    "per_person_income": _per_person,
    "rigid_share": _rigid_share,
}
BEHIND: Mapping[str, tuple[str, ...]] = {
    "per_person_income": (INCOME, SIZE),
    "rigid_share": (SPENDING, INCOME),
}
"""What each derived fact is worked out of."""
