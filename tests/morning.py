"""A clock that begins at ten on a working day and runs: the office is there, and lunch is far away."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from bot.clock import FixedClock
from tests.desk.conftest import DAY


class Morning:
    """`skip` lets time pass at once."""

    def __init__(self) -> None:
        self._began, self._from = FixedClock.on(DAY).now(), time.monotonic()

    def now(self) -> datetime:
        return self._began + timedelta(seconds=time.monotonic() - self._from)

    def skip(self, **by: float) -> None:
        self._began += timedelta(**by)
