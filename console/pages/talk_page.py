"""The page of conversations, put together: the list that is looked at, one conversation, and what stands beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.conversations import Conversation
from bot.desk.case_ports import Paper
from bot.desk.cases.rights import masked_name
from bot.desk.desk import Desk
from bot.desk.handoff import queue
from bot.desk.handoff.records import Fact, Row, Talk
from bot.desk.handoff.theirs import COMPLAINT
from bot.desk.ports import Work
from bot.desk.staff import searching
from bot.errors import BadInput, NotYours
from bot.messages import Author
from bot.staff import Staff, covers, may
from console import rights
from console.rendering import page
from console.security import DESK, refreshes_itself, staff_of
from console.talks import canned, lines, showing
from console.talks.watching import Watchers

WATCHERS: web.AppKey[Watchers] = web.AppKey("watchers", Watchers)
LISTED = 100
"""Lines of a list; more is no help to anybody."""


@dataclass(frozen=True, slots=True)
class Box:
    """What was written and not taken, and what there is to say about it."""

    problem: str = ""
    done: str = ""
    status: int = 200
    reply: str = ""
    note: str = ""
    note_question: str = ""
    q: str = ""
    """What is looked for."""
    revealed: Mapping[str, str] = field(default_factory=dict)
    """Path → the value that was asked for with a reason."""


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
        colleagues=talk["colleagues"] if talk else (),
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
    said = ",".join(f"{one.seq}{one.state}" for one in last)
    return Seen(talk, f"{talk.updated_at.timestamp()}|{said}|{notes}")


async def _listed(desk: Desk, staff: Staff, view: str, q: str) -> tuple[Sequence[Row | showing.Shown], str]:
    if not q:
        return await queue.waiting(desk, staff, view, LISTED), ""
    now = desk.clock.now()
    by_number = await searching.conversations(desk, staff, q)
    if by_number is not None:
        async with desk.store.reading() as work:
            names = {one.id: one.name for one in await work.staff.list()}
        return [showing.found(desk, one, names, now) for one in by_number], q
    rows: dict[str, Row] = {}
    for key, _ in showing.VIEWS:
        rows |= {row.conversation: row for row in await queue.waiting(desk, staff, key, LISTED)}
    return [row for row in rows.values() if q in row.place or q in row.labels or q in row.why], q


async def _talk(request: web.Request, desk: Desk, staff: Staff, conversation: str, box: Box) -> dict[str, Any]:
    try:
        talk = await queue.opened(desk, staff, conversation)
    except (NotYours, BadInput) as refused:
        # What is another office's does not exist for them.
        raise web.HTTPNotFound from refused
    now = desk.clock.now()
    if not refreshes_itself(request):
        request.app[WATCHERS].looks(staff, conversation, now)
    async with desk.store.reading() as work:
        people = await work.staff.list()
        moves = await work.conversations.moves(conversation)
        papers = await _papers(work, talk)
        person = await work.people.of_conversation(conversation)
    names = {one.id: one.name for one in people}
    state, flag = showing.state(talk, staff)
    told, over = showing.window(talk, now)
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
        "alarm": showing.alarm(talk, now),
        "lines": lines.lines(talk, moves, names),
        "earlier": bool(talk.messages) and talk.messages[0].seq > 1,
        "may": _may(talk, staff),
        "window": told,
        "window_over": over,
        "silent": showing.silent(talk),
        "why": talk.row.why,
        "since": f"已经等了{showing.ago(talk.row.since, now)}" if talk.conversation.queued_at else "",
        "labels": talk.row.labels,
        "form": talk.form,
        "facts": [_fact(fact, box, may(staff, "cases.reveal")) for fact in talk.facts],
        "missing": talk.missing,
        "cases": [showing.case_line(desk, case, _case_url(staff, case.id)) for case in talk.cases],
        "papers": showing.paper_lines(desk, papers),
    }
    seen = await seen_of(desk, conversation)
    return {
        "talk": shown,
        "mark": seen.mark if seen else "",
        "colleagues": _colleagues(desk, staff, people, talk),
        "canned": _canned(request, desk, talk),
        "use": _used(desk, used, talk) if used else "",
    }


def _may(talk: Talk, staff: Staff) -> dict[str, bool]:
    holder = talk.conversation.holder
    return {
        "claim": not talk.may_reply and may(staff, "conversations.claim") and holder not in ("officer", "waiting"),
        "reply": talk.may_reply,
        "hold": talk.may_reply,
        "give_back": talk.may_reply or (may(staff, "conversations.assign") and holder in ("officer", "waiting")),
        "note": may(staff, "conversations.reply"),
        "transfer": talk.may_reply or (may(staff, "conversations.assign") and holder in ("officer", "waiting")),
    }


def _fact(fact: Fact, box: Box, may_reveal: bool) -> dict[str, Any]:
    open_now = fact.path in box.revealed
    return {
        "path": fact.path,
        "label": fact.label,
        "shown": box.revealed.get(fact.path, fact.shown),
        "link": fact.message if fact.seq else "",
        "hidden": fact.masked and not open_now and may_reveal,
    }


def _case_url(staff: Staff, case: str) -> str:
    """Where the case is opened; empty for who may not."""
    right = rights.table().get(("GET", "/cases/{case}"))
    return f"/cases/{case}" if right and rights.allowed(right, staff) else ""


async def _papers(work: Work, talk: Talk) -> list[Paper]:
    papers = [paper for case in talk.cases for paper in await work.papers.of_case(case.id)]
    if talk.conversation.form:
        papers += await work.papers.of_draft(talk.conversation.form)
    return list({paper.id: paper for paper in papers}.values())


def _colleagues(desk: Desk, staff: Staff, people: Sequence[Staff], talk: Talk) -> list[dict[str, str]]:
    """Who can take it: active, allowed to answer, of this place; and back to the queue."""
    able = [
        {"id": one.id, "name": one.name, "about": "、".join(one.skills)}
        for one in people
        if one.id not in (staff.id, talk.row.holder_id)
        and may(one, "conversations.reply")
        and covers(one, talk.conversation.region, desk.regions)
    ]
    if talk.conversation.holder in ("officer", "waiting"):
        able.append({"id": "queue", "name": "放回待接", "about": "谁先认领谁办"})
    return able


def _canned(request: web.Request, desk: Desk, talk: Talk) -> dict[str, Any]:
    """What was looked for, else what fits the resident's last words."""
    asked = "canned" in request.query
    q = request.query.get("canned", "").strip()[:60]
    words = q or next((one.text for one in reversed(talk.messages) if one.author is Author.RESIDENT and one.text), "")
    found = canned.search(desk, words[:200], talk.conversation.region, talk.conversation.channel)
    nothing = "没有找到。换个词，比如“低保 材料”。" if q else "没有和居民这句话相近的答案，可以自己找。"
    return {"q": q, "open": asked, "found": found, "nothing": nothing}


def _used(desk: Desk, entry: str, talk: Talk) -> str:
    said = canned.put(desk, entry[:80], talk.conversation.region, talk.conversation.channel)
    return said.text if said else ""
