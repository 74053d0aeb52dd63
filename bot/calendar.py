"""Working days in China: weekends, the State Council's holidays, and the weekends that are worked instead. Pure.

The days are `content/calendar.csv`, which an office may edit and `deploy/seed_calendar.py` prints anew; they are announced
one year at a time, in November. A deadline that reaches into a year nobody announced is counted by weekends alone and says that it is not sure.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from bot.errors import BadInput

COLUMNS = ("day", "kind", "note", "source")
_KINDS = {"holiday": False, "workday": True}
_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a time that a document sets."""

    day: date
    sure: bool
    """False: some of it lies in a year whose holidays are not announced yet."""

    def __str__(self) -> str:
        about = "" if self.sure else "约"
        return f"{about}{self.day.year}年{self.day.month}月{self.day.day}日"


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Which days offices work. Without any days on file only weekends are known, and nothing is sure."""

    days: Mapping[date, bool] = field(default_factory=dict)
    """Days that differ from the week: False for a holiday, True for a weekend that is worked."""
    years: frozenset[int] = frozenset()
    """The years whose holidays are on file."""

    @classmethod
    def of(cls, days: Mapping[date, bool]) -> WorkingDays:
        return cls(dict(days), frozenset(day.year for day, works in days.items() if not works))

    @classmethod
    def from_csv(cls, path: Path) -> WorkingDays:
        """Raises BadInput that names the line."""
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                return cls.of(dict(_read(csv.DictReader(file, strict=True), path.name)))
        except (OSError, UnicodeDecodeError, csv.Error) as e:
            raise BadInput(
                f"the calendar {path.name} cannot be read ({type(e).__name__}); put it back as it was"
            ) from e

    def works(self, day: date) -> bool:
        return self.days.get(day, day.weekday() < 5)

    def deadline(self, since: date, days: int, *, working: bool = True) -> Deadline:
        """The last of `days` days after `since`, which itself does not count."""
        if days < 1:
            raise BadInput(f"a time of {days} days cannot be counted; mend the stage")
        if not working:
            return Deadline(since + days * _ONE, sure=True)
        day = since
        for _ in range(days):
            day = self._next(day)
        return Deadline(day, all(year in self.years for year in range(since.year, day.year + 1)))

    def _next(self, day: date) -> date:
        day += _ONE
        while not self.works(day):
            day += _ONE
        return day


def _read(rows: csv.DictReader[str], name: str) -> Iterable[tuple[date, bool]]:
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise BadInput(f"the columns of {name} must be {','.join(COLUMNS)}; put the first line back")
    seen: set[date] = set()
    for row in rows:
        where = f"line {rows.line_num} of {name}"
        try:
            day, works = date.fromisoformat(row["day"]), _KINDS[row["kind"]]
        except (ValueError, KeyError, TypeError) as e:
            raise BadInput(f"{where} is not a day (2027-01-01) and holiday or workday; mend it") from e
        if day in seen:
            raise BadInput(f"{where} names {day} a second time; delete one of the two")
        if works == (day.weekday() < 5):
            raise BadInput(f"{where} calls {day} a {row['kind']}, which it is without the line; mend or delete it")
        seen.add(day)
        yield day, works
