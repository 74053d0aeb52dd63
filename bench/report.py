"""The table: one line a figure, ours beside stock, the ratio, and the target it is held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Line:
    what: str
    unit: str
    ours: float | None
    stock: float | None = None
    most: float | None = None
    """The largest ratio ours/stock that will do."""
    least: float | None = None
    """The smallest ratio that will do."""
    ceiling: float | None = None
    """The largest figure of ours that will do, whatever stock does."""
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return self.ours / self.stock if self.ours is not None and self.stock else None

    @property
    def verdict(self) -> str:
        """Held, missed, or nothing to hold it against."""
        if self.ours is None or (self.most is None and self.least is None and self.ceiling is None):
            return ""
        ratio = self.ratio
        missed = (
            (self.ceiling is not None and self.ours > self.ceiling)
            or (self.most is not None and (ratio is None or ratio > self.most))
            or (self.least is not None and (ratio is None or ratio < self.least))
        )
        return "missed" if missed else "ok"

    @property
    def target(self) -> str:
        told = [
            f"≤ {self.ceiling:g} {self.unit}" if self.ceiling is not None else "",
            f"≤ {self.most:.2f}" if self.most is not None else "",
            f"≥ {self.least:g}" if self.least is not None else "",
        ]
        return " ".join(filter(None, told))


HEADINGS = ("", "unit", "ours", "stock", "ours/stock", "target", "", "")
_WIDTH = 150


def cells(line: Line) -> tuple[str, ...]:
    ratio = line.ratio
    return (
        line.what,
        line.unit,
        _figure(line.ours),
        _figure(line.stock),
        "" if ratio is None else f"{ratio:.3f}",
        line.target,
        line.verdict,
        line.note,
    )


def show(lines: Sequence[Line], title: str = "", caption: str = "") -> None:
    out = Console(highlight=False)
    table = Table(*HEADINGS, title=title or None, title_justify="left", caption=caption or None)
    for line in lines:
        table.add_row(*cells(line))
    Console(width=max(out.width, _WIDTH), highlight=False).print(table)


def missed(lines: Sequence[Line]) -> list[str]:
    return [line.what for line in lines if line.verdict == "missed"]


def _figure(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 1 else f"{value:.3f}"
