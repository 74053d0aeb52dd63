"""What a resident answers to a question about a referral: whether it may be made (`sharing`), whether it helped (`asking_after`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.conversations import Conversation
from bot.desk.case_ports import Case, Referral
from bot.desk.cases.telling import helped, offered, shared
from bot.desk.casework import asking_after, sharing
from bot.desk.desk import Desk
from bot.desk.ports import Message, Work
from bot.desk.tapping import tapped
from bot.desk.words import say
from bot.errors import BadInput
from bot.language.choosing import chosen
from bot.messages import Author, Kind, Reply, State

_LOOKED_AT = 60
"""Messages looked back for the question that was tapped."""


async def heard(
    desk: Desk, work: Work, conversation: Conversation, message: Message, now: datetime
) -> list[Reply] | None:
    """What a message says to such a question; None: it is about something else."""
    meaning = await _chosen(desk, work, conversation, message)
    if meaning is None:
        return None
    found = await _theirs(work, conversation, str(meaning["referral"]))
    if found is None:
        return [say(desk, "helped_over")]
    referral, case, person = found
    if "share" in meaning:
        return await sharing.heard(desk, work, referral, case, str(meaning["share"]), person, conversation.channel, now)
    return await asking_after.heard(desk, work, referral, case, str(meaning["helped"]), person, now)


async def _chosen(desk: Desk, work: Work, conversation: Conversation, message: Message) -> Mapping[str, Any] | None:
    """The option: tapped, wherever it stands; or by its words or number, where the question is the last thing they read.
    What can be no such answer costs no look at what was said before."""
    if message.kind is not Kind.TEXT or not _may_be(desk, conversation, message):
        return None
    rows = [row for row in await work.messages.history(conversation.id, _LOOKED_AT) if row.seq < message.seq]
    ours = [row for row in rows if row.author is not Author.RESIDENT]
    if there := tapped(message, ours):
        asked, option = there
        return _about_referral(asked.choices[option].meaning)
    read = [row for row in ours if row.state in (State.SENT, State.SENDING)]
    if not read or not any(_about_referral(choice.meaning) for choice in read[-1].choices):
        return None
    index = chosen(message.text, [choice.label for choice in read[-1].choices])
    return None if index is None else _about_referral(read[-1].choices[index].meaning)


def _may_be(desk: Desk, conversation: Conversation, message: Message) -> bool:
    """Whether the words are one of the options, or a number that no form asked for."""
    if conversation.form and message.text.strip().isdigit():
        return False
    options = ([offered(desk, one, "").label for one in offers] for offers in (helped(""), shared("")))
    return any(chosen(message.text, labels) is not None for labels in options)


def _about_referral(meaning: Mapping[str, Any]) -> Mapping[str, Any] | None:
    return meaning if "referral" in meaning else None


async def _theirs(work: Work, conversation: Conversation, referral: str) -> tuple[Referral, Case, str] | None:
    """With the person who speaks; None where it is erased, or this chat speaks for none of its people any more."""
    person = await work.people.of_conversation(conversation.id)
    try:
        found = await work.referrals.get(referral)
        case = await work.cases.get(found.case)
    except BadInput:
        return None
    if person is None or person.id not in (case.person, case.helper):
        return None
    return found, case, person.id
