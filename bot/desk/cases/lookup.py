"""Look a case up by its receipt number and two facts, so that a stranger learns nothing, not even that it exists.

The same reads and the same comparisons are made for a number that is not there, one that is somebody else's, and one whose
facts are wrong; all three get the same words. Guesses are counted by conversation and by number, whether or not the
number exists, and nothing at all is read once somebody guessed too often.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.conversations import Conversation
from bot.desk.case_ports import Case, Person
from bot.desk.cases.proof import Facts, proves
from bot.desk.desk import Desk
from bot.desk.ports import Work

TRIES = 5
PAUSE = timedelta(minutes=15)
"""After `TRIES` misses in this time a conversation rests until the first of them is that old."""
TRIES_A_DAY = 15
"""Of one conversation; then people help."""
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
ALARM = 50
"""Misses of everybody in an hour that ring at the operators'."""
EVERYBODY = "everybody"
_NOBODY = Person("", "某某某", "000000190001010000", "00000000000", datetime(2000, 1, 1, tzinfo=UTC))
"""Compared with where there is no case: the same work, and nothing anybody says is right twice."""


class Found(StrEnum):
    FOUND = "found"
    MISSED = "missed"
    PAUSED = "paused"
    """For some minutes."""
    LATER = "later"
    """For the day: the window helps."""


@dataclass(frozen=True, slots=True)
class Looked:
    found: Found
    case: Case | None = None
    person: str = ""
    """Whose facts were right: the applicant's or the helper's."""


async def look(desk: Desk, work: Work, conversation: Conversation, number: str, facts: Facts) -> Looked:
    """One guess. A miss is counted in the caller's unit of work."""
    now = desk.clock.now()
    talk, case_key = f"conversation:{conversation.id}", f"number:{number}"
    lately = await work.cases.tries(talk, now - PAUSE)
    today = await work.cases.tries(talk, now - DAY)
    of_number = await work.cases.tries(case_key, now - DAY)
    if today >= TRIES_A_DAY or of_number >= TRIES:
        return Looked(Found.LATER)
    if lately >= TRIES:
        return Looked(Found.PAUSED)
    case, people = await work.cases.proof(number)
    right = [person.id for person in (*people, _NOBODY, _NOBODY)[:2] if proves(facts, person) and person.id]
    if case is None or not right:
        for key in (talk, case_key, EVERYBODY):
            await work.cases.tried(key, now)
        return Looked(Found.MISSED)
    return Looked(Found.FOUND, case, right[0])


async def misses_of_the_hour(desk: Desk, work: Work) -> int:
    """How many guesses missed within the hour, for the operators' alarm."""
    return await work.cases.tries(EVERYBODY, desk.clock.now() - HOUR)
