"""Tell a resident what became of their case: by a message where the platform still lets one out, else by a person.

One function for every notice. A further way (a template of the platform, a text message) is one more entry in `WAYS`:
asked in order, the first that takes a notice has it. Whatever became of it stands in the case's timeline.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time

from bot.clock import SHANGHAI
from bot.desk.case_ports import Case, Person
from bot.desk.cases.naming import office_name, programme_name, state_of, tail
from bot.desk.cases.whose import person_of
from bot.desk.desk import Desk
from bot.desk.ports import Message, Work
from bot.desk.words import PERSON, say
from bot.errors import BadInput
from bot.messages import Author, Choice, Reply, State

CALL_DAYS = 1
"""Working days within which somebody calls; a refusal may take three (民发〔2021〕57号 第21条)."""
MARK = "notice:"
"""How a message says which case it is about, so that one that fails becomes a call."""
_OPEN_HOURS = time(17)
_CHOICES = {
    "lookup": ("notice_detail_choice", "lookup"),
    "more": ("status_more_choice", "more"),
    "objection": ("status_object_choice", "objection"),
    "hearing": ("status_hearing_choice", "change"),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """What to tell: fixed words of the edition, the officer's own words in them, and what can be done next."""

    key: str
    text: str = ""
    offers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """The way a notice took."""

    way: str
    """message, task, held, nobody."""
    id: str


HELD = "held"
"""Not gone out: `id` is what waits for the resident's next message, if anything does."""
Way = Callable[[Desk, Work, Case, Person, Reply], Awaitable[Told]]


async def notify(desk: Desk, work: Work, case: Case, notice: Notice) -> Told:
    """Tell the applicant, or the helper where the applicant has no channel of their own."""
    person = await _reachable(work, case)
    if person is None:
        return await _nobody(desk, work, case, notice)
    reply = _reply(desk, case, notice)
    for way in WAYS:
        told = await way(desk, work, case, person, reply)
        if told.way != HELD:
            break
    held = told.id if told.way == HELD else ""
    if told.way == HELD:
        told = await call(desk, work, case, person, notice.text)
    about = {"notice": notice.key, "way": told.way, "id": told.id} | ({"held": held} if held else {})
    await work.cases.note(case, "system", "", desk.clock.now(), **about)
    return told


async def _reachable(work: Work, case: Case) -> Person | None:
    """None where whoever it is about had themselves forgotten: they are not called on what they asked us to forget."""
    person, helper = await person_of(work, case.person), await person_of(work, case.helper)
    if person and (not helper or await work.people.conversations(person.id)):
        return person
    if helper and (not person or not person.phone or await work.people.conversations(helper.id)):
        return helper
    return person


async def _nobody(desk: Desk, work: Work, case: Case, notice: Notice) -> Told:
    await work.cases.note(case, "system", "", desk.clock.now(), notice=notice.key, way="nobody")
    return Told("nobody", "")


async def _by_message(desk: Desk, work: Work, case: Case, person: Person, reply: Reply) -> Told:
    """On the channel they wrote on last, while its platform lets us. Else it waits there for their next message, and
    somebody calls all the same: nobody should wait to be told until they ask."""
    talks = [await work.conversations.get(one) for one in await work.people.conversations(person.id)]
    talks.sort(key=lambda one: one.updated_at, reverse=True)
    now = desk.clock.now()
    open_now = next((one for one in talks if one.ledger.allows(now)), None)
    if open_now is not None:
        row = await work.messages.add(open_now, Author.SYSTEM, reply, now, actor="system")
        return Told("message", row.id)
    waits = [
        await work.messages.add(one, Author.SYSTEM, reply, now, actor="system", state=State.HELD) for one in talks[:1]
    ]
    return Told(HELD, waits[0].id if waits else "")


WAYS: Sequence[Way] = (_by_message,)


async def call(desk: Desk, work: Work, case: Case, person: Person, text: str) -> Told:
    """A task for somebody to call, or to go there where there is no phone."""
    kind, key = ("phone_notice", "notice_call") if person.phone else ("visit", "notice_visit")
    words = about_case(desk, case, key, name=person.name or "申请人", text=text).text
    now = desk.clock.now()
    task = await work.tasks.add(kind, person.id, case.id, case.region, words, person.phone, call_by(desk, now), now)
    return Told("task", task.id)


def call_by(desk: Desk, now: datetime, days: int = CALL_DAYS) -> datetime:
    """The end of the working day by which somebody calls."""
    day = desk.calendar.deadline(now.astimezone(SHANGHAI).date(), days).day
    return datetime.combine(day, _OPEN_HOURS, SHANGHAI).astimezone(now.tzinfo)


async def not_delivered(desk: Desk, work: Work, message: Message) -> None:
    """A notice that the platform did not take after all becomes a call. Nothing happens for other messages."""
    mark = str(message.about.get("reason", ""))
    if not mark.startswith(MARK):
        return
    try:
        case = await work.cases.get(mark.removeprefix(MARK))
    except BadInput:
        return  # erased meanwhile
    person = await _reachable(work, case)
    if person is None:
        return
    called = {line.about.get(key) for line in await work.cases.timeline(case.id) for key in ("held", "instead_of")}
    if message.id in called:
        return
    told = await call(desk, work, case, person, "")
    await work.cases.note(case, "system", "", desk.clock.now(), way=told.way, id=told.id, instead_of=message.id)


def _reply(desk: Desk, case: Case, notice: Notice) -> Reply:
    said = about_case(desk, case, notice.key, text=notice.text)
    choices = tuple(PERSON if offer == "person" else offered(desk, offer, case.id) for offer in notice.offers)
    return replace(said, choices=choices, reason=MARK + case.id)


def about_case(desk: Desk, case: Case, key: str, *, text: str = "", name: str = "", listed: str = "") -> Reply:
    """Fixed words about a case. What people wrote goes in last: no mark in it is filled."""
    state = state_of(case)
    return say(
        desk,
        key,
        region=case.region,
        programme=programme_name(desk, case.programme),
        number=tail(case),
        state=state.name,
        next=state.next,
        office_name=office_name(desk, case.region),
        name=name,
        list=listed,
        text=text,
    )


def offered(desk: Desk, offer: str, case: str) -> Choice:
    """A choice that begins a form about one case."""
    words, kind = _CHOICES[offer]
    return Choice(
        desk.edition.words(words).strip(),
        {"form": kind, "programme": f"hearing:{case}" if offer == "hearing" else case},
    )
