"""Charts as plain data, and where their points stand; `templates/charts.html` draws them as SVG. Pure.

A chart answers one question; the answer is the sentence above it (`said`). Every number knows the list behind it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 720, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 96, 16, 32
_MOST_NAMES = 8
"""Names under a line; more would run into each other."""
_NEAR = 18
"""Two names at the end of lines stand at least so far apart."""


@dataclass(frozen=True, slots=True)
class Point:
    """One number. `link`: the address of the list behind it; empty where nobody may open it."""

    name: str
    number: float | None
    """None: nothing is known of it; a line has a gap there, and a table a dash."""
    link: str = ""
    shown: str = ""
    """How it is written where the bare number would not do: 2 天 3 小时."""

    @property
    def text(self) -> str:
        return self.shown or ("—" if self.number is None else f"{self.number:g}")


@dataclass(frozen=True, slots=True)
class Bars:
    """Lengths beside each other: kinds, places, reasons."""

    title: str
    said: str
    points: Sequence[Point]
    unit: str = "个"
    empty: str = "还没有数据。"
    kind: str = "bars"

    def share(self, point: Point) -> float:
        """Of the longest bar, in hundredths; what is not nothing can be seen."""
        most = max((one.number or 0 for one in self.points), default=0)
        return max(1.0, round(100 * (point.number or 0) / most, 1)) if most and point.number else 0.0


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    points: Sequence[Point]
    """As many as every other series of its chart has, with the same names."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A point with its place in the drawing."""

    x: float
    y: float
    point: Point


@dataclass(frozen=True, slots=True)
class Lines:
    """One to three numbers over time, the oldest first."""

    title: str
    said: str
    series: Sequence[Series]
    unit: str = "个"
    empty: str = "还没有数据。"
    kind: str = "lines"

    @property
    def top(self) -> float:
        """A round number at or above the largest."""
        return round_up(max((one.number or 0 for line in self.series for one in line.points), default=0))

    @property
    def drawn(self) -> bool:
        """Whether there is anything to draw."""
        return any(one.number is not None for line in self.series for one in line.points)

    @property
    def grid(self) -> Sequence[tuple[float, str]]:
        """The height and the number of each line behind the drawing; only whole numbers."""
        wanted = (0, self.top / 2, self.top)
        return [(self._y(one), f"{one:g}") for one in wanted if one == int(one)]

    @property
    def right(self) -> float:
        return WIDTH - _RIGHT

    @property
    def names(self) -> Sequence[tuple[float, str]]:
        """Those under the drawing: so many as fit, the newest always."""
        points = self.series[0].points if self.series else ()
        every = max(1, math.ceil(len(points) / _MOST_NAMES))
        last = len(points) - 1
        return [(self._x(at), one.name) for at, one in enumerate(points) if (last - at) % every == 0]

    def runs(self, line: Series) -> Sequence[str]:
        """The pieces of a line between its gaps, as SVG wants them."""
        found: list[list[Mark]] = [[]]
        for at, point in enumerate(line.points):
            if point.number is None:
                found.append([])
            else:
                found[-1].append(Mark(self._x(at), self._y(point.number), point))
        return [" ".join(f"{one.x:g},{one.y:g}" for one in run) for run in found if len(run) > 1]

    def marks(self, line: Series) -> Sequence[Mark]:
        return [
            Mark(self._x(at), self._y(point.number), point)
            for at, point in enumerate(line.points)
            if point.number is not None
        ]

    def ends(self) -> Sequence[tuple[float, str, int]]:
        """The height and name of each line's end, and which line it is; names do not cover each other."""
        found = [(marks[-1].y, line.name, at) for at, line in enumerate(self.series) if (marks := self.marks(line))]
        placed: list[tuple[float, str, int]] = []
        for y, name, at in sorted(found):
            placed.append((max(y, placed[-1][0] + _NEAR) if placed else y, name, at))
        low = HEIGHT - _BOTTOM + 4
        over = max(0.0, placed[-1][0] - low) if placed else 0.0
        return [(y - over, name, at) for y, name, at in placed]

    def _x(self, at: int) -> float:
        count = max((len(line.points) for line in self.series), default=0)
        wide = WIDTH - _LEFT - _RIGHT
        return round(_LEFT + (wide * at / (count - 1) if count > 1 else wide / 2), 1)

    def _y(self, number: float) -> float:
        return round(_TOP + (HEIGHT - _TOP - _BOTTOM) * (1 - number / self.top), 1)


def largest(points: Sequence[Point], total: int) -> str:
    """The sentence above bars: which is the longest, and how much of all; empty where there is nothing."""
    most = max(points, key=lambda one: one.number or 0, default=None)
    if most is None or not most.number or not total:
        return ""
    return f"最多的是“{most.name}”，占 {round(100 * most.number / total)} %。"


def round_up(number: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50 …; whole, and never nothing."""
    if number <= 1:
        return 1
    unit = 10 ** math.floor(math.log10(number))
    return float(next(unit * step for step in (1, 2, 5, 10) if unit * step >= number))
