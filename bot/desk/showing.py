"""What a resident's own page shows of a conversation: what was said, in one order for everybody, and how things stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.conversations import Conversation, Holder, bot_may_speak
from bot.desk.case_ports import Draft
from bot.desk.desk import Desk
from bot.desk.handoff.waiting import usual_minutes
from bot.desk.kinds import KINDS
from bot.desk.ports import Message, Work
from bot.errors import BadInput
from bot.forms import steps
from bot.messages import Author, Kind, State

_WAITS = (State.QUEUED, State.HELD)
_EVER = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Shown:
    rows: Sequence[Message]
    more: bool
    """Whether others follow already."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Which question of an open form is asked."""

    kind: str
    step: int
    of: int


@dataclass(frozen=True, slots=True)
class Place:
    """In the queue for a person; `minutes` 0: how long it takes is not known."""

    place: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Standing:
    holder: str
    """bot, queue, officer."""
    form: Progress | None
    waiting: Place | None
    typing: bool


async def shown(work: Work, conversation: str, after: int | None, limit: int) -> Shown:
    """What was said after a number (None: the newest). Nothing is shown before something with a lower number that may still
    be said, so that whoever goes on from the highest number they saw misses nothing."""
    if after is None:
        rows = _visible(_settled(await work.messages.history(conversation, limit)))
        return Shown(rows, False)
    found: list[Message] = []
    while True:
        page = await work.messages.after(conversation, after, limit + 1)
        settled = _settled(page)
        found += _visible(settled)
        if len(found) > limit:
            return Shown(found[:limit], True)
        if len(settled) < len(page) or len(page) <= limit:
            return Shown(found, False)
        after = page[-1].seq


async def standing(desk: Desk, work: Work, conversation: Conversation) -> Standing:
    holder, place = conversation.holder, None
    if holder is Holder.QUEUED:
        place = Place(await work.talks.ahead(conversation) + 1, await usual_minutes(desk, work))
    due = await work.messages.due_inbound(conversation.id, desk.clock.now() + _EVER) if bot_may_speak(holder) else ()
    draft = await open_form(work, conversation)
    who = "officer" if not bot_may_speak(holder) else "queue" if holder is Holder.QUEUED else "bot"
    return Standing(who, _progress(desk, draft) if draft else None, place, bool(due))


async def open_form(work: Work, conversation: Conversation) -> Draft | None:
    """The form that is being filled in here."""
    if not conversation.form:
        return None
    try:
        draft = await work.drafts.get(conversation.form)
    except BadInput:  # erased, or past its days
        return None
    return draft if draft.state == "open" and draft.conversation == conversation.id else None


def _progress(desk: Desk, draft: Draft) -> Progress | None:
    try:
        form = KINDS[draft.kind].form(desk, draft)
    except (BadInput, LookupError):  # of another edition
        return None
    answered, of = steps.progress(form, draft.sheet.answers, desk.today())
    return Progress(draft.kind, min(answered + 1, of), of) if of else None


def _settled(rows: Sequence[Message]) -> Sequence[Message]:
    """Up to the first that may still leave."""
    waits = (n for n, row in enumerate(rows) if row.author is not Author.RESIDENT and row.state in _WAITS)
    return rows[: next(waits, len(rows))]


def _visible(rows: Sequence[Message]) -> list[Message]:
    """Not what never left, nor what a page did by itself, nor what was erased."""
    return [row for row in rows if row.state is not State.FAILED and row.kind is not Kind.EVENT and _says(row)]


def _says(row: Message) -> bool:
    return bool(row.text.strip() or row.choices or row.about)
