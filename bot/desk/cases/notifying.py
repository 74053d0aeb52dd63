"""Tell a resident what became of their case: by the best way there is, else by a person.

One function for every notice; the ways are `bot.desk.notices.ports.ORDER`, walked by `bot.desk.notices.going`. Whatever
became of it stands in the case's timeline.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.desk.case_ports import Case, Person
from bot.desk.cases.whose import person_of
from bot.desk.desk import Desk
from bot.desk.notices import going
from bot.desk.notices.ports import MESSAGE, Stage
from bot.desk.ports import Message, Work

NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Notice:
    """What to tell: fixed words of the edition, the officer's own words in them, and what can be done next."""

    key: str
    text: str = ""
    offers: tuple[str, ...] = ()
    task: str = ""
    """Stands already: where no message gets through, nobody is called twice."""


@dataclass(frozen=True, slots=True)
class Told:
    """The way a notice took."""

    way: str
    """message, task, nobody, or the platform's route it waits for: subscription, template, sms."""
    id: str
    """Of the message, the task, or the notice."""


async def notify(desk: Desk, work: Work, case: Case, notice: Notice) -> Told:
    """Tell the applicant, or the helper where the applicant has no channel of their own."""
    person = await _reachable(work, case)
    if person is None:
        await work.cases.note(case, "system", "", desk.clock.now(), notice=notice.key, way=NOBODY)
        return Told(NOBODY, "")
    values = going.values(desk, case, notice.key)
    now = desk.clock.now()
    made = await work.notices.add(case.id, person.id, notice.key, notice.text, notice.offers, values, now, notice.task)
    gone = await going.advance(desk, work, made)
    return Told(*going.way(gone))


async def _reachable(work: Work, case: Case) -> Person | None:
    """None where whoever it is about had themselves forgotten: they are not called on what they asked us to forget."""
    person, helper = await person_of(work, case.person), await person_of(work, case.helper)
    if person and (not helper or await work.people.conversations(person.id)):
        return person
    if helper and (not person or not person.phone or await work.people.conversations(helper.id)):
        return helper
    return person


async def not_delivered(desk: Desk, work: Work, message: Message) -> None:
    """A notice that the platform did not take after all goes the next way, once. Nothing happens for other messages."""
    notice = await work.notices.of_message(message.id)
    if notice is None or notice.stage is not Stage.TOLD or notice.route != MESSAGE:
        return
    await work.notices.tried(notice, MESSAGE, "undelivered", "", desk.clock.now())
    await going.advance(desk, work, notice, instead_of=message.id)
