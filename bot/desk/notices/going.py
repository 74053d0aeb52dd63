"""The way of a notice: the next one that is there for this person, until it is told or somebody calls.

Each way is taken once and never again; a way that is not there is passed, with its reason on record. All of it happens in
the caller's unit of work: nothing is sent here (`sending` does that, outside of any).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.channels import personal
from bot.conversations import Conversation
from bot.desk.case_ports import Case, Person
from bot.desk.cases.naming import office_name, programme_name, said_day, state_of, tail
from bot.desk.cases.telling import about_case, call, offered
from bot.desk.cases.whose import person_of
from bot.desk.desk import Desk
from bot.desk.notices.ports import CALL, MESSAGE, ORDER, Kept, Route, Stage, Template
from bot.desk.ports import Work
from bot.desk.words import PERSON
from bot.messages import Author, Reply, State

MARK = "notice:"
"""How a message says which case it is about."""


@dataclass(frozen=True, slots=True)
class _Here:
    """Who is to be told, and by which chats."""

    desk: Desk
    work: Work
    case: Case
    person: Person
    talks: Sequence[Conversation]
    """Those on which personal things may be said, the newest first."""
    now: datetime


async def advance(desk: Desk, work: Work, notice: Kept, instead_of: str = "") -> Kept:
    """The notice on its next way. Unchanged where somebody else moved it on first."""
    now = desk.clock.now()
    if not await work.notices.hold(notice):
        return await work.notices.get(notice.id)
    case = await work.cases.get(notice.case)
    person = await person_of(work, notice.person)
    if person is None:  # had themselves forgotten: nobody is called on that
        await work.notices.move(notice, Stage.NOBODY, now, platform_id="")
        return await work.notices.get(notice.id)
    here = _Here(desk, work, case, person, await _talks(work, person), now)
    for route in ORDER[ORDER.index(notice.route) + 1 if notice.route else 0 :]:
        passed = await _taken(here, notice, route)
        if passed is None:
            break
        if passed:
            await work.notices.tried(notice, route, "passed", passed, now)
    gone = await work.notices.get(notice.id)
    if (gone.route, gone.stage) != (notice.route, notice.stage):
        way_, id_ = way(gone)
        about = {"notice": gone.key} if not instead_of else {"instead_of": instead_of}
        held = {"held": gone.held} if gone.held and gone.held != notice.held else {}
        await work.cases.note(case, "system", "", now, way=way_, id=id_, **about, **held)
    return gone


def way(notice: Kept) -> tuple[str, str]:
    """How its way is called in the timeline, and the id of what goes there."""
    if notice.stage is Stage.TASK:
        return "task", notice.task
    return (MESSAGE, notice.message) if notice.route == MESSAGE else (notice.route, notice.id)


def values(desk: Desk, case: Case, key: str) -> Mapping[str, str]:
    """What a template's fields can be filled with."""
    state = state_of(case)
    return {
        "programme": programme_name(desk, case.programme),
        "state": state.name,
        "number": tail(case),
        "office": office_name(desk, case.region),
        "day": said_day(desk.today()),
        "next": state.next,
        "title": desk.edition.words(f"{key}_title").strip(),
    }


async def _talks(work: Work, person: Person) -> list[Conversation]:
    found = [await work.conversations.get(one) for one in await work.people.conversations(person.id)]
    return sorted((one for one in found if personal(one.channel)), key=lambda one: one.updated_at, reverse=True)


async def _taken(here: _Here, notice: Kept, route: str) -> str | None:
    """Why this way is passed ("" where the office does not have it); None: the notice is on it."""
    if route == MESSAGE:
        return await _by_message(here, notice)
    if route == CALL:
        return await _by_call(here, notice)
    known = here.desk.notices.route(route)
    if known is None:
        return ""
    template = known.template(notice.key)
    if template is None:
        return "no_template"
    to = await address(here.work, known, template, here.person, here.talks)
    if isinstance(to, str):
        return to
    held = await _held(here, notice)
    due = here.desk.notices.earliest(here.now)
    fields = {"route": route, "conversation": to.id if to else "", "attempts": 0, "due_at": due, "route_at": due}
    await here.work.notices.move(notice, Stage.WAITING, here.now, platform_id="", held=held, **fields)
    return None


async def address(
    work: Work, route: Route, template: Template, person: Person, talks: Sequence[Conversation]
) -> Conversation | str | None:
    """The chat this route reaches, None for the person's telephone, or in a word why it does not reach them."""
    if not route.channel:
        return None if person.phone else "no_phone"
    talk = next((one for one in talks if one.channel == route.channel), None)
    if talk is None:
        return "no_chat"
    if route.consent:
        agreement = await work.notices.agreement(talk.id, template.id)
        if agreement.refused or not agreement.left:
            return "refused" if agreement.refused else "not_agreed"
    return talk


async def _by_message(here: _Here, notice: Kept) -> str | None:
    """In the chat they wrote in last, while its platform lets us."""
    talk = next((one for one in here.talks if one.ledger.allows(here.now)), None)
    if talk is None:
        return "window_shut" if here.talks else "no_chat"
    later = here.desk.notices.earliest(here.now)
    not_before = later if later > here.now else None
    message = notice.held
    if message and (await here.work.messages.get(message)).conversation == talk.id:
        # What waited there goes now; if they wrote meanwhile, it went with that.
        await here.work.messages.set_state(message, [State.HELD], State.QUEUED, here.now, not_before=not_before)
    else:
        said = _reply(here.desk, here.case, notice)
        row = await here.work.messages.add(talk, Author.SYSTEM, said, here.now, actor="system", not_before=not_before)
        message = row.id
    await here.work.notices.tried(notice, MESSAGE, "queued", "", here.now)
    fields = {"route": MESSAGE, "conversation": talk.id, "message": message, "due_at": None, "route_at": here.now}
    await here.work.notices.move(notice, Stage.TOLD, here.now, platform_id="", **fields)
    return None


async def _by_call(here: _Here, notice: Kept) -> str | None:
    """Somebody calls, and the words wait in the chat all the same: nobody should wait to be told until they ask."""
    held = await _held(here, notice)
    task = notice.task or (await call(here.desk, here.work, here.case, here.person, notice.text)).id
    await here.work.notices.tried(notice, CALL, "call", "", here.now)
    fields = {"route": CALL, "task": task, "held": held, "due_at": None, "route_at": here.now}
    await here.work.notices.move(notice, Stage.TASK, here.now, platform_id="", **fields)
    return None


async def _held(here: _Here, notice: Kept) -> str:
    """The whole words wait in the newest chat for the resident's next message: a template holds only a few of them."""
    if notice.held or notice.message or not here.talks:
        return notice.held
    said = _reply(here.desk, here.case, notice)
    row = await here.work.messages.add(here.talks[0], Author.SYSTEM, said, here.now, actor="system", state=State.HELD)
    return row.id


def _reply(desk: Desk, case: Case, notice: Kept) -> Reply:
    said = about_case(desk, case, notice.key, text=notice.text)
    choices = tuple(PERSON if offer == "person" else offered(desk, offer, case.id) for offer in notice.offers)
    return replace(said, choices=choices, reason=MARK + case.id)
