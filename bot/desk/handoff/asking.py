"""The resident's side: asking for a person, waiting, leaving the queue again. All in the transaction of their message."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.conversations import ASIDE, URGENT, Conversation, Holder
from bot.desk.desk import Desk
from bot.desk.filling.aside import region_of
from bot.desk.handoff import waiting
from bot.desk.handoff.resuming import going_on
from bot.desk.ports import Message, Work
from bot.desk.words import say
from bot.errors import BadInput
from bot.messages import Choice, Kind, Outcome, Reply

ACK_EVERY = timedelta(minutes=5)
CALLBACK = "callback"
_CALL_BACK = "居民在下班时间找人工，请在会话 {conversation} 里回复，或打电话。"
_ALWAYS = ("emergency", "complaint")
"""These stand in the queue at any hour; whoever comes first sees them."""
_ACK, _LEFT = "queue_ack", "person_cancelled"
_LEAVES = re.compile(
    r"\W{0,9}(?:(?:算了|不等了?|不用等|不排队?了?|取消排队|不找人工?了?|不要人工了?|不用人工了?|继续问机器人|接着问机器人"
    r"|(?:还是)?问机器人|机器人)(?:吧|了|啊|呢)?\W{0,9}){1,3}"
)
_FILLS_IN = re.compile(r"\W*(?:我要?|想)?(?:接着|继续)(?:填|办|申请)(?:表|单)?(?:吧|了)?\W*")
_ASKS_AGAIN = re.compile(r"(?:人工|真人|排到|第几|多久|还要等|要等|有人吗|人呢)")
_LONGEST_ASKING = 16
_ROW = re.compile(r"^\d{1,2}[.．、]\s*")
"""A tapped row of a menu brings its number along: 1. 不等了。"""


def call_back_in(text: str) -> str:
    """The conversation that the text of a call-back names; empty in any other task's."""
    found = re.fullmatch(_CALL_BACK.format(conversation="([0-9A-Z]{26})"), text)
    return found[1] if found else ""


async def handed(
    desk: Desk, work: Work, conversation: Conversation, said: Reply, now: datetime
) -> tuple[Conversation, Reply]:
    """A reply that asks for a person: the queue takes the conversation, or outside hours a call-back is noted and the bot
    keeps it; the reply says so."""
    if conversation.holder is Holder.QUEUED:
        if said.reason != "asked":
            return conversation, said
        return conversation, replace(said, text=await _text(desk, work, conversation, "person_again"))
    if conversation.holder not in (Holder.BOT, Holder.CLOSED):
        return conversation, said
    calls = conversation.channel != ASIDE and said.reason.partition(":")[0] not in _ALWAYS
    if calls and not desk.staffed(conversation.region):
        return conversation, await _call_back(desk, work, conversation, said, now)
    conversation = await enqueue(desk, work, conversation, said.reason, "resident", now)
    if said.reason == "asked":
        said = replace(said, text=await _text(desk, work, conversation, "person"))
    return conversation, said


async def enqueue(
    desk: Desk, work: Work, conversation: Conversation, reason: str, actor: str, now: datetime, urgent: bool = False
) -> Conversation:
    if not conversation.region and (place := await _told_in_form(work, conversation)):
        # Colleagues of the place they live in are asked first.
        await work.conversations.change(conversation.id, now, region=place)
    conversation = await work.conversations.move(conversation.id, Holder.QUEUED, actor, reason, now)
    by = waiting.answer_by(desk, conversation.region, now, urgent or conversation.priority >= URGENT)
    return await work.conversations.change(conversation.id, now, answer_by=by)


async def _told_in_form(work: Work, conversation: Conversation) -> str:
    drafts = await work.drafts.of_conversation(conversation.id)
    return next((place for draft in drafts if (place := region_of(draft.sheet))), "")


def takes_up_form(message: Message) -> bool:
    """接着填: whoever goes on with a form waits no longer; the message is the bot's."""
    return message.kind is Kind.TEXT and _FILLS_IN.fullmatch(message.text.strip()) is not None


async def heard_by_queue(desk: Desk, work: Work, conversation: Conversation, message: Message) -> Sequence[Reply]:
    """What is said to a message that the queue hears: at most that it arrived. Leaving the queue is in the reply's reason."""
    if message.kind is Kind.EVENT:
        asked = message.about.get("event") == "CLICK" and message.about.get("event_key") == "person"
        return [await _again(desk, work, conversation)] if asked else []
    text = _ROW.sub("", message.text.strip())
    if _LEAVES.fullmatch(text) or text == desk.edition.words("queue_leave").strip():
        return [say(desk, _LEFT), *await going_on(desk, work, conversation)]
    if len(text) <= _LONGEST_ASKING and _ASKS_AGAIN.search(text):
        return [await _again(desk, work, conversation)]
    since = message.created_at - ACK_EVERY
    rows = await work.messages.history(conversation.id, 60)
    if any(row.about.get("reason") == _ACK and row.created_at > since for row in rows):
        return []
    key = "queue_ack_picture" if message.kind is Kind.IMAGE else _ACK
    leave = desk.edition.words("queue_leave").strip()
    wait = await waiting.marks(desk, work, conversation)
    choices = (Choice(leave, {"say": leave}),)
    return [say(desk, key, reason=_ACK, choices=choices, ahead=wait.ahead, wait=wait.wait)]


async def _again(desk: Desk, work: Work, conversation: Conversation) -> Reply:
    said = say(desk, "person_again", Outcome.PERSON, reason="asked", region=conversation.region)
    return replace(said, text=await _text(desk, work, conversation, "person_again"))


async def _text(desk: Desk, work: Work, conversation: Conversation, key: str) -> str:
    wait = await waiting.marks(desk, work, conversation)
    return say(desk, key, region=conversation.region, ahead=wait.ahead, wait=wait.wait).text


async def _call_back(desk: Desk, work: Work, conversation: Conversation, said: Reply, now: datetime) -> Reply:
    """One task for as long as it is open, due within the first hours people are there."""
    chain = desk.edition.chain(conversation.region)
    key, due = "person_outside_again", await _open_call(work, conversation)
    if due is None:
        span = desk.service_hours.next_span(now, chain, desk.calendar)
        due = (span[1] if span else now + timedelta(days=1)).astimezone(now.tzinfo)
        person = await work.people.of_conversation(conversation.id)
        text = _CALL_BACK.format(conversation=conversation.id)
        who, phone = (person.id, person.phone) if person else ("", "")
        task = await work.tasks.add(CALLBACK, who, "", conversation.region, text, phone, due, now)
        await work.talks.note(conversation.id, text, "system", now, CALLBACK, task.id)
        key = "person_outside"
    when, hours = waiting.moment_in_words(due), desk.service_hours.said(chain)
    told = say(desk, key, Outcome.PERSON, reason=CALLBACK, region=conversation.region, when=when, hours=hours)
    if said.reason == "asked":
        return told
    # 投诉 and the like have words of their own; when somebody comes is said after them.
    return replace(said, text=f"{said.text}\n{told.text}")


async def _open_call(work: Work, conversation: Conversation) -> datetime | None:
    for note in reversed(await work.talks.notes(conversation.id, CALLBACK)):
        try:
            task = await work.tasks.get(note.ref)
        except BadInput:
            continue  # done and forgotten
        return task.due_at if task.state == "open" else None
    return None
