"""What a resident's question came to: the words that count, and how its turn ended. Pure.

A question is kept for the people who write answers. Nothing said inside a form, in distress or in a report of wrongdoing is
one; taps and numbers count as use of an answer, without words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum

from bot.messages import Outcome, Reply


class Ended(StrEnum):
    """How a turn ended, for counting."""

    ANSWERED = "answered"
    CLARIFIED = "clarified"
    DECLINED = "declined"
    REDIRECTED = "redirected"
    PERSON = "person"
    """A person was asked for."""
    DISLIKED = "disliked"
    """The answer before it did not help."""


NAMES: dict[Ended, str] = {
    Ended.ANSWERED: "答上了",
    Ended.CLARIFIED: "反问",
    Ended.DECLINED: "没有答案",
    Ended.REDIRECTED: "指到别处",
    Ended.PERSON: "转人工",
    Ended.DISLIKED: "说没解决",
}
DISLIKED = "disliked"
"""Why a reply was given, to somebody who said that the answer before did not help."""
UNCLEAR, NOT_OURS = "unclear", "off_topic"
"""Why a question was asked back or declined, as the desk's replies say it: the words could mean several answers; it is about
something else than assistance, and no answer is missing."""
SOON = timedelta(minutes=10)
"""What comes within this time belongs to the answer before it."""
_COUNTED = {
    Outcome.ANSWERED: Ended.ANSWERED,
    Outcome.CLARIFIED: Ended.CLARIFIED,
    Outcome.DECLINED: Ended.DECLINED,
    Outcome.REDIRECTED: Ended.REDIRECTED,
    Outcome.PERSON: Ended.PERSON,
}
_WORDS = (Ended.ANSWERED, Ended.CLARIFIED, Ended.DECLINED, Ended.REDIRECTED)
_LETTERS = re.compile(r"[一-鿿]")
_LEAST = 2
"""Fewer Chinese characters ask nothing that could be grouped."""
LONGEST = 200
"""Characters of a question that are kept: whoever writes more tells a story, which is theirs."""


def ended(replies: Sequence[Reply]) -> tuple[Ended, Reply] | None:
    """How the turn of these replies ended, and the reply that says so; None: it was no question. Of two the answer counts."""
    found = [(_COUNTED[one.outcome], one) for one in replies if one.outcome in _COUNTED]
    disliked = next((one for one in replies if one.reason == DISLIKED), None)
    if disliked is not None:
        return Ended.DISLIKED, disliked
    # An answer with a question of an open form behind it is an answer; that question alone is none.
    return min(found, key=lambda one: list(Ended).index(one[0])) if found else None


def has_words(how: Ended, text: str) -> bool:
    """Whether the text is a question in somebody's own words."""
    return how in _WORDS and len(text) <= LONGEST and len(_LETTERS.findall(text)) >= _LEAST


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())
