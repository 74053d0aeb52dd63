"""Words of danger, however they came: the fixed words leave at once and a person is asked for (docs/decisions/0008).

Rules hear what is said (`answer`, in the transaction that takes a message in); the engine's second ear hears what is only
meant (`with_care`, `felt`): its words go out before the answer, and never instead of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.conversations import URGENT, Conversation, Holder
from bot.desk.desk import Desk
from bot.desk.filling import parting
from bot.desk.handoff import alarming, asking, waiting
from bot.desk.handoff.taking_up import to_officer
from bot.desk.ports import Message, Work
from bot.desk.words import say
from bot.language import distress
from bot.language.third_person import reports_another
from bot.messages import Author, Choice, Outcome, Reply, State

DESPAIR = "despair"
"""What understanding calls the chance, 0 to 1, that somebody is in danger."""
SURE, SURE_IN_FORM = 0.33, 0.9
"""From this chance on the second ear counts as an alarm: four of a hundred questions in ordinary words of need reach it, and many of
those do tell of danger (docs/decisions/0033). Answers to a form are short and sound of nothing but need."""
LIKELY = 0.25
"""From here on a line says where to turn, after the answer; nobody is called."""
_BREATH = 0.004
"""Seconds between two stretches of a very long text, in which others go on: a turn is many small steps."""
FELT, OFFERED, _HEAVY, _OTHER = "felt", "distress_offer", "distress_heavy", "distress_other"
_AFTERWARDS = {
    distress.Danger.VIOLENCE: "falv-home-violence",
    distress.Danger.DISASTER: "zaihai-house",
    distress.Danger.ILLNESS: "yiliao-deposit",
}
"""The answer to what comes next, if it is published."""
_REAL = (Outcome.ANSWERED, Outcome.ASKED, Outcome.REDIRECTED)
"""What may follow words for somebody in danger: a real answer, where else to turn, and the question of an open form."""


def spoken(desk: Desk, text: str, region: str = "") -> tuple[list[Reply], bool]:
    """What danger in a text is met with, outside any conversation, and whether it ends the turn there."""
    heard = distress.listen(text)
    return ([_danger_words(desk, heard, text, region)], heard.urgent) if heard else ([], False)


async def hear(text: str) -> distress.Distress | None:
    """As `distress.listen`, but a text of a book's length does not hold up everyone else."""
    heard = None
    for number, piece in enumerate(distress.pieces(text)):
        if number:
            distress.sharpening()
            await asyncio.sleep(_BREATH)
        heard = distress.worse(heard, distress.hear(piece))
    return heard


def _danger_words(desk: Desk, heard: distress.Distress, text: str, region: str) -> Reply:
    if heard.danger is distress.Danger.LIFE and reports_another(text):
        return _words(desk, _OTHER, region)
    words = _words(desk, f"distress_{heard.danger}" if heard.urgent else _HEAVY, region)
    return replace(words, choices=_next(desk, heard.danger, region)) if heard.urgent else words


def _next(desk: Desk, danger: distress.Danger, region: str) -> tuple[Choice, ...]:
    """What people ask once they are safe, one tap away: who was just beaten should not have to find words for it. Where officers
    are there, they hear it instead."""
    found = None if desk.staffed(region) else desk.edition.answer(_AFTERWARDS.get(danger, ""), region, desk.today())
    return (Choice(found.title, {"answer": found.id}),) if found else ()


def _words(desk: Desk, key: str, region: str, reason: str = "") -> Reply:
    return say(desk, key, Outcome.DISTRESS, reason=reason, region=region, hotline=_local_line(desk, region))


async def answer(
    desk: Desk,
    work: Work,
    conversation: Conversation,
    message: Message,
    said: str,
    heard: distress.Distress,
    now: datetime,
    passive_until: datetime | None,
) -> Conversation:
    """The fixed words leave at once and a person is asked for, in the transaction that took the message in. While an officer
    writes with them, the officer is alarmed first (`alarming.when`). `said`: what was heard in it, spoken words included."""
    words = _danger_words(desk, heard, said, conversation.region)
    held = conversation.holder in (Holder.OFFICER, Holder.WAITING)
    earliest = await alarming.when(work, conversation, now) or passive_until
    if earliest is not None and earliest != passive_until:
        words = replace(words, reason=alarming.LATER)
    await work.messages.add(
        conversation, Author.SYSTEM, words, now, reply_to=message.id, actor="system", not_before=earliest
    )
    if heard.urgent:
        await work.messages.set_state(message.id, [State.RECEIVED], State.HANDLED, now, reason="distress")
        if conversation.form:
            # No question of a form may follow; it is offered again when they come back.
            await parting.pause(desk, work, conversation.form)
            conversation = await work.conversations.change(conversation.id, now, form="")
    if held:
        conversation = await to_officer(desk, work, conversation, message, now)
    return await _first_in_line(desk, work, conversation, heard.danger, now)


def with_care(
    desk: Desk, chance: float, text: str, region: str, replies: Sequence[Reply], in_form: bool = False
) -> list[Reply]:
    """The replies of a turn, with what is said to somebody whom the second ear heard in this text, of themselves or of another."""
    other = reports_another(text)
    if chance >= (SURE_IN_FORM if in_form else SURE):
        return [_words(desk, _OTHER if other else _HEAVY, region, FELT), *after_words(replies)]
    if chance >= LIKELY and not in_form and not other:
        return [*replies, say(desk, OFFERED, region=region)]
    return list(replies)


def after_words(replies: Sequence[Reply]) -> list[Reply]:
    """What may follow such words; not what was itself said because of danger, or only offered."""
    return [reply for reply in replies if reply.outcome in _REAL]


async def felt(desk: Desk, work: Work, conversation: Conversation, now: datetime) -> Conversation:
    """People are told of what the second ear heard."""
    return await _first_in_line(desk, work, conversation, FELT, now)


async def _first_in_line(
    desk: Desk, work: Work, conversation: Conversation, danger: str, now: datetime
) -> Conversation:
    """Before all others that wait for a person, and into the queue where nobody has it yet."""
    if conversation.holder in (Holder.BOT, Holder.CLOSED):
        conversation = await asking.enqueue(desk, work, conversation, f"distress:{danger}", "system", now)
    by = waiting.answer_by(desk, conversation.region, now, urgent=True)
    return await work.conversations.change(conversation.id, now, priority=URGENT, answer_by=by)


def _local_line(desk: Desk, region: str) -> str:
    for line in desk.hotlines(region, "assistance"):
        if line.region != "000000":
            return f"当地救助热线：{line.number}。"
    return "当地有事也可打12345。"
