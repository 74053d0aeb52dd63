"""A resident names a place: what was asked before it is taken up, and a name that means two places is asked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.desk.desk import Desk
from bot.desk.giving import given, needs_place
from bot.desk.question import Answered, Place, Question
from bot.desk.words import say
from bot.messages import Choice, Outcome
from bot.regions import Region


def place_said(desk: Desk, question: Question, place: Place) -> Answered:
    """The resident named a place, and nothing else: take up what was asked before it."""
    pending = question.memory.asked.removeprefix("place:") if question.memory.asked.startswith("place:") else ""
    if len(place.regions) > 1:
        return which_place(desk, question, place.regions, pending)
    region = place.regions[0]
    pending, _, then = pending.partition("@")
    day = date.fromisoformat(then) if then else question.day
    known = replace(question, day=day, memory=replace(question.memory, region=region.code))
    again = pending or (question.memory.entry if needs_place(desk, question.memory.entry, question) else "")
    if again:
        return given(desk, known, again, 1.0)
    noted = say(desk, "place_noted", region=region.code, place=desk.regions.full_name(region.code))
    return Answered((noted,), replace(known.memory, asked=""))


def which_place(desk: Desk, question: Question, regions: Sequence[Region], pending: str) -> Answered:
    options = tuple(Choice(desk.regions.full_name(region.code), {"region": region.code}) for region in regions[:8])
    reply = say(desk, "unclear_place", Outcome.CLARIFIED, reason="ambiguous_place", choices=options)
    return Answered((reply,), replace(question.memory, asked=f"place:{pending}" if pending else ""))
