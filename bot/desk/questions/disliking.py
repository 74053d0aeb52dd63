"""Somebody says that the answer before did not help: it is counted, and the next step is offered."""

from __future__ import annotations

from collections.abc import Sequence

from bot.asking import DISLIKED, SOON
from bot.channels import read_as
from bot.conversations import Conversation
from bot.desk.desk import Desk
from bot.desk.ports import Message
from bot.desk.words import PERSON, say
from bot.language import unhelped
from bot.messages import Author, Choice, Outcome, Reply

_OTHERS = 2
_WORDS = "not_helped"


def heard(desk: Desk, conversation: Conversation, message: Message, history: Sequence[Message]) -> Reply | None:
    """What is said to it; None: the text is about something else, or no answer stands just before it."""
    if not unhelped.says_unhelped(message.text):
        return None
    before = [row for row in history if row.seq < message.seq and row.author is Author.BOT]
    if not before or message.created_at - before[-1].created_at > SOON:
        return None
    # All that was said in that turn: an answer may stand before the question of what is asked next.
    turn = [row for row in before if row.reply_to == before[-1].reply_to]
    answer = next((row for row in turn if row.about.get("outcome") == Outcome.ANSWERED), None)
    if answer is None:
        return None
    choices = (*_others(desk, conversation, str(answer.about.get("entry", ""))), PERSON)
    return say(desk, _WORDS, Outcome.CLARIFIED, reason=DISLIKED, choices=choices)


def _others(desk: Desk, conversation: Conversation, entry: str) -> list[Choice]:
    """What else is known of the same matter."""
    given = desk.edition.answers.get(entry)
    if given is None:
        return []
    here = desk.edition.answers_in_scope(
        conversation.region, desk.today(), read_as(conversation.channel), given.programme
    )
    same = [one for one in here if one.id != given.id]
    return [Choice(one.title, {"answer": one.id}) for one in same[:_OTHERS]]
