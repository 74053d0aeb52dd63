"""The one clock. Policy is dated, windows expire and leases end: all of them ask here, so a test can move the day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    def now(self) -> datetime:
        """The moment, in UTC and aware of it."""
        ...


def today(clock: Clock) -> date:
    """The day in China: the day every answer, figure and deadline is read by."""
    return clock.now().astimezone(SHANGHAI).date()


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock:
    """A clock that moves only when told to: for tests, and for the service as it will be on a day."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    @classmethod
    def on(cls, day: date, hour: int = 10) -> FixedClock:
        return cls(datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI).astimezone(UTC))

    def now(self) -> datetime:
        return self._now

    def advance(self, **by: float) -> None:
        self._now += timedelta(**by)
