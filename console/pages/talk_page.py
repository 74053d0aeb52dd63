"""The page of conversations, put together: the list that is looked at, one conversation, and what stands beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.conversations import Conversation
from bot.desk.cases.rights import masked_name
from bot.desk.desk import Desk
from bot.desk.handoff import lines as handoff_lines
from bot.desk.handoff import queue
from bot.desk.handoff import searching as finding
from bot.desk.handoff.pressing import PRIORITIES
from bot.desk.handoff.records import Row
from bot.desk.handoff.theirs import COMPLAINT
from bot.desk.officer_ports import WANTED
from bot.desk.staff import searching
from bot.errors import BadInput, NotYours
from bot.knowledge.contacts import OFFICES
from bot.staff import Staff, covers, may
from console.pages.talk_parts import (
    Box as Box,
)
from console.pages.talk_parts import (
    booking_of,
    canned_of,
    case_url,
    fact_of,
    homes_of,
    macros_of,
    may_of,
    papers_of,
    pictures_of,
    transfer_of,
    used_words,
)
from console.rendering import page
from console.security import DESK, refreshes_itself, session_of, staff_of
from console.talks import lines, showing
from console.talks.watching import Openings, Watchers

WATCHERS: web.AppKey[Watchers] = web.AppKey("watchers", Watchers)
OPENINGS: web.AppKey[Openings] = web.AppKey("openings", Openings)
REFUSALS: web.AppKey[Mapping[str, Mapping[str, str]]] = web.AppKey("refusals", Mapping)
"""What each platform's refusals mean, by channel and reason."""
LISTED = 100
"""Lines of a list; more is no help to anybody."""


async def room(request: web.Request, conversation: str = "", box: Box | None = None, view: str = "") -> web.Response:
    """Raises HTTPNotFound for a conversation that is not theirs."""
    desk, staff, box = request.app[DESK], staff_of(request), box or Box()
    view = view_of(view or request.query.get("view", ""))
    counts = await queue.counts(desk, staff)
    found, q = await _listed(desk, staff, view, box.q)
    now = desk.clock.now()
    talk = await _talk(request, desk, staff, conversation, box) if conversation else None
    listed = [
        row if isinstance(row, showing.Shown) else showing.shown(desk, row, view, conversation, now) for row in found
    ]
    return page(
        request,
        "conversations.html",
        box.status,
        views=[{"key": key, "name": name, "count": counts.get(key, "")} for key, name in showing.VIEWS],
        view=view,
        q=q,
        rows=listed,
        nothing="没有找到。请核对编号，或换一个词。" if q else showing.NOTHING[view],
        full=len(listed) >= LISTED,
        live=json.dumps(live_state(counts, [row.conversation for row in found if isinstance(row, Row)])),
        mark=talk["mark"] if talk else "",
        talk=talk["talk"] if talk else None,
        canned=talk["canned"] if talk else None,
        outcomes=tuple(showing.OUTCOMES.items()),
        problem=box.problem,
        done=box.done,
        reply=(talk or {}).get("use") or box.reply,
        note=box.note,
        note_question=box.note_question,
    )


def view_of(asked: str) -> str:
    return asked if asked in dict(showing.VIEWS) else "queue"


def live_state(counts: Mapping[str, int], ids: Sequence[str]) -> dict[str, Any]:
    """What a page is told while it is open: counters and ids, nothing of any resident."""
    return {"counts": dict(counts), "ids": list(ids)}


@dataclass(frozen=True, slots=True)
class Seen:
    """One conversation as it stands: whose it is, and a mark that changes with it."""

    talk: Conversation
    mark: str

    def theirs(self, desk: Desk, staff: Staff) -> bool:
        return covers(staff, self.talk.region, desk.regions) and self.talk.reason != COMPLAINT + staff.id


async def seen_of(desk: Desk, conversation: str) -> Seen | None:
    async with desk.store.reading() as work:
        try:
            talk = await work.conversations.get(conversation)
        except BadInput:
            return None
        last = await work.messages.history(conversation, 3)
        notes = len(await work.talks.notes(conversation))
        pictures = sum(one.state != WANTED for one in await work.talk_pictures.of_conversation(conversation))
    said = ",".join(f"{one.seq}{one.state}" for one in last)
    return Seen(talk, f"{talk.updated_at.timestamp()}|{said}|{notes}|{pictures}")


