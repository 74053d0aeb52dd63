"""The chats that speak for the people of a case, and taking one away for a reason: somebody lost a phone, or left a
household. The resident is told in that chat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.desk.case_ports import Case
from bot.desk.cases.whose import person_of
from bot.desk.casework.theirs import case_of, reason_of
from bot.desk.desk import Desk
from bot.desk.identity.binding import unbind
from bot.desk.identity.codes import channel_name
from bot.desk.ports import Work
from bot.desk.words import say
from bot.errors import BadInput
from bot.messages import Author
from bot.staff import Staff

PROVED = {"code": "本人用接续码接上", "receipt and facts": "对过回执号和两样信息"}
"""How a chat came to speak for somebody; any other way is a form that was begun there."""


@dataclass(frozen=True, slots=True)
class Bound:
    conversation: str
    channel: str
    called: str
    """applicant or helper, as people say it."""
    how: str
    since: datetime


async def bound(desk: Desk, work: Work, case: Case) -> Sequence[Bound]:
    found = []
    for person, called in ((case.person, "申请人"), (case.helper, "代办人")):
        if await person_of(work, person) is None:
            continue
        for one in await work.people.bindings(person):
            talk = await work.conversations.get(one.conversation)
            how = PROVED.get(one.how, "在这里填的表")
            found.append(Bound(talk.id, channel_name(desk, talk.channel), called, how, one.at))
    return found


async def take_away(desk: Desk, staff: Staff, case: str, conversation: str, reason: str) -> None:
    """Raises NotThere, BadInput."""
    why = reason_of(reason)
    async with desk.store.writing() as work:
        found = await case_of(desk, work, staff, case)
        if conversation not in {one.conversation for one in await bound(desk, work, found)}:
            raise BadInput("这个聊天已经没有绑定了，请刷新看看")
        talk = await work.conversations.get(conversation)
        await unbind(desk, work, talk, staff.id, why)
        now = desk.clock.now()
        await work.cases.note(found, f"officer:{staff.name}", why, now, unbound=channel_name(desk, talk.channel))
        if talk.ledger.allows(now):
            told = say(desk, "unbind_by_office", region=found.region)
            await work.messages.add(talk, Author.SYSTEM, told, now, actor="system")
        await work.commit()
