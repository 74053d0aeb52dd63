"""Give one published answer as it holds for a place and a day: its text, its figures, its sources, and what to ask next."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from bot.desk import offering
from bot.desk.desk import Desk
from bot.desk.question import Answered, Memory, Question
from bot.desk.words import PERSON, hotline, say
from bot.knowledge.answers import STANDARD_IF_KNOWN, STANDARD_LOOKUP, SUBSIDY_LOOKUP, Answer
from bot.knowledge.fields import knows
from bot.knowledge.figures import FigureState
from bot.knowledge.figures_text import figure_short, figure_text, subsidy_text
from bot.language import dates
from bot.messages import Choice, Outcome, Reply

_NEXT_ASPECTS = ("apply", "how", "materials", "papers", "conditions", "amount", "standard", "time", "duration")
"""What people ask next about a programme, in the order they ask it."""
_NOW = re.compile("现在|目前|今年|如今|眼下|这个月")


@dataclass(frozen=True, slots=True)
class Given:
    reply: Reply
    programme: str
    asks_place: bool = False


def needs_place(desk: Desk, entry: str, question: Question) -> bool:
    """Whether this answer differs by place: figures and subsidies do."""
    if not entry:
        return False
    found = desk.edition.answer(entry, question.memory.region, question.day, question.channel)
    return bool(found and found.lookup)


def give(desk: Desk, entry: str, region: str, day: date, channel: str, score: float) -> Given:
    """The reply for this entry; `asks_place` when it cannot be given before the place is known."""
    answer = desk.edition.answer(entry, region, day, channel)
    if answer is None:
        return Given(say(desk, "no_rule_on_day", Outcome.DECLINED, day=day.isoformat(), choices=(PERSON,)), "")
    return said(desk, answer, region, day, channel, score)


def said(desk: Desk, answer: Answer, region: str, day: date, channel: str, score: float = 1.0) -> Given:
    """The reply one answer makes, published or not yet: an editor's preview shows what a resident would read."""
    if desk.edition.stop(answer.id, region, day):
        said = Reply(answer.text.strip(), (PERSON,), Outcome.DECLINED, answer.id, reason="stopped", region=region)
        return Given(replace(said, title=answer.title, as_of=day.isoformat()), answer.programme)
    reply = Reply(
        text=answer.text.strip(),
        outcome=Outcome.ANSWERED,
        entry=answer.id,
        title=answer.title,
        short=answer.short.strip(),
        sources=desk.edition.sources(answer, day),
        region=region,
        place=_called(desk, region),
        as_of=day.isoformat(),
        score=round(score, 4),
        choices=_next(desk, answer, region, day, channel),
    )
    if answer.lookup == STANDARD_LOOKUP:
        return _with_figures(desk, answer, reply, region, day)
    if answer.lookup == STANDARD_IF_KNOWN:
        return _with_figures_if_known(desk, answer, reply, region, day)
    if answer.lookup == SUBSIDY_LOOKUP:
        return _with_subsidy(desk, answer, reply, region, day)
    return Given(reply, answer.programme)


def given(desk: Desk, question: Question, entry: str, score: float) -> Answered:
    """The approved answer for this place and day; where it needs a place and none is known, the place is asked once."""
    memory = question.memory
    found = give(desk, entry, memory.region, question.day, question.channel, score)
    if found.asks_place:
        asked = f"place:{pending(desk, question, entry)}"
        return Answered((found.reply,), replace(memory, asked=asked, programme=found.programme or memory.programme))
    kept = Memory(found.programme or memory.programme, memory.region, entry, "", 0)
    return Answered((found.reply,), kept)


def as_asked(desk: Desk, question: Question, entry: str) -> tuple[Question, str]:
    """Who names a past year asks for the figure of then: 2020年低保多少 gets what held at its end, by the rule of then."""
    now = desk.edition.answer(entry, question.memory.region, question.day, question.channel)
    if not now or now.lookup not in (STANDARD_LOOKUP, STANDARD_IF_KNOWN) or _NOW.search(question.text):
        return question, entry
    named = dates.parse(question.text, question.day)
    if not named or named.last.year >= question.day.year:
        return question, entry
    then = replace(question, day=named.last)
    found = desk.edition.answers_in_scope(question.memory.region, then.day, question.channel, now.programme)
    same = next((one.id for one in found if one.lookup == STANDARD_LOOKUP and one.aspect == now.aspect), "")
    return (then, same) if same else (question, entry)


def pending(desk: Desk, question: Question, entry: str) -> str:
    """An answer that waits for its place, with the day it is about where that is not today."""
    return entry if question.day == desk.today() else f"{entry}@{question.day}"


def _called(desk: Desk, region: str) -> str:
    return desk.regions.full_name(region) if region and knows(desk.regions, region) else ""


def _with_figures(desk: Desk, answer: Answer, reply: Reply, region: str, day: date) -> Given:
    result = desk.edition.figures(answer.lookup_programme or answer.programme, region, day)
    if not region or (result.state is FigureState.NONE and result.asks):
        asked = say(desk, "ask_place", Outcome.CLARIFIED, reason="ask_place", region=region)
        return Given(replace(asked, entry=answer.id, title=answer.title), answer.programme, asks_place=True)
    phone = hotline(desk, region)
    text = figure_text(result, phone, now=day.year >= desk.today().year)
    if result.state is FigureState.NONE:
        reply = replace(
            reply,
            text=text,
            short=figure_short(result, phone),
            outcome=Outcome.DECLINED,
            reason="no_rule_here",
            sources=(),
            choices=(PERSON,),
        )
        return Given(reply, answer.programme)
    figures = desk.edition.figure_sources(result)
    reply = replace(
        reply, text=f"{text}\n{reply.text}", short=figure_short(result, phone), sources=(*figures, *reply.sources)
    )
    return Given(reply, answer.programme)


def _with_figures_if_known(desk: Desk, answer: Answer, reply: Reply, region: str, day: date) -> Given:
    given = _with_figures(desk, answer, reply, region, day)
    if given.reply.outcome is Outcome.ANSWERED:
        return given
    if given.asks_place:
        asked = desk.edition.words("ask_place").strip()
        return Given(replace(reply, text=f"{reply.text}\n{asked}"), answer.programme, asks_place=True)
    return Given(replace(reply, text=f"{given.reply.text}\n{reply.text}"), answer.programme)


def _with_subsidy(desk: Desk, answer: Answer, reply: Reply, region: str, day: date) -> Given:
    if not region:
        asked = say(desk, "ask_place", Outcome.CLARIFIED, reason="ask_place")
        return Given(replace(asked, entry=answer.id, title=answer.title), answer.programme, asks_place=True)
    found = desk.edition.subsidy(region, f"{day:%Y-%m}")
    return Given(replace(reply, text=f"{subsidy_text(found, hotline(desk, region))}\n{reply.text}"), answer.programme)


def _next(desk: Desk, answer: Answer, region: str, day: date, channel: str) -> tuple[Choice, ...]:
    """To apply here and now, where an answer is about that, and two things people ask next about the same programme:
    one tap instead of one more sentence."""
    begun = offering.under(desk, answer, channel)
    if answer.programme in ("general", "yiqing", "rexian", "yinsi"):
        return begun
    others = [
        other
        for other in desk.edition.answers_in_scope(region, day, channel, answer.programme)
        if other.aspect in _NEXT_ASPECTS and other.id != answer.id
    ]
    others.sort(key=lambda other: _NEXT_ASPECTS.index(other.aspect))
    return (*begun, *(Choice(other.title, {"answer": other.id}) for other in others[:2]))
