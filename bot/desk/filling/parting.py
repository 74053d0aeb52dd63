"""Stopping for now, giving up, and taking consent back: what is kept of a form, and what is said."""

from __future__ import annotations

from datetime import datetime

from bot.clock import SHANGHAI
from bot.conversations import Conversation
from bot.desk.case_ports import Draft
from bot.desk.desk import Desk
from bot.desk.filling import agreeing, heard
from bot.desk.filling.effect import Effect
from bot.desk.filling.heard import Heard
from bot.desk.ports import Work
from bot.desk.words import PERSON, say
from bot.messages import Choice

_STATES = {"stop": "paused", "cancel": "cancelled", "withdraw": "cancelled", "disagree": "cancelled"}
_WORDS = {"stop": "form_paused", "cancel": "form_cancelled", "withdraw": "form_withdrawn", "disagree": "form_disagreed"}


async def part(
    desk: Desk, work: Work, old: Draft, draft: Draft, effect: Effect, message: str, talk: Conversation
) -> Heard:
    """A paused draft stays and says until when; a cancelled one leaves no answers behind (`Drafts.save`)."""
    if effect.do == "withdraw":
        await agreeing.withdraw(desk, work, draft, talk)
    choices = (going_on(desk, draft),) if effect.do == "stop" else (PERSON,) if effect.do == "disagree" else ()
    words = say(desk, _WORDS[effect.do], until=day_in_words(draft.expires_at), choices=choices)
    replies = heard.closing([*effect.before, words], "")
    await heard.keep(desk, work, old, draft, message, replies, _STATES[effect.do])
    return Heard(replies, "", effect.memory)


async def pause(desk: Desk, work: Work, form: str) -> None:
    """Put the open form aside without a word: something more urgent is being said."""
    draft = await work.drafts.get(form)
    if draft.state == "open":
        await work.drafts.save(draft, desk.clock.now(), state="paused")


def going_on(desk: Desk, draft: Draft) -> Choice:
    return Choice(desk.edition.words("form_go_on").strip(), {"form": "resume", "programme": draft.id})


def day_in_words(moment: datetime) -> str:
    """12月25日, in the time residents live in."""
    day = moment.astimezone(SHANGHAI)
    return f"{day.month}月{day.day}日"
