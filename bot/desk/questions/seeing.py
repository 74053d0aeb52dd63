"""What the publicity desk sees of a question and of its places: no person, and of few people no place below the city."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from bot.asking import week_of
from bot.clock import today
from bot.desk.asking_ports import Number, Wanted
from bot.desk.desk import Desk
from bot.errors import BadInput, NotYours
from bot.knowledge.fields import knows
from bot.language.impersonal import impersonal
from bot.staff import Staff, covers, may

READ, SUGGEST = "questions.read", "questions.suggest"
FEW = 3
"""Fewer people than this could be found by their place."""
WEEKS = 8
"""So many weeks are drawn."""
_CITY = 2
_COUNTY_HIDDEN = "〔区县〕"


def needs(staff: Staff, right: str = READ) -> None:
    """Raises NotYours. Asked here too, because not every door is the console."""
    if not may(staff, right):
        raise NotYours("您的账号不能看居民的提问；请找宣传编辑或审核")


def wanted(desk: Desk, staff: Staff, weeks: int = 4, place: str = "", **more: str) -> Wanted:
    """These many weeks up to today, this one among them; `place` inside what somebody works for."""
    needs(staff)
    if place and (not knows(desk.regions, place) or not covers(staff, place, desk.regions)):
        raise BadInput(f"“{place[:20]}”不在您负责的地区里，请从列表里选")
    until = today(desk.clock)
    return Wanted(staff.regions, week_of(until) - timedelta(weeks=weeks - 1), until, place=place, **more)


def shown(desk: Desk, words: str, people: int) -> str:
    """The words without the person; of few people without the county either."""
    text = impersonal(words)
    if people >= FEW:
        return text
    for match in reversed(desk.regions.find(text)):
        if all(region.level > _CITY for region in match.candidates):
            text = text[: match.start] + _COUNTY_HIDDEN + text[match.end :]
    return text


def places(desk: Desk, counted: Iterable[Number]) -> Mapping[str, int]:
    """How often, by division: counties where few asked are told as their city. The place is the first part of each key."""
    told: dict[str, int] = defaultdict(int)
    for one in counted:
        told[place_told(desk, one.key[0], one.people)] += one.number
    return dict(sorted(told.items(), key=lambda item: (-item[1], item[0])))


def place_told(desk: Desk, region: str, people: int) -> str:
    """The division itself, or its city where few people asked; empty where none is known."""
    if not region or not knows(desk.regions, region):
        return ""
    chain = desk.regions.chain(region)
    if people >= FEW:
        return region
    return next((one.code for one in chain if one.level <= _CITY), region)


def place_called(desk: Desk, region: str) -> str:
    return desk.regions.full_name(region) if region and knows(desk.regions, region) else "还不知道在哪里"


def weeks_until(day: date, count: int = WEEKS) -> list[date]:
    """The Mondays of so many weeks, the oldest first; that of this day last."""
    last = week_of(day)
    return [last - timedelta(weeks=back) for back in reversed(range(count))]
