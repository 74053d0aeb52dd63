"""A place's published figures as programmes judge by them: a month, 城镇 and 农村 apart, and only what is still good."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from bot.knowledge.figures import FigureLine, FigureResult, FigureState
from bot.knowledge.standards import Side
from bot.programmes.figures import Figure
from bot.terms import Range

_MONTHS = {"month": Decimal(1), "year": Decimal(12)}


def figure_of(found: FigureResult) -> Figure | None:
    """The figures of one programme and place; None where there are none. Where parts of a place differ, a range."""
    newest = max((line.state for line in found.lines), default=FigureState.NONE)
    if newest is FigureState.NONE:
        return None
    lines = [line for line in found.lines if line.state is newest]
    start = lines[0].standard.start
    return Figure(
        place=found.place,
        urban=_range(lines, Side.URBAN),
        rural=_range(lines, Side.RURAL),
        current=newest > FigureState.HISTORY,
        since=start.said if start else "",
        document=lines[0].standard.document,
    )


def _range(lines: Iterable[FigureLine], side: Side) -> Range | None:
    values = [
        (Decimal(value) / _MONTHS[line.standard.unit]).quantize(Decimal("0.01"))
        for line in lines
        if (value := line.urban if side is Side.URBAN else line.rural)
    ]
    return (min(values), max(values)) if values else None
