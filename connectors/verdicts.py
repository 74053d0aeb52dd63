"""What a platform's error codes mean for us: each is a verdict, a verdict is an error to raise, and some stop an interface
for a while so that nothing hammers at it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.clock import SHANGHAI, Clock
from bot.errors import Misconfigured, Paused, QuotaSpent, TryAgain, Undeliverable

log = logging.getLogger(__name__)

ALARM_SECONDS = 300.0

Alarm = Callable[[str], None]
"""Told the name of what only a person can mend."""


class Action(StrEnum):
    DONE = "done"
    AGAIN = "again"
    REFRESH = "refresh"
    """Get a token, once, and repeat, once."""
    HOLD = "hold"
    """Nothing gets through before the resident writes again."""
    GIVE_UP = "give up"
    PAUSE = "pause"
    """Until midnight in Beijing, when the allowance starts anew."""
    REST = "rest"
    """An hour's allowance is used up: for `after` seconds nothing goes out."""
    ALARM = "alarm"
    """Ours to mend: somebody must be told, and sending stops for a while."""


@dataclass(frozen=True, slots=True)
class Verdict:
    name: str
    action: Action
    staff: str
    """One sentence: what happened, and what staff can do instead."""
    after: float = 1.0


def fault(verdict: Verdict, now: datetime) -> TryAgain | Undeliverable:
    """The verdict as the error to raise; `reason` and the first word of the message are the verdict's name."""
    message = f"{verdict.name}: {verdict.staff}"
    match verdict.action:
        case Action.AGAIN | Action.REFRESH:
            return TryAgain(message, verdict.after)
        case Action.PAUSE:
            return Paused(message, until_midnight(now))
        case Action.REST:
            return Paused(message, verdict.after)
        case Action.ALARM:
            return Misconfigured(message, verdict.after)
        case Action.HOLD:
            return QuotaSpent(message, verdict.name)
        case _:
            return Undeliverable(message, verdict.name)


def until_midnight(now: datetime) -> float:
    """Seconds until the day changes in Beijing."""
    here = now.astimezone(SHANGHAI)
    tomorrow = (here + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return (tomorrow - here).total_seconds()


class Stops:
    """Which interfaces of one platform rest, and what a person was told already."""

    def __init__(self, platform: str, clock: Clock, alarm: Alarm | None = None) -> None:
        self._clock = clock
        self._tell = alarm or (lambda name: log.error("%s needs a person: %s", platform, name))
        self._told: dict[str, datetime] = {}
        self._stopped: dict[str, tuple[datetime, Verdict]] = {}

    def alarm(self, name: str) -> None:
        """Once in a while: a thousand failed sends are one thing to mend."""
        now = self._clock.now()
        if name not in self._told or now - self._told[name] >= timedelta(seconds=ALARM_SECONDS):
            self._told[name] = now
            self._tell(name)

    def fault(self, path: str, verdict: Verdict) -> TryAgain | Undeliverable:
        """The error to raise for this verdict; where it is one that lasts, calls to `path` end in it from now on."""
        found = fault(verdict, self._clock.now())
        if verdict.action in (Action.PAUSE, Action.REST, Action.ALARM) and isinstance(found, TryAgain):
            self._stopped[path] = (self._clock.now() + timedelta(seconds=found.after), verdict)
            self.alarm(verdict.name)
        elif verdict.name.startswith("unknown_"):
            self.alarm(verdict.name)
        return found

    def check(self, path: str) -> None:
        """After an alarm or a spent day, calls end here until their time comes: hammering helps nobody."""
        until, verdict = self._stopped.get(path, (None, None))
        if until is None or verdict is None:
            return
        left = (until - self._clock.now()).total_seconds()
        if left <= 0:
            del self._stopped[path]
            return
        found = fault(verdict, self._clock.now())
        if isinstance(found, TryAgain):
            found.after = left
        raise found
