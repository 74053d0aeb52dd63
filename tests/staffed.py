"""A desk whose people are there at any time, whatever hours the edition holds: for talks whose clock runs on into lunch.
Service hours have tests of their own (tests/desk/handoff)."""

from __future__ import annotations

from dataclasses import dataclass, fields

from bot.desk.desk import Desk
from bot.hours import Hours


@dataclass(frozen=True)
class AlwaysStaffed(Desk):
    @property
    def service_hours(self) -> Hours:
        return Hours()


def always_staffed(desk: Desk) -> Desk:
    """The same desk, with people there at any time."""
    return AlwaysStaffed(**{one.name: getattr(desk, one.name) for one in fields(desk)})