async def _listed(desk: Desk, staff: Staff, view: str, q: str) -> tuple[Sequence[Row | showing.Shown], str]:
    if not q:
        return await queue.waiting(desk, staff, view, LISTED), ""
    now = desk.clock.now()
    by_number = await searching.conversations(desk, staff, q)
    if by_number is not None:
        async with desk.store.reading() as work:
            names = {one.id: one.name for one in await work.staff.list()}
        return [showing.found(desk, one, names, now) for one in by_number], q
    return await finding.find(desk, staff, q, LISTED), q


async def _talk(request: web.Request, desk: Desk, staff: Staff, conversation: str, box: Box) -> dict[str, Any]:
    now, session = desk.clock.now(), session_of(request).id
    again = refreshes_itself(request) and request.app[OPENINGS].is_open(session, conversation, now)
    try:
        talk = await queue.opened(desk, staff, conversation, again)
    except (NotYours, BadInput) as refused:
        # What is another office's does not exist for them.
        raise web.HTTPNotFound from refused
    if not again:
        request.app[OPENINGS].opened(session, conversation, now)
    if not refreshes_itself(request):
        request.app[WATCHERS].looks(staff, conversation, now)
    async with desk.store.reading() as work:
        people = await work.staff.list()
        moves = await work.conversations.moves(conversation)
        papers = await papers_of(work, talk)
        person = await work.people.of_conversation(conversation)
        steps = await work.cases.moves([case.id for case in talk.cases])
        may_now = may_of(talk, staff)
        # A page that looks again keeps the form it has.
        asks = may_now["transfer"] and not refreshes_itself(request)
        transfer = await transfer_of(desk, work, staff, talk, box) if asks else {}
    names = {one.id: one.name for one in people}
    state, flag = showing.state(talk, staff)
    used = request.query.get("use", "")
    shown = {
        "id": conversation,
        "url": f"/conversations/{conversation}",
        "who": masked_name(person.name) if person and person.name else showing.resident(conversation),
        "place": talk.row.place,
        "channel": showing.CHANNELS.get(talk.row.channel, talk.row.channel),
        "state": state,
        "state_flag": flag,
        "held": f"{talk.conversation.holder}:{talk.row.holder_id}",
        "answered": showing.answered(talk),
        "watching": request.app[WATCHERS].others(staff, conversation, now),
        "writing": request.app[WATCHERS].writing(staff, conversation, now),
        "seen": talk.messages[-1].seq if talk.messages else 0,
        "alarm": showing.alarm(talk, now),
        "lines": lines.lines(talk, moves, names, request.app[REFUSALS].get(talk.row.channel, {})),
        "earlier": bool(talk.messages) and talk.messages[0].seq > 1,
        "may": may_now,
        "transfer": transfer,
        "priority": talk.conversation.priority,
        "priorities": list(PRIORITIES.items()) if may_now["press"] else [],
        "window": showing.window(talk, now),
        "silent": showing.silent(talk),
        "why": talk.row.why,
        "since": f"已经等了{showing.ago(talk.row.since, now)}" if talk.conversation.queued_at else "",
        "labels": talk.row.labels,
        "form": talk.form,
        "facts": [fact_of(fact, box, may(staff, "cases.reveal")) for fact in talk.facts],
        "missing": talk.missing,
        "cases": [showing.case_line(desk, case, case_url(staff, case.id), steps) for case in talk.cases],
        "papers": showing.paper_lines(desk, papers),
        "pictures": pictures_of(talk, box, may(staff, "cases.reveal")),
        "closing": showing.closing_line(talk, names, now),
        "macros": macros_of(talk, staff),
        "macro": box.macro,
        "offices": list(OFFICES.items()),
        "homes": homes_of(desk, talk, staff),
        "booking": booking_of(desk, person, box),
        "hotlines": await handoff_lines.of_place(desk, talk.conversation.region),
        "region": talk.conversation.region,
        "may_mark": may(staff, handoff_lines.RIGHT),
        "may_suggest": may(staff, "questions.suggest") and (talk.may_reply or talk.conversation.holder == "closed"),
    }
    seen = await seen_of(desk, conversation)
    return {
        "talk": shown,
        "mark": seen.mark if seen else "",
        "canned": canned_of(request, desk, talk),
        "use": used_words(desk, used, talk) if used else "",
    }
