"""From the officer who holds a conversation to whoever should: a colleague, the queue, those who know the matter, the people of
another place. The reason becomes a private note; a resident who waits again hears so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot import people
from bot.audit import Deed
from bot.conversations import URGENT, Conversation, Holder
from bot.desk.casework.listing import place_code
from bot.desk.desk import Desk
from bot.desk.handoff import asking, waiting
from bot.desk.handoff.deeds import audit, labels
from bot.desk.handoff.theirs import colleague, held
from bot.desk.ports import Work
from bot.desk.words import say
from bot.errors import BadInput
from bot.messages import Author, Reply
from bot.staff import Staff, covers, may

QUEUE, PLACE, SKILL = "queue", "place", "skill:"
LONGEST_REASON = 200


async def transfer(desk: Desk, staff: Staff, conversation: str, to: str, reason: str, place: str = "") -> Conversation:
    """`to`: a staff id, `queue`, `skill:低保` for the queue with that label, or `place` for the queue of another place (`place`: its
    name or code). A supervisor may do it for the holder. Raises BadInput, Conflict, NotYours."""
    why = reason.strip()
    if not 2 <= len(why) <= LONGEST_REASON:
        raise BadInput("写一句为什么转，接手的人好接着办。")
    now = desk.clock.now()
    async with desk.store.writing() as work:
        talk = await held(desk, work, staff, conversation, anyone="conversations.assign")
        about = {"to": to}
        if to == PLACE:
            talk = await _to_place(desk, work, talk, place, now)
            about["region"] = talk.region
        elif to.startswith(SKILL):
            await _marked(desk, work, staff, talk, to.removeprefix(SKILL), now)
        if to in (QUEUE, PLACE) or to.startswith(SKILL):
            talk = await asking.enqueue(desk, work, talk, talk.reason or "transferred", staff.id, now)
            await _tell(desk, work, talk, to == PLACE, now)
        else:
            talk = await _to_colleague(desk, work, staff, talk, to, now)
        await work.talks.note(conversation, people.mask(why)[0], staff.id, now)
        await audit(work, staff, Deed.MOVE, talk, now, about)
        await work.commit()
    return talk


def skills_here(desk: Desk, colleagues: Sequence[Staff], talk: Conversation) -> list[str]:
    """What the colleagues of its place know well, each once."""
    able = [one for one in colleagues if may(one, "conversations.reply") and covers(one, talk.region, desk.regions)]
    return sorted({skill for one in able for skill in one.skills})


async def _to_colleague(
    desk: Desk, work: Work, staff: Staff, talk: Conversation, to: str, now: datetime
) -> Conversation:
    other = await colleague(desk, work, to, talk)
    await work.conversations.move(talk.id, Holder.OFFICER, staff.id, "transferred", now, other.id)
    by = waiting.answer_by(desk, talk.region, now, urgent=talk.priority >= URGENT)
    return await work.conversations.change(talk.id, now, answer_by=by)


async def _to_place(desk: Desk, work: Work, talk: Conversation, place: str, now: datetime) -> Conversation:
    code = place_code(desk, place)
    if not code:
        raise BadInput("写上转到哪个地区，比如“武汉市江夏区”。")
    if code == talk.region:
        raise BadInput("这个会话已经在那个地区，放回待接就行。")
    return await work.conversations.change(talk.id, now, region=code)


async def _marked(desk: Desk, work: Work, staff: Staff, talk: Conversation, skill: str, now: datetime) -> None:
    """The label by which those who know it are found (`supervising.routing`)."""
    if skill not in skills_here(desk, await work.staff.list(), talk):
        raise BadInput("这个地区没有同事懂这一样，请重新选。")
    await labels(work, staff, talk, skill, now)


async def _tell(desk: Desk, work: Work, talk: Conversation, elsewhere: bool, now: datetime) -> None:
    """As far as the platform lets us."""
    if not talk.ledger.allows(now):
        return
    await work.messages.add(talk, Author.BOT, await _words(desk, work, talk, elsewhere), now)


async def _words(desk: Desk, work: Work, talk: Conversation, elsewhere: bool) -> Reply:
    if not desk.staffed(talk.region) and talk.answer_by is not None:
        hours = desk.service_hours.said(desk.edition.chain(talk.region))
        when = waiting.moment_in_words(talk.answer_by)
        return say(desk, "person_moved_outside", region=talk.region, when=when, hours=hours)
    wait = await waiting.marks(desk, work, talk)
    place = desk.regions.full_name(talk.region) if elsewhere else ""
    key = "person_moved_place" if elsewhere else "person_moved"
    return say(desk, key, region=talk.region, place=place, ahead=wait.ahead, wait=wait.wait)
