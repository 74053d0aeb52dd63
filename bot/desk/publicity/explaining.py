"""Why a resident got this answer: what was found, how well it fits, and what place, day and channel took away."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.desk import answering, gate
from bot.desk.desk import Desk
from bot.desk.publicity import protecting
from bot.desk.publicity.editions import desk_over
from bot.desk.question import Memory, Question
from bot.errors import BadInput
from bot.knowledge.answers import Answer
from bot.knowledge.edition import Edition
from bot.knowledge.fields import NATION
from bot.knowledge.protected import Protected
from bot.knowledge.search.candidate import Candidate
from bot.knowledge.workbook.sheets import CHANNEL_NAMES
from bot.language import distress
from bot.messages import Outcome, Reply

LONGEST = 200
_SAID = {
    "fast": "意思相近",
    "slow": "意思相近（细看）",
    "lexical": "用字相同",
    "exact": "一字不差",
}
"""Rankers whose number says something to people; what else is weighed is in the chance."""


@dataclass(frozen=True, slots=True)
class Removed:
    """A version of an answer that does not hold here."""

    key: str
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Runner:
    """One answer that was found."""

    key: str
    title: str
    chance: float
    """That it is right to give it, after all is weighed."""
    witnesses: tuple[tuple[str, float], ...]
    """What each ranker said, in words."""
    holds: bool
    """Whether a version of it holds here; else `removed` says why not."""
    removed: tuple[Removed, ...]
    instead: str = ""
    """What is given in its place while it is stopped."""
    given: bool = False
    """Whether this is what the resident gets."""


@dataclass(frozen=True, slots=True)
class Explanation:
    question: str
    replies: tuple[Reply, ...]
    danger: str
    """A person in danger was heard before anything was searched; empty: none."""
    runners: tuple[Runner, ...]
    sure: float
    maybe: float
    met: str
    """How it is met, as a protected question would say it."""


async def explain(
    desk: Desk, text: str, region: str, day: date, channel: str, edition: Edition | None = None
) -> Explanation:
    """Ask as a resident of this place would, on this day, on this channel. Nothing is kept."""
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise BadInput(f"请写居民会问的一句话，{LONGEST}字以内")
    over = await desk_over(desk, edition or desk.edition)
    region = "" if region == NATION else region
    return await asyncio.to_thread(_explain, over, Question(text, day, channel, memory=Memory(region=region)))


def _explain(desk: Desk, question: Question) -> Explanation:
    heard = distress.listen(question.text)
    bars = gate.shipped()
    found = desk.finder.find(question.text, "") if desk.finder else ()
    replies = answering.answer(desk, question).replies
    entry = next((one.entry for one in replies if one.outcome is Outcome.ANSWERED), "")
    region = question.memory.region or NATION
    return Explanation(
        question.text,
        replies,
        str(heard.danger) if heard and heard.urgent else "",
        tuple(_runner(desk.edition, one, question, entry) for one in found),
        bars.sure,
        bars.maybe,
        protecting.met(desk, Protected("", question.text, region, "", ""), question.day),
    )


def _runner(edition: Edition, one: Candidate, question: Question, entry: str) -> Runner:
    region, day, channel = question.memory.region, question.day, question.channel
    given = edition.answer(one.entry, region, day, channel)
    titled = given or edition.answers[one.entry]
    stopped = edition.stop(one.entry, region, day)
    return Runner(
        one.entry,
        edition.answers[one.entry].title,
        gate.shipped().chance(one, question.ranking),
        _witnesses(one.raw),
        given is not None,
        tuple(removed(edition, one.entry, region, day, channel)),
        titled.title if stopped and given and given.id != one.entry else "停用时说的话" if stopped else "",
        bool(entry) and entry in (one.entry, given.id if given else ""),
    )


def removed(edition: Edition, key: str, region: str, day: date, channel: str) -> Sequence[Removed]:
    """The versions of an answer that are not given here, each with why. Pure."""
    given = edition.answer(key, region, day, channel)
    chain = edition.chain(region)
    return [
        Removed(one.id, one.title, why)
        for one in edition.versions(key)
        if (given is None or one.id != given.id or edition.stop(one.id, region, day))
        and (why := _why(edition, one, region, chain, day, channel))
    ]


def _why(edition: Edition, one: Answer, region: str, chain: Sequence[str], day: date, channel: str) -> str:
    scope = one.scope
    if scope.region not in chain:
        place = edition.regions.full_name(scope.region)
        return f"只管{place}" if region else f"只管{place}，还不知道居民在哪里"
    if day < scope.first:
        return f"{scope.first}才开始用"
    if scope.last and day > scope.last:
        return f"{scope.last}已经到期"
    if scope.channels and channel not in scope.channels:
        return f"不在这个渠道用（只在{'、'.join(CHANNEL_NAMES[one] for one in scope.channels)}）"
    if edition.stop(one.id, region, day):
        return "已停用"
    return "有更近的一条管这里"


def _witnesses(raw: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    return tuple((_SAID[name], raw[name]) for name in _SAID if name in raw)
