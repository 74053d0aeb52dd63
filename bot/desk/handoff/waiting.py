"""What a resident hears about the wait: their place, and how long it lately took. Nothing is promised that was not seen."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.clock import SHANGHAI
from bot.conversations import Conversation, Holder
from bot.desk.desk import Desk
from bot.desk.ports import Work

ANSWER_IN = timedelta(minutes=10)
"""By when a queued or held resident should have an answer; after it the conversation is overdue."""
URGENT_IN = timedelta(minutes=2)
_LATELY, _ENOUGH = timedelta(hours=24), 5
"""Fewer waits than this within a day tell nothing."""
_MOST = 60
"""Minutes; beyond it a number helps nobody."""


class Wait(NamedTuple):
    """The marks {ahead} and {wait} of the fixed words."""

    ahead: str
    wait: str


async def marks(desk: Desk, work: Work, conversation: Conversation) -> Wait:
    number = await work.talks.ahead(conversation) if conversation.holder is Holder.QUEUED else 0
    ahead = _words(desk, "queue_ahead", number=str(number)) if number else _words(desk, "queue_first")
    minutes = await usual_minutes(desk, work)
    wait = _words(desk, "queue_wait", minutes=str(minutes)) if minutes else _words(desk, "queue_wait_unknown")
    return Wait(ahead, wait)


async def usual_minutes(desk: Desk, work: Work) -> int:
    """Within so many minutes three of four were taken up lately; 0: too few were, or it takes too long to say."""
    waits = sorted(await work.talks.waits(desk.clock.now() - _LATELY, 40))
    if len(waits) < _ENOUGH:
        return 0
    minutes = waits[math.ceil(len(waits) * 0.75) - 1].total_seconds() / 60
    rounded = max(5, 5 * math.ceil(minutes / 5))
    return rounded if rounded <= _MOST else 0


def answer_by(desk: Desk, region: str, now: datetime, urgent: bool = False) -> datetime:
    """By when somebody should have answered: in the hours they work; what is urgent does not wait for them."""
    if urgent:
        return now + URGENT_IN
    return desk.service_hours.after(now, ANSWER_IN, desk.edition.chain(region), desk.calendar)


def moment_in_words(moment: datetime) -> str:
    """11月26日12:00"""
    here = moment.astimezone(SHANGHAI)
    return f"{here.month}月{here.day}日{here:%H:%M}"


def _words(desk: Desk, key: str, **marks: str) -> str:
    text = desk.edition.words(key).strip()
    for name, value in marks.items():
        text = text.replace("{" + name + "}", value)
    return text
