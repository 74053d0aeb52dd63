"""What a place pays, as a programme sees it: handed in from the published figures, never taken from a neighbour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from bot.terms import Range


@dataclass(frozen=True, slots=True)
class Figure:
    """A standard of one place on one day, in yuan a person and month. A side without a value was not published."""

    place: str
    urban: Range | None
    rural: Range | None
    current: bool
    """False: the last one found is too old to judge by; it may only be told as what it was."""
    since: str
    """From when, as exactly as it is known: 2025年9月1日."""
    document: str
    """The id of the document it stands in."""

    def range(self, side: str) -> Range | None:
        """The standard as far as it can be judged by, for 城镇, 农村 or (with `side` empty) whichever it is.

        One that is not on file is still more than nothing: who has no income at all is below it.
        """
        if not self.current:
            return UNPUBLISHED
        if side:
            return (self.urban if side == "urban" else self.rural) or UNPUBLISHED
        a, b = self.urban or UNPUBLISHED, self.rural or UNPUBLISHED
        return min(a[0], b[0]), None if a[1] is None or b[1] is None else max(a[1], b[1])

    @property
    def two_sided(self) -> bool:
        return self.current and self.urban != self.rural


UNPUBLISHED: Range = (Decimal("0.01"), None)
Figures: TypeAlias = Callable[[str, str, date], Figure | None]
"""(programme, division code, day) → its standard, or None where nothing is on file."""
Chain: TypeAlias = Callable[[str], tuple[str, ...]]
"""A division code → the codes whose rules reach it, narrowest first."""
