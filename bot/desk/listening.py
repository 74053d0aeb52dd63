"""A voice message: fetched, written down by the office's own server, and shown back before it counts.

The sound is held in memory and nowhere else, and is gone when it was written down. A machine mishears, and nobody knows when:
so nothing of it is a question or an answer in a form before its resident said that it is right. Danger does not wait for
that. Whatever fails is met with the request to type.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot import people
from bot.conversations import Conversation
from bot.desk import danger
from bot.desk.desk import Desk
from bot.desk.ports import Message
from bot.desk.replying import passive_until, reply
from bot.desk.speech_ports import Speech
from bot.desk.words import say
from bot.errors import TryAgain, Undeliverable
from bot.messages import Choice, Kind, Outcome, Reply

SECONDS = 20.0
"""For fetching and writing down together: less than a turn's lease (`turns.LEASE_SECONDS`)."""
LONGEST = 300
"""Characters shown back; what is longer is better told to a person, or typed in parts."""
HEARD, RETYPE = "heard", "retype"
"""Meanings of the two options: what was said, and that it is typed instead."""


def may_hear(desk: Desk, message: Message) -> bool:
    """Whether a voice message without words can be listened to here."""
    return desk.speech is not None and message.kind is Kind.VOICE and bool(message.about.get("media"))


async def listen(desk: Desk, conversation: Conversation, message: Message) -> Sequence[Reply]:
    """What a voice message is answered with."""
    assert desk.speech is not None
    said = await _written_down(desk.speech, conversation, message)
    if not said:
        return [say(desk, "voice_unheard")]
    if await _danger(desk, conversation, message, said):
        return []
    return [shown(desk, said)]


def shown(desk: Desk, said: str) -> Reply:
    """我听到：…，对吗. Numbers that identify somebody are covered, as in anything typed."""
    covered, secret = people.mask(said)
    if len(covered) > LONGEST:
        return say(desk, "voice_long")
    yes, no = (desk.edition.words(key).strip() for key in ("voice_right", "voice_wrong"))
    choices = (Choice(yes, {HEARD: covered}), Choice(no, {HEARD: "", RETYPE: True}))
    key = "voice_heard_number" if secret else "voice_heard"
    return say(desk, key, Outcome.CLARIFIED, choices=choices, text=covered)


async def _written_down(speech: Speech, conversation: Conversation, message: Message) -> str:
    try:
        async with asyncio.timeout(SECONDS):
            sound = await speech.media.fetch(conversation.channel, str(message.about["media"]))
            return " ".join((await speech.transcriber.write_down(sound)).replace("\x00", "").split())
    except (TryAgain, Undeliverable, TimeoutError):
        return ""


async def _danger(desk: Desk, conversation: Conversation, message: Message, said: str) -> bool:
    """Whether there was danger in it: then its words left, a person was asked for and can read what was heard, and the
    turn ends here. Of what was only heavy, the resident is still asked whether it was heard right."""
    heard = await danger.hear(said)
    if heard is None:
        return False
    now = desk.clock.now()
    async with desk.store.writing() as work:
        talk = await work.conversations.hold(conversation.id)
        talk = await danger.answer(desk, work, talk, message, said, heard, now, passive_until(message))
        covered, _ = people.mask(said)
        await work.talks.note(talk.id, f"语音里听到：{covered[:LONGEST]}", "system", now)
        if not heard.urgent:
            await reply(desk, work, talk, message, [shown(desk, said)], now, "danger")
        await work.commit()
    return True
