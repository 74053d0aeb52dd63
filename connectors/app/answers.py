"""Messages, state and cases as the API gives them; `openapi.yml` says what each field means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.cases import STATES
from bot.clock import SHANGHAI
from bot.desk.case_ports import Case, Happening
from bot.desk.cases.naming import number_of, programme_name, state_of
from bot.desk.desk import Desk
from bot.desk.handwriting import ToSign
from bot.desk.ports import Message
from bot.desk.showing import Standing
from bot.messages import Author, Kind
from connectors.render import reply_of

_KINDS = {Kind.TEXT: "text", Kind.IMAGE: "image", Kind.LOCATION: "location"}


def message(row: Message) -> dict[str, Any]:
    mine = row.author is Author.RESIDENT
    reply = None if mine else reply_of(row)
    kind = _KINDS.get(row.kind, "other")
    card = None
    if reply and reply.sources:
        sources = [
            {"title": one.title, "number": one.number, "clause": one.clause, "date": one.date} for one in reply.sources
        ]
        title = str(row.about.get("title", ""))
        card = {"title": title, "sources": sources, "place": reply.place, "as_of": reply.as_of}
    return {
        "seq": row.seq,
        "id": row.id,
        "key": row.channel_message_id.rpartition("|")[2],
        "author": row.author.value,
        "at": moment(row.created_at),
        "kind": "choice" if mine and row.about.get("choice") else kind,
        "text": str(row.about.get("place", "")) if row.kind is Kind.LOCATION else row.text,
        "options": [{"id": f"{row.seq}-{n}", "label": one.label} for n, one in enumerate(row.choices, 1)],
        "card": card,
        "picture": str(row.about.get("media", "")),
    }


def state(now: Standing, sign: bool) -> dict[str, Any]:
    form, waiting = now.form, now.waiting
    return {
        "holder": now.holder,
        "form": {"kind": form.kind, "step": form.step, "of": form.of} if form else None,
        "waiting": {"place": waiting.place, "minutes": waiting.minutes} if waiting else None,
        "typing": now.typing,
        "sign": sign,
    }


def to_sign(wanted: ToSign | None) -> dict[str, Any] | None:
    if wanted is None:
        return None
    about = {"draft": wanted.draft, "consent": "check", "title": wanted.title, "text": wanted.text}
    return about | {"version": wanted.version, "sha256": wanted.sha256}


def case(desk: Desk, one: Case) -> dict[str, Any]:
    now = state_of(one)
    return {
        "id": one.id,
        "number": number_of(one),
        "programme": programme_name(desk, one.programme),
        "state": one.state,
        "state_name": now.name,
        "who": "" if now.final else now.who,
        "due": one.due.isoformat() if one.due and not now.final else "",
        "at": moment(one.updated_at),
    }


def case_in_full(desk: Desk, one: Case, text: str, timeline: Sequence[Happening]) -> Mapping[str, Any]:

    moves = [
        {"at": moment(line.at), "state_name": STATES[line.new].name, "text": line.reason}
        for line in timeline
        if line.new in STATES and line.new != line.old
    ]
    return {"case": case(desk, one), "text": text, "timeline": moves}


def moment(at: datetime) -> str:
    return at.astimezone(SHANGHAI).isoformat(timespec="milliseconds")
