"""An officer's words that the platform does not take: somebody calls instead."""

from __future__ import annotations

from bot.desk.cases.telling import call_by
from bot.desk.desk import Desk
from bot.desk.ports import Message, Work
from bot.messages import Author

UNDELIVERED = "undelivered"


async def call_instead(desk: Desk, work: Work, message: Message) -> None:
    """A task for each message of an officer that could not leave, once. Nothing happens for other messages."""
    if message.author is not Author.OFFICER:
        return
    told = {note.ref for note in await work.talks.notes(message.conversation, UNDELIVERED)}
    if message.id in told:
        return
    now = desk.clock.now()
    person = await work.people.of_conversation(message.conversation)
    conversation = await work.conversations.get(message.conversation)
    who, phone = (person.id, person.phone) if person else ("", "")
    kind = "phone_notice" if phone else "callback"
    text = f"消息没有送到，请打电话告诉居民（会话 {message.conversation}）：{message.text}"
    await work.tasks.add(kind, who, "", conversation.region, text, phone, call_by(desk, now), now)
    await work.talks.note(message.conversation, message.id, "system", now, UNDELIVERED, message.id)
