"""Which figure a place has on a day. It fails closed: a figure is current, last published, history, or there is none.

A figure is *current* when its first and last day are known and the day lies between; without a known last day it is
*last published* for eighteen months from its start, and then *history*. A neighbour's figure, or a province's minimum,
is never any of them.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import IntEnum

from bot.knowledge.standards import Side, Standard

_KEEPS_MONTHS = 18
# A value known only by its end (“调整前的数”) says nothing of days long before that end.
_KNOWN_BEFORE_END = timedelta(days=366)


class FigureState(IntEnum):
    """How far a figure can be relied on; the higher, the better."""

    NONE = 0
    HISTORY = 1
    LAST_PUBLISHED = 2
    CURRENT = 3


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One value to show: a row of the table, for those sides on which it is the newest."""

    standard: Standard
    state: FigureState
    urban: str
    rural: str
    document: str = ""
    """How its document is called."""


@dataclass(frozen=True, slots=True)
class FigureResult:
    """The figures of one programme for one place on one day."""

    programme: str
    region: str
    place: str
    """The place as the resident would say it."""
    day: date
    state: FigureState
    lines: tuple[FigureLine, ...] = ()
    asks: str = ""
    """`place` when none is known that could have a figure, `county` when parts of the city have different ones."""

    @property
    def areas(self) -> tuple[str, ...]:
        """The parts of the place that have values of their own."""
        return tuple(dict.fromkeys(line.standard.area for line in self.lines if line.standard.counties))


def choose(rows: Sequence[Standard], asked: str, day: date) -> tuple[FigureLine, ...]:
    """The newest value of each part and side, from one place's rows for one programme, as `asked` may see them.

    `asked` is the resident's division: a county sees its own part only; whoever names just the city sees all parts.
    """
    here = [row for row in rows if not row.counties or asked in row.counties or asked == row.region]
    whole = [row for row in here if not row.area]
    lines: dict[int, FigureLine] = {}
    for area in dict.fromkeys(row.area for row in here):
        part = [row for row in here if row.area == area]
        # A value for the whole place takes over from an older one of a part of it; not from a way of living.
        rivals = part + whole if area and part[0].counties else part
        if not area and any(row.counties for row in here) and asked != part[0].region:
            continue
        for side in Side:
            _keep(lines, rows, _newest(rivals, side, day), side)
    return tuple(lines[at] for at in sorted(lines))


def narrowed(lines: Iterable[FigureLine], area: str) -> tuple[FigureLine, ...]:
    """Only what was asked for: 城市 or 农村, or one part of the place by (a piece of) its name."""
    side = {"城市": Side.URBAN, "城镇": Side.URBAN, "农村": Side.RURAL, "乡村": Side.RURAL}.get(area)
    if side is Side.URBAN:
        return tuple(replace(line, rural="") for line in lines if line.urban)
    if side is Side.RURAL:
        return tuple(replace(line, urban="") for line in lines if line.rural)
    return tuple(line for line in lines if not area or not line.standard.area or area in line.standard.area)


def _keep(
    lines: dict[int, FigureLine], rows: Sequence[Standard], found: tuple[Standard, FigureState] | None, side: Side
) -> None:
    if found is None:
        return
    row, state = found
    line = lines.setdefault(rows.index(row), FigureLine(row, state, "", ""))
    value = row.value(side)
    lines[rows.index(row)] = replace(line, urban=value) if side is Side.URBAN else replace(line, rural=value)


def _newest(rows: Iterable[Standard], side: Side, day: date) -> tuple[Standard, FigureState] | None:
    ranked = [(*judged, row) for row in rows if row.value(side) and (judged := judge(row, day))]
    if not ranked:
        return None
    state, _, row = max(ranked, key=lambda one: (one[0] > FigureState.HISTORY, one[1], one[2].area != ""))
    return row, state


def judge(row: Standard, day: date) -> tuple[FigureState, date] | None:
    """How a row stands on a day, and the newest day it is known for; None when it says nothing about that day."""
    if row.start is None:
        if row.last is None or day < row.last - _KNOWN_BEFORE_END:
            return None
        return FigureState.HISTORY, row.last
    if day < row.start.day:
        return None
    if row.last is None:
        fresh = day < months_later(row.start.day, _KEEPS_MONTHS)
        return (FigureState.LAST_PUBLISHED if fresh else FigureState.HISTORY), row.start.day
    return (FigureState.CURRENT, row.start.day) if day <= row.last else (FigureState.HISTORY, row.last)


def months_later(day: date, months: int) -> date:
    """The same day of the month, or the month's last one."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
