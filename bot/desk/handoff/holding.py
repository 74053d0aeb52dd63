"""What an officer does with a conversation. Each is one transaction under the conversation's lock, with its audit line."""

from __future__ import annotations

from datetime import timedelta

from bot import people
from bot.audit import Deed
from bot.conversations import Conversation, Holder
from bot.desk.desk import Desk
from bot.desk.handoff.deeds import TAKEN_OVER as TAKEN_OVER
from bot.desk.handoff.deeds import audit, ends, labels, say_to_resident, takes, waits
from bot.desk.handoff.resuming import going_on
from bot.desk.handoff.theirs import held, name_of, theirs
from bot.desk.ports import Message, Work
from bot.desk.words import say
from bot.errors import BadInput, Conflict
from bot.messages import Author
from bot.staff import Staff

OUTCOMES = ("solved", "referred", "answered", "unreachable", "other")
LONGEST = 600
"""Characters: one message of every platform (WeChat takes 2,048 bytes of text)."""
LONGEST_NOTE, LONGEST_LABEL = 2000, 20
TWICE = timedelta(seconds=5)
"""The same words again within this time are a key pressed twice."""
_QUOTED = 40


async def claim(desk: Desk, staff: Staff, conversation: str) -> Conversation:
    """Take it: from the queue, from the bot, or a closed one. Raises Conflict with the winner's name, NotYours.

    With the commit no row of the bot becomes `sending` any more; what was `sending` by then had left.
    """
    now = desk.clock.now()
    async with desk.store.writing() as work:
        talk = await theirs(desk, work, staff, conversation, "conversations.claim")
        if talk.holder in (Holder.OFFICER, Holder.WAITING):
            if talk.holder_name == staff.id:
                return talk
            raise Conflict(f"{await name_of(work, talk.holder_name)}已经接了这个会话。")
        talk = await takes(desk, work, staff, talk, now)
        await work.commit()
    return talk


async def reply(desk: Desk, staff: Staff, conversation: str, text: str, seen: int | None = None) -> Message:
    """Only the holder; else Conflict. The message's state says whether it leaves (queued) or waits (held); one that waits has
    become a task to call.

    `seen`: the number of the newest message on the page this was written on; Conflict where a colleague, or the same one on
    another page, answered since: two answers to one question confuse whoever reads them.
    """
    words = text.strip()
    if not words or len(words) > LONGEST:
        raise BadInput(f"写上要说的话，不超过{LONGEST}个字；再长请分几条发。")
    now = desk.clock.now()
    async with desk.store.writing() as work:
        talk = await held(desk, work, staff, conversation)
        last = (await work.messages.history(conversation, 1))[-1:]
        if last and last[0].actor == staff.id and last[0].text == words and now - last[0].created_at <= TWICE:
            return last[0]
        if seen is not None:
            await _unanswered_since(work, conversation, seen)
        row = await say_to_resident(work, staff, talk, words, now)
        await work.commit()
    return row


async def note(desk: Desk, staff: Staff, conversation: str, text: str) -> None:
    """For colleagues only; also without holding it. It lies in a table that no outbox reads."""
    words = text.strip()
    if not words or len(words) > LONGEST_NOTE:
        raise BadInput(f"写上备注，不超过{LONGEST_NOTE}个字。")
    now = desk.clock.now()
    async with desk.store.writing() as work:
        talk = await theirs(desk, work, staff, conversation, "conversations.reply")
        await work.talks.note(conversation, people.mask(words)[0], staff.id, now)
        await audit(work, staff, Deed.CHANGE, talk, now, {"did": "note"})
        await work.commit()


async def give_back(desk: Desk, staff: Staff, conversation: str) -> Conversation:
    """To the bot, without closing: the form goes on where it stood. A supervisor may do it for the holder."""
    now = desk.clock.now()
    async with desk.store.writing() as work:
        await held(desk, work, staff, conversation, anyone="conversations.assign")
        talk = await work.conversations.move(conversation, Holder.BOT, staff.id, "given back", now)
        talk = await work.conversations.change(conversation, now, priority=0)
        for said in (say(desk, "held_back"), *await going_on(desk, work, talk)):
            await work.messages.add(talk, Author.BOT, said, now)
        await audit(work, staff, Deed.MOVE, talk, now, {"to": Holder.BOT})
        await work.commit()
    return talk


async def wait_for_resident(desk: Desk, staff: Staff, conversation: str) -> Conversation:
    """Nothing is owed until the resident writes; then it is the holder's again."""
    now = desk.clock.now()
    async with desk.store.writing() as work:
        talk = await held(desk, work, staff, conversation)
        if talk.holder is Holder.WAITING:
            return talk
        talk = await waits(work, staff, talk, now)
        await work.commit()
    return talk


async def close(desk: Desk, staff: Staff, conversation: str, outcome: str) -> Conversation:
    """Resolved, with one of OUTCOMES; the resident is asked by one tap whether it helped."""
    if outcome not in OUTCOMES:
        raise BadInput("选一个办结的结果。")
    now = desk.clock.now()
    async with desk.store.writing() as work:
        talk = await held(desk, work, staff, conversation)
        talk = await ends(desk, work, staff, talk, outcome, now)
        await work.commit()
    return talk


async def label(desk: Desk, staff: Staff, conversation: str, name: str, on: bool = True) -> None:
    """Words of the office, never of a resident: they stand in clear in lists."""
    word = name.strip()
    if not word or len(word) > LONGEST_LABEL or people.mask(word)[0] != word:
        raise BadInput(f"标签写{LONGEST_LABEL}个字以内，不写个人信息。")
    now = desk.clock.now()
    async with desk.store.writing() as work:
        talk = await theirs(desk, work, staff, conversation, "conversations.reply")
        await labels(work, staff, talk, word, now, on)
        await work.commit()


async def _unanswered_since(work: Work, conversation: str, seen: int) -> None:
    rows = await work.messages.history(conversation, 30)
    newer = [row for row in rows if row.author is Author.OFFICER and row.seq > seen]
    if newer:
        who, said = await name_of(work, newer[-1].actor), newer[-1].text
        told = said if len(said) <= _QUOTED else said[:_QUOTED] + "…"
        raise Conflict(f"您打开这一页以后，{who}又回了一条：“{told}”。您写的还在，看过再发。")
