"""Who is nearest to a place among colleagues: the narrowest division of theirs that holds it."""

from __future__ import annotations

from bot.desk.desk import Desk
from bot.regions import UnknownRegion
from bot.staff import Staff


def nearness(desk: Desk, staff: Staff, region: str) -> int:
    """How many divisions stand above the narrowest one of theirs that holds this place; 0: none is known to."""
    return max((_depth(desk, own) for own in staff.regions if not region or _within(desk, region, own)), default=0)


def _depth(desk: Desk, code: str) -> int:
    try:
        return len(desk.regions.chain(code))
    except UnknownRegion:
        return 0


def _within(desk: Desk, region: str, own: str) -> bool:
    try:
        return desk.regions.is_within(region, own)
    except UnknownRegion:
        return False
