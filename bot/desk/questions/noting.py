"""Keep what was asked, in the transaction that answers it: without the person, and only what is a question."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.asking import Ended, ended, has_words
from bot.conversations import ASIDE, Conversation
from bot.desk.asking_ports import Asked
from bot.desk.desk import Desk
from bot.desk.ports import Message, Work
from bot.language import programmes
from bot.language.impersonal import impersonal
from bot.messages import WITHHELD, Kind, Outcome, Reply

_SPOKEN = (Kind.TEXT, Kind.VOICE)


async def note(
    desk: Desk, work: Work, conversation: Conversation, message: Message, replies: Sequence[Reply], now: datetime
) -> None:
    """One row and one statement. Distress, reports of wrongdoing and what fills a form are nobody's reading here."""
    found = ended(replies)
    if found is None or conversation.channel == ASIDE or _private(message, replies):
        return
    how, said = found
    text = message.text.strip() if message.kind in _SPOKEN and not message.about.get("choice") else ""
    words = impersonal(text) if has_words(how, text) else ""
    asked = Asked(
        id=message.id,
        conversation=conversation.id,
        region=conversation.region,
        channel=conversation.channel,
        outcome=how,
        reason="" if how is Ended.ANSWERED else said.reason,
        entry=said.entry,
        programme=_programme(desk, said.entry, words),
        score=said.score,
        at=now,
        words=words,
    )
    await work.questions.add(asked)


def _private(message: Message, replies: Sequence[Reply]) -> bool:
    if message.about.get("danger") or message.about.get(WITHHELD) or message.about.get("private"):
        return True
    # An answer inside a form carries the form's next question behind it: what was asked is a question, what was told is not.
    told = [one for one in replies if one.outcome is Outcome.ASKED]
    return bool(told) and not any(one.outcome is Outcome.ANSWERED for one in replies)


def _programme(desk: Desk, entry: str, words: str) -> str:
    answer = desk.edition.answers.get(entry)
    if answer is not None:
        return answer.programme
    named = programmes.find(words)
    return named[0].code if named else ""
