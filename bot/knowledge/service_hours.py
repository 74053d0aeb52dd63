"""When people answer, by place, as an entry of the content: `mon-fri 08:30-12:00 13:30-17:00; sat 09:00-12:00`."""

from __future__ import annotations

from dataclasses import dataclass

from bot.hours import COLUMNS, DAYS, Span, Week, alike, week_of
from bot.knowledge.fields import Fields
from bot.regions import RegionTree


@dataclass(frozen=True, slots=True)
class ServiceHours:
    """The week of one place. A place without its own has that of the division around it."""

    region: str
    week: Week
    note: str

    @classmethod
    def read(cls, fields: Fields, tree: RegionTree) -> ServiceHours:
        made = cls(fields.region("region", tree), _week(fields), fields.text("note", required=False))
        fields.end()
        return made


def spans_of(week: Week) -> str:
    """A week as the content files say it: days alike stand together."""
    return "; ".join(
        DAYS[first] + (f"-{DAYS[last]}" if last > first else "") + f" {times_of(spans)}"
        for first, last, spans in alike(week)
    )


def times_of(spans: tuple[Span, ...]) -> str:
    """08:30-12:00 13:30-17:00"""
    return " ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in spans)


def _week(fields: Fields) -> Week:
    said = fields.text("spans")
    try:
        return week_of(said) if said else ()
    except ValueError:
        fields.complain("spans", f"“{said}”看不懂", "写成 mon-fri 08:30-12:00 13:30-17:00; sat 09:00-12:00 这样")
        return ()


__all__ = ["COLUMNS", "ServiceHours", "spans_of", "times_of"]
