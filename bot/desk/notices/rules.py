"""By which rules notices leave: the routes an office has, and the hours in which nobody's phone rings. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.clock import SHANGHAI
from bot.desk.notices.ports import Route
from bot.errors import BadInput

_QUIET = re.compile(r"([01]?\d|2[0-3])-([01]?\d|2[0-3])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Quiet:
    """From one hour to another in China, also over midnight; the first is quiet, the last is not."""

    start: time
    end: time

    def holds(self, moment: datetime) -> bool:
        here = moment.astimezone(SHANGHAI).time()
        if self.start <= self.end:
            return self.start <= here < self.end
        return here >= self.start or here < self.end

    def over(self, moment: datetime) -> datetime:
        """When the quiet hours that hold at this moment end."""
        here = moment.astimezone(SHANGHAI)
        day = here.date() + timedelta(days=1) if here.time() >= self.end else here.date()
        return datetime.combine(day, self.end, SHANGHAI).astimezone(moment.tzinfo)


@dataclass(frozen=True, slots=True)
class Rules:
    routes: tuple[Route, ...] = ()
    quiet: Quiet | None = None

    def route(self, name: str) -> Route | None:
        return next((route for route in self.routes if route.name == name), None)

    def earliest(self, moment: datetime) -> datetime:
        """The moment itself, or the end of the quiet hours it is in."""
        return self.quiet.over(moment) if self.quiet and self.quiet.holds(moment) else moment


def read_quiet(text: str) -> Quiet | None:
    """`22-7`; `off`: at any hour. Raises BadInput."""
    if text == "off":
        return None
    hours = _QUIET.fullmatch(text)
    if hours is None or hours[1] == hours[2]:
        raise BadInput(f"the setting JIUZHUTONG_NOTICE_QUIET must be two hours like 22-7, or off, not {text!r}")
    return Quiet(time(int(hours[1])), time(int(hours[2])))
