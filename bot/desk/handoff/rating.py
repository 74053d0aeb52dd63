"""After an officer closed a talk: whether it helped, by one tap, and the way to somebody else."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.conversations import Conversation, Holder
from bot.desk.desk import Desk
from bot.desk.handoff import asking, waiting
from bot.desk.ports import Message, Work
from bot.desk.tapping import tapped
from bot.desk.words import say
from bot.messages import Choice, Kind, Outcome, Reply

ASKED_FOR = timedelta(hours=48)
"""Later a single word is about something else."""
_SCORES = {"rate_3": 3, "rate_2": 2, "rate_1": 1}
_COMPLAIN = "rate_complain"
LOW = 1


def request(desk: Desk) -> Reply:
    labels = [(key, desk.edition.words(key).strip()) for key in (*_SCORES, _COMPLAIN)]
    return say(desk, "talk_closed", choices=tuple(Choice(label, {"say": label}) for _, label in labels))


async def heard(
    desk: Desk, work: Work, conversation: Conversation, message: Message, now: datetime
) -> tuple[Conversation, list[Reply]] | None:
    """What a message says to the question whether it helped; None: it is about something else."""
    if conversation.holder is not Holder.CLOSED or message.kind is not Kind.TEXT:
        return None
    closing = await work.talks.closing(conversation.id)
    if closing is None or now - closing.at > ASKED_FOR:
        return None
    said = await _said(desk, work, conversation, message)
    if said == _COMPLAIN:
        reason = f"complaint:{closing.staff}"
        conversation = await asking.enqueue(desk, work, conversation, reason, "resident", now)
        wait = await waiting.marks(desk, work, conversation)
        said_to_it = say(desk, "complain_other", Outcome.PERSON, reason=reason, ahead=wait.ahead, wait=wait.wait)
        return conversation, [said_to_it]
    if said and await work.talks.rate(closing.id, _SCORES[said], now):
        low = _SCORES[said] <= LOW
        return conversation, [say(desk, "rated_low" if low else "rated", region=conversation.region)]
    return None


async def _said(desk: Desk, work: Work, conversation: Conversation, message: Message) -> str:
    """The option: tapped in the menu (whose rows carry their number before the words), by its words, or by its number where
    nothing was said since."""
    keys = (*_SCORES, _COMPLAIN)
    rows = [row for row in await work.messages.history(conversation.id, 30) if row.seq < message.seq]
    asked = [row for row in rows if row.about.get("reason") == "talk_closed"]
    if there := tapped(message, asked):
        return keys[there[1]]
    text = message.text.strip()
    for key in keys:
        if text == desk.edition.words(key).strip():
            return key
    if text in ("1", "2", "3", "4") and rows and rows[-1] in asked:
        return keys[int(text) - 1]
    return ""
