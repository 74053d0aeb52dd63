"""What a form's conditions can ask for: the answers, and what an identity number says by itself. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from bot.forms.model import Form, Given, Kind, State, split_path

Answers = Mapping[str, Given]


def members_of(form: Form, answers: Answers) -> int:
    """How many people the household has; the applicant alone until it is known."""
    given = answers.get(form.members) if form.members else None
    return max(1, int(given.value)) if given and given.state is State.SAID else 1


def facts_of(form: Form, answers: Answers, today: date, member: int = 0) -> dict[str, Any]:
    """The answers as `bot.logic` reads them: money as (low, high), an address also as `<key>.region`, and from an
    identity number `age` and `sex`. For a member, their own answers go before those of the form; `members.<key>` is what
    all members said, `minors` how many of them are under eighteen."""
    facts: dict[str, Any] = {}
    said = [(*split_path(path), given.value) for path, given in answers.items() if given.state is State.SAID]
    # What is asked of nobody in particular may be told by the applicant's own answers, never by another member's.
    for number in (1, 0) if not member else (0, member):
        for at, key, value in said:
            if at == number:
                _add(facts, key, value)
    for at, key, value in said:
        if at:
            several = facts.setdefault(f"members.{key}", [])
            several.extend(value if isinstance(value, list) else [value])
    identity = _identity(form, answers, member)
    if identity:
        facts["age"] = age(identity, today)
        facts["sex"] = sex(identity)
    if member:
        facts["member"] = member
    facts["minors"] = sum(
        age(theirs, today) < 18
        for one in range(1, members_of(form, answers) + 1)
        if (theirs := _identity(form, answers, one))
    )
    return facts


def born(identity: str) -> date:
    """The birth date inside an identity number."""
    return date(int(identity[6:10]), int(identity[10:12]), int(identity[12:14]))


def age(identity: str, today: date) -> int:
    """Whole years on that day."""
    day = born(identity)
    return today.year - day.year - ((today.month, today.day) < (day.month, day.day))


def sex(identity: str) -> str:
    return "male" if int(identity[16]) % 2 else "female"


def _add(facts: dict[str, Any], key: str, value: Any) -> None:
    facts[key] = value
    if isinstance(value, dict) and "low" in value:
        facts[key] = (Decimal(value["low"]), None if value["high"] is None else Decimal(value["high"]))
    elif isinstance(value, dict) and "region" in value:
        facts[f"{key}.region"] = value["region"]


def _identity(form: Form, answers: Answers, member: int) -> str:
    """The identity number of this member; the applicant's may also stand outside the household."""
    keys = {one.field.key for step in form.steps for one in step.fields if one.field.kind is Kind.IDENTITY}
    wanted = (member,) if member > 1 else (1, 0)
    for number in wanted:
        for path, given in answers.items():
            at, key = split_path(path)
            if at == number and key in keys and given.state is State.SAID:
                return str(given.value)
    return ""
