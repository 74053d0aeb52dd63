"""When people answer: service hours by place, several spans a day, with holidays and make-up days. Pure.

The hours are `content/hours.csv`, which an office edits: `region,spans,note`, spans like `mon-fri 08:30-12:00 13:30-17:00;
sat 09:00-12:00`, in the time of China. Without a file somebody may be there at any time.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby, pairwise
from pathlib import Path

from bot.calendar import WorkingDays
from bot.clock import SHANGHAI
from bot.errors import BadInput

COLUMNS = ("region", "spans", "note")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAMES = "一二三四五六日"
_PART = re.compile(r"([a-z]{3})(?:-([a-z]{3}))?((?: \d\d:\d\d-\d\d:\d\d)+)")
_AHEAD = 60
"""Days looked ahead for the next opening: the longest holiday is far shorter."""

Span = tuple[time, time]
Week = tuple[tuple[Span, ...], ...]
"""The spans of Monday to Sunday."""


@dataclass(frozen=True, slots=True)
class Hours:
    weeks: Mapping[str, Week] = field(default_factory=dict)
    """By division code; a place without its own has those of the division around it."""

    @classmethod
    def from_csv(cls, path: Path) -> Hours:
        """Raises BadInput that names the line."""
        try:
            with path.open(encoding="utf-8-sig", newline="") as file:
                return cls(dict(_read(csv.DictReader(file, strict=True), path.name)))
        except (OSError, UnicodeDecodeError, csv.Error) as e:
            raise BadInput(
                f"the hours {path.name} cannot be read ({type(e).__name__}); put them back as they were"
            ) from e

    def open(self, now: datetime, chain: Sequence[str], calendar: WorkingDays) -> bool:
        """`chain`: the place and the divisions around it, the narrowest first."""
        week = self._week(chain)
        if week is None:
            return True
        here = now.astimezone(SHANGHAI)
        return any(start <= here.time() < end for start, end in _spans(week, here.date(), calendar))

    def next_span(self, now: datetime, chain: Sequence[str], calendar: WorkingDays) -> tuple[datetime, datetime] | None:
        """When people are there next, from when until when; None: it is not known."""
        week = self._week(chain)
        here = now.astimezone(SHANGHAI)
        for ahead in range(_AHEAD if week else 0):
            day = here.date() + timedelta(days=ahead)
            for start, end in _spans(week or (), day, calendar):
                if ahead or end > here.time():
                    return datetime.combine(day, start, SHANGHAI), datetime.combine(day, end, SHANGHAI)
        return None

    def after(self, now: datetime, time: timedelta, chain: Sequence[str], calendar: WorkingDays) -> datetime:
        """When so much time has passed in which people are there; without known hours any time counts."""
        at, left = now, time
        while (span := self.next_span(at, chain, calendar)) is not None:
            start = max(at, span[0])
            if start + left <= span[1]:
                return (start + left).astimezone(now.tzinfo)
            at, left = span[1], left - (span[1] - start)
        return (at + left).astimezone(now.tzinfo)

    def said(self, chain: Sequence[str]) -> str:
        """周一到周五08:30—12:00、13:30—17:00; empty where there are none."""
        parts: list[str] = []
        for first, last, spans in alike(self._week(chain) or ()):
            days = f"周{_NAMES[first]}" + (f"到周{_NAMES[last]}" if last > first else "")
            parts.append(days + "、".join(f"{start:%H:%M}—{end:%H:%M}" for start, end in spans))
        return "，".join(parts)

    def _week(self, chain: Sequence[str]) -> Week | None:
        return next((self.weeks[code] for code in (*chain, "000000") if code in self.weeks), None)


def alike(week: Week) -> Iterator[tuple[int, int, tuple[Span, ...]]]:
    """First and last of days that follow each other with the same spans; days without any are left out."""
    for spans, days in groupby(range(len(week)), key=lambda day: week[day]):
        if spans:
            first, *more = days
            yield first, (more or [first])[-1], spans


def _spans(week: Week, day: date, calendar: WorkingDays) -> tuple[Span, ...]:
    """A holiday has none; a weekend that is worked has Monday's."""
    works = calendar.days.get(day)
    if works is False:
        return ()
    return week[0 if works and day.weekday() > 4 and not week[day.weekday()] else day.weekday()]


def _read(rows: csv.DictReader[str], name: str) -> Iterator[tuple[str, Week]]:
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise BadInput(f"the columns of {name} must be {','.join(COLUMNS)}; put the first line back")
    seen: set[str] = set()
    for row in rows:
        where = f"line {rows.line_num} of {name}"
        region = row["region"] or ""
        if not re.fullmatch(r"\d{6,12}", region, re.ASCII) or region in seen:
            raise BadInput(f"{where}: {region[:20]!r} is no division code, or stands there twice; mend it")
        seen.add(region)
        try:
            yield region, week_of(row["spans"] or "")
        except ValueError as e:
            raise BadInput(f"{where}: {e}; write spans like mon-fri 08:30-12:00 13:30-17:00; sat 09:00-12:00") from e


def week_of(text: str) -> Week:
    """Raises ValueError that says which part is not understood."""
    days: list[tuple[Span, ...]] = [()] * 7
    for part in text.split(";"):
        match = _PART.fullmatch(part.strip())
        if match is None or {match[1], match[2] or match[1]} - set(DAYS):
            raise ValueError(f"{part.strip()[:40]!r} is not understood")
        first, last = DAYS.index(match[1]), DAYS.index(match[2] or match[1])
        spans = tuple(_span(one) for one in match[3].split())
        if last < first or any(one[1] > two[0] for one, two in pairwise(spans)):
            raise ValueError(f"{part.strip()[:40]!r} is out of order")
        for day in range(first, last + 1):
            if days[day]:
                raise ValueError(f"{DAYS[day]} stands there twice")
            days[day] = spans
    return tuple(days)


def _span(text: str) -> Span:
    start, end = (time.fromisoformat(one) for one in text.split("-"))
    if end <= start:
        raise ValueError(f"{text} ends before it begins")
    return start, end
