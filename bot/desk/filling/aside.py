"""A question asked in the middle of a form: answered as anywhere, without options of its own, so that the form's
question, which follows, is the only one."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.desk import gate
from bot.desk.answering import answer
from bot.desk.desk import Desk
from bot.desk.question import Question
from bot.desk.small_talk import small_talk
from bot.desk.words import say
from bot.forms.model import Sheet, State
from bot.forms.saying import Hints
from bot.messages import Outcome, Reply

_POLITE = frozenset({"greet", "thanks", "bye", "bot_identity", "chitchat"})
_MOST = 2
"""Replies; with the question after them they are three messages."""


def hints(desk: Desk, question: Question, programme: str = "") -> Hints:
    """What the classifier and the finder think a message is, for whoever decides what it does here. `programme`: what is
    being applied for."""
    if question.meaning or desk.finder is None or len(re.sub(r"\W", "", question.text)) < 2:
        return Hints(question.intent, question.ranking, programme=programme)
    found = [
        one
        for one in desk.finder.find(question.text)
        if desk.edition.answer(one.entry, question.memory.region, question.day, question.channel)
    ]
    bars = gate.shipped()
    chance = max((bars.chance(one, question.ranking) for one in found), default=0.0)
    exact = bool(found) and "exact" in found[0].raw
    return Hints(question.intent, question.ranking, chance, exact, programme)


def said_aside(desk: Desk, question: Question, text: str, sheet: Sheet) -> tuple[tuple[Reply, ...], Question]:
    """The answer to a side question, and the question as it was asked; no replies when there is no answer to give."""
    memory = replace(question.memory, region=region_of(sheet) or question.memory.region, asked="", clarifications=0)
    whole = text == question.text
    asked = replace(
        question,
        text=text,
        memory=memory,
        meaning=question.meaning if question.meaning and {"answer", "region"} & set(question.meaning) else None,
        intent=question.intent if whole else "ask_policy",
        ranking=question.ranking if whole else {},
    )
    answered = small_talk(desk, asked) if asked.intent in _POLITE else answer(desk, asked)
    replies = tuple(_bare(desk, reply) for reply in answered.replies[:_MOST])
    memory = replace(answered.memory, asked="", clarifications=0)
    if any(reply.outcome is Outcome.CLARIFIED for reply in replies):
        replies = ()
    return replies, replace(asked, memory=memory)


def _bare(desk: Desk, reply: Reply) -> Reply:
    """Without options, and without asking for the place: that would be a second question."""
    if reply.reason == "ask_place":
        return say(desk, "form_aside_place", Outcome.REDIRECTED)
    asked = desk.edition.words("ask_place").strip()
    if reply.text.endswith(asked):
        reply = replace(reply, text=reply.text.removesuffix(asked).strip())
    # What the place is stays what the form or the talk before it said.
    return replace(reply, choices=(), region="")


def region_of(sheet: Sheet) -> str:
    """Where this resident is, by their own answers: where they live counts before where they are registered."""
    found = [
        str(given.value["region"])
        for given in sheet.answers.values()
        if given.state is State.SAID and isinstance(given.value, dict) and given.value.get("region")
    ]
    return found[-1] if found else ""
