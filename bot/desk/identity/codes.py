"""Codes to go on elsewhere: eight digits, good once and for ten minutes, guessed a few times and no more.

A code that carries a person opens nothing by itself. It is typed in the other chat, and the first chat is asked whether
that was they: whoever reads a code over a shoulder, or has somebody read it out on the telephone, gets nothing without
that answer. A code from where nothing personal may be said carries what was being asked, and nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot import codes as eight
from bot.channels import personal
from bot.conversations import Conversation
from bot.desk.cases.lookup import DAY, EVERYBODY, PAUSE, TRIES, TRIES_A_DAY
from bot.desk.cases.whose import is_somebody
from bot.desk.desk import Desk
from bot.desk.identity_ports import Continuation
from bot.desk.offering import begin
from bot.desk.ports import Work
from bot.desk.words import say
from bot.messages import Author, Choice, Outcome, Reply, State

KEPT = timedelta(minutes=10)
"""How long a code may be typed, and then how long the first chat may say that it was they."""
HOUR = timedelta(hours=1)
MOST_AN_HOUR = 300
"""Wrong codes of everybody in an hour; then none is looked up. Of a hundred open codes among 10^8 one is hit by chance in
this many guesses with a chance of 0.0003."""
RESUME = "resume"
_EVERYBODYS = "continue:everybody"
USED, MINE, NOT_MINE = "continue_used", "continue_mine", "continue_not_mine"
"""The question to the first chat, and its two answers (keys of fixed words; the first also the `reason` of the row)."""


async def give(desk: Desk, work: Work, talk: Conversation, about: Mapping[str, str] | None = None) -> Reply:
    """A code for this chat, said in it; any before it is good for nothing. `about`: what to go on with there, where it is
    known: {"kind", "programme"} of a form; else the answer given last here."""
    now = desk.clock.now()
    person = await work.people.of_conversation(talk.id) if personal(talk.channel) else None
    carries = about or await _asked_last(work, talk)
    if person is None and not carries:
        return say(desk, "continue_nothing")
    code = eight.new()
    await work.continuations.add(code, talk.id, person.id if person else "", carries, now, now + KEPT)
    return say(desk, "continue_code" if person else "continue_code_topic", code=eight.show(code))


async def typed(desk: Desk, work: Work, talk: Conversation, code: str) -> Reply | None:
    """What a code opens in this chat. None for one that is wrong, spent, too old, or guessed too often, all alike."""
    now = desk.clock.now()
    found = await _found(work, talk, code, now)
    if found is None:
        return None
    refused = await _refused(desk, work, talk, found)
    if refused is not None:
        return refused
    if not await work.continuations.claim(found, talk.id, now + KEPT, now):
        return None
    if not found.person:
        return replace(say(desk, "continue_topic"), choices=offers(desk, found))
    await _ask(desk, work, found, talk, now)
    return say(desk, "continue_wait")


def wrong(desk: Desk) -> Reply:
    return say(desk, "continue_wrong", Outcome.CLARIFIED)


def offers(desk: Desk, found: Continuation) -> tuple[Choice, ...]:
    """To go on with what the code carried."""
    about = found.about
    if about.get("kind") == RESUME:
        return ()  # a form half filled belongs to a person, and this code carries none
    if about.get("kind"):
        return (begin(desk, about["kind"], about.get("programme", "")),)
    return (Choice(about["title"], {"answer": about["entry"]}),) if about.get("entry") else ()


def channel_name(desk: Desk, channel: str) -> str:
    known = ("wechat", "mini", "app", "weibo")
    return desk.edition.words(f"channel_{channel if channel in known else 'other'}").strip()


async def _found(work: Work, talk: Conversation, code: str, now: datetime) -> Continuation | None:
    """One guess. Nothing is looked up for who guessed too often, nor for anybody while very many do."""
    key = f"continue:{talk.id}"
    lately, today = await work.cases.tries(key, now - PAUSE), await work.cases.tries(key, now - DAY)
    if lately >= TRIES or today >= TRIES_A_DAY or await work.cases.tries(_EVERYBODYS, now - HOUR) >= MOST_AN_HOUR:
        return None
    found = await work.continuations.find(code, now)
    if found is None:
        for one in (key, _EVERYBODYS, EVERYBODY):
            await work.cases.tried(one, now)
    return found


async def _refused(desk: Desk, work: Work, talk: Conversation, found: Continuation) -> Reply | None:
    """Why a good code opens nothing here; it is not spent by that."""
    if found.conversation == talk.id:
        return say(desk, "continue_same")
    if found.person and not personal(talk.channel):
        return say(desk, "continue_not_here")
    person = await work.people.of_conversation(talk.id) if found.person else None
    if person is None:
        return None
    if person.id == found.person:
        return say(desk, "continue_already")
    return say(desk, "continue_taken") if await is_somebody(work, person) else None


async def _asked_last(work: Work, talk: Conversation) -> Mapping[str, str]:
    """The answer given last here, by its title: nothing the resident wrote."""
    for row in reversed(await work.messages.history(talk.id, 20)):
        if row.author is Author.BOT and row.about.get("entry") and row.about.get("title"):
            return {"entry": str(row.about["entry"]), "title": str(row.about["title"])}
    return {}


async def _ask(desk: Desk, work: Work, found: Continuation, other: Conversation, now: datetime) -> None:
    """Tell the first chat that its code was typed, and ask whether that was they."""
    talk = await work.conversations.get(found.conversation)
    choices = tuple(Choice(label, {"say": label}) for label in labels(desk))
    told = say(desk, USED, place=channel_name(desk, other.channel), choices=choices)
    state = State.QUEUED if talk.ledger.allows(now) else State.HELD
    await work.messages.add(talk, Author.SYSTEM, told, now, actor="system", state=state)


def labels(desk: Desk) -> tuple[str, str]:
    mine, not_mine = (desk.edition.words(key).strip() for key in (MINE, NOT_MINE))
    return mine, not_mine
