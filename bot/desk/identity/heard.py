"""Codes, the answer to 是您自己吗, and unbinding, heard before anything else is: none of it needs the engine."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.conversations import Conversation
from bot.desk.desk import Desk
from bot.desk.identity import asking, binding, codes
from bot.desk.ports import Message, Work
from bot.desk.tapping import tapped
from bot.desk.words import say
from bot.messages import Author, Choice, Kind, Reply

UNBIND, YES, NO = "unbind_sure", "unbind_yes", "unbind_no"
_SHORT = 12
_NUMBERS = ("1", "2")
_YES = re.compile(
    "(?:对|嗯|是|没错)(?:的|啊|呀|吧)?|(?:对|嗯|是的?)?就?是(?:我|本人)(?:自己|本人)?(?:的|发的|弄的)?[吧啊呀了]?|(?:确认|要|对)?解除[吧了]?"
)
_NO = re.compile(
    "(?:不|不是|没有|不对|别|先不|不要|不用|算了)(?:我|本人|我自己)?(?:发的|弄的)?(?:解除|要)?(?:了|吧|啊|呀)?"
)


async def heard(desk: Desk, work: Work, talk: Conversation, message: Message) -> list[Reply] | None:
    """The replies; None: it is about something else."""
    if message.kind is not Kind.TEXT:
        return None
    text = message.text
    if code := asking.code_in(text):
        return [await codes.typed(desk, work, talk, code) or codes.wrong(desk)]
    if not talk.form and (code := asking.bare_code(text)):
        # Counted as a guess; what opens nothing may mean something else.
        opened = await codes.typed(desk, work, talk, code)
        return None if opened is None else [opened]
    if asking.wants_code(text):
        return [await codes.give(desk, work, talk)]
    if asking.wants_unbinding(text):
        return [await _sure(desk, work, talk)]
    if len(text) > _SHORT:
        return None
    return await _answered(desk, work, talk, message)


async def _sure(desk: Desk, work: Work, talk: Conversation) -> Reply:
    if await work.people.of_conversation(talk.id) is None:
        return say(desk, "unbind_none")
    drafts = await work.drafts.of_conversation(talk.id)
    key = "unbind_moves" if await binding.has_others(work, talk) else "unbind_deletes"
    choices = tuple(Choice(label, {"say": label}) for label in _labels(desk, YES, NO))
    return say(desk, UNBIND, what=desk.edition.words(key).strip() if drafts else "", choices=choices)


async def _answered(desk: Desk, work: Work, talk: Conversation, message: Message) -> list[Reply] | None:
    """The answer to one of the two questions asked here, tapped, in words, or as a number right after it."""
    questions = {codes.USED: codes.labels(desk), UNBIND: _labels(desk, YES, NO)}
    said = re.sub(r"\W", "", message.text)
    known = any(said in labels for labels in questions.values()) or message.text.strip() in _NUMBERS
    if not known and not message.about.get("choice") and _yes_or_no(said) is None:
        return None
    rows = [row for row in await work.messages.history(talk.id, 30) if row.seq < message.seq]
    for reason, labels in questions.items():
        yes = _meant(rows, reason, labels, message, said)
        if yes is None:
            continue
        if reason == UNBIND:
            return [await _unbound(desk, work, talk, yes)]
        return [await binding.confirmed(desk, work, talk, yes) or say(desk, "continue_late")]
    return None


def _meant(rows: Sequence[Message], reason: str, labels: Sequence[str], message: Message, said: str) -> bool | None:
    """Whether the first or the second of two options was meant; None: neither."""
    asked = [row for row in rows if row.about.get("reason") == reason]
    if there := tapped(message, asked):
        return there[1] == 0
    if asked and said in labels:
        return said == labels[0]
    ours = [row for row in rows if row.author is not Author.RESIDENT]
    if not asked or ours[-1] is not asked[-1]:
        return None
    return message.text.strip() == "1" if message.text.strip() in _NUMBERS else _yes_or_no(said)


def _yes_or_no(said: str) -> bool | None:
    """To the question asked last."""
    return False if _NO.fullmatch(said) else True if _YES.fullmatch(said) else None


async def _unbound(desk: Desk, work: Work, talk: Conversation, yes: bool) -> Reply:
    if not yes:
        return say(desk, "unbind_kept")
    done = await binding.unbind(desk, work, talk, binding.RESIDENT)
    return say(desk, "unbind_done" if done else "unbind_none")


def _labels(desk: Desk, *keys: str) -> tuple[str, ...]:
    return tuple(desk.edition.words(key).strip() for key in keys)
