"""Every deed on a conversation's page, and what the store holds of the conversation afterwards."""

from __future__ import annotations

from bot.audit import Deed, Line
from bot.desk.desk import Desk
from bot.desk.ports import Message
from tests.console.conftest import Office
from tests.console.door import Visitor
from tests.console.talking import queued

DEEDS: dict[str, dict[str, str]] = {
    "claim": {},
    "reply": {"text": "我来看看"},
    "note": {"text": "街道已联系"},
    "wait": {},
    "give-back": {},
    "transfer": {"to": "queue", "reason": "今天休息"},
    "close": {"outcome": "solved"},
    "label": {"name": "急用药"},
    "reveal": {"field": "name", "reason": "核对身份"},
    "typing": {},
    "pictures/0": {"reason": "看看是什么"},
    "pictures/0/adopt": {"to": "case:identity"},
    "macro": {"macro": "accept", "sure": "send", "shown": "您好"},
    "priority": {"priority": "5"},
    "book": {"kind": "visit", "day": "2026-12-01", "hour": "09:30", "what": "看房子"},
}


async def claimed(office: Office, visitor: Visitor) -> str:
    talk = await queued(office.desk)
    assert (await visitor.post(f"/conversations/{talk.id}/claim")).status == 303
    return talk.id


async def said(desk: Desk, talk: str) -> list[Message]:
    async with desk.store.reading() as work:
        return list(await work.messages.history(talk, 200))


async def notes(desk: Desk, talk: str) -> list[str]:
    async with desk.store.reading() as work:
        return [note.text for note in await work.talks.notes(talk)]


async def audited(desk: Desk) -> list[Line]:
    async with desk.store.reading() as work:
        return [line async for line, _ in work.audit.lines()]


async def deeds(desk: Desk, talk: str) -> list[tuple[str, Deed]]:
    return [(line.actor, line.deed) for line in await audited(desk) if line.what == f"conversation:{talk}"]
