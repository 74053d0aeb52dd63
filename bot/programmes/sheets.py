"""A sheet's answers as a household's facts: an application says of each member what a pre-check asks of all at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from bot.forms.facts import age
from bot.forms.model import Given, State, split_path
from bot.programmes.facts import INCOME, PLACE, SPENDING, monthly
from bot.terms import Range

INCOMES = ("income_wages", "income_business", "income_property", "income_transfer")
RIGID = ("spending_medical", "spending_education", "spending_rehabilitation", "spending_other")
PEOPLE = "people"
_ELDER, _ADULT = 60, 18
_WORKLESS = ("registered", "jobless")


def from_answers(answers: Mapping[str, Given], day: date) -> dict[str, Any]:
    """The answers as facts, where one answer for all (全家收入, 家里有谁) goes before what the members' add up to. What
    somebody did not know stays unknown, and so does the sum it belongs to."""
    known: dict[str, Any] = {}
    told: dict[str, list[Any]] = defaultdict(list)
    members: dict[int, dict[str, Any]] = defaultdict(dict)
    for path, given in answers.items():
        member, key = split_path(path)
        value = given.value if given.state is State.SAID else None
        told[key].append(value)
        if member:
            members[member][key] = value
        elif value is not None:
            known[key] = value
    known.setdefault(INCOME, _sum([told[key] for key in INCOMES], "month"))
    known.setdefault(SPENDING, _sum([told[key] for key in RIGID if key in told], "year"))
    known.setdefault(PLACE, known.get("hukou"))
    if members:
        known.setdefault(PEOPLE, sorted({who for one in members.values() for who in _who(one, day)}))
    return {key: value for key, value in known.items() if value is not None}


def _sum(kinds: list[list[Any]], usual: str) -> Range | None:
    """Of all amounts of these kinds, a month; None while one of the kinds, or one amount, is not known."""
    amounts = [monthly(one, usual) for kind in kinds for one in kind]
    known = [one for one in amounts if one is not None]
    if not kinds or not all(kinds) or len(known) < len(amounts):
        return None
    highs = [high for _, high in known if high is not None]
    low = sum((low for low, _ in known), Decimal(0))
    return low, sum(highs, Decimal(0)) if len(highs) == len(known) else None


def _who(member: Mapping[str, Any], day: date) -> Iterator[str]:
    """The groups of `people` a member belongs to."""
    identity = member.get("identity")
    if identity:
        years = age(str(identity), day)
        yield from ["elder"] if years >= _ELDER else ["child"] if years < _ADULT else []
    level, kind = member.get("disability_level"), member.get("disability_kind")
    if level in ("first", "second"):
        yield "severe"
    elif level == "third" and kind in ("mind", "mental"):
        yield "mental"
    elif level in ("third", "fourth"):
        yield "disabled"
    if member.get("health") == "ill":
        yield "ill"
    work = member.get("work")
    if work == "student":
        yield "student"
    elif work in _WORKLESS and member.get("labour", "able") == "able":
        yield "jobless"
