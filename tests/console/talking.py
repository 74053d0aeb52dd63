"""Residents for the tests of the room of conversations: who said what, and waits for a person."""

from __future__ import annotations

from bot.conversations import Conversation, Holder
from bot.desk.desk import Desk
from bot.desk.intake import take_in
from bot.messages import Author, Outcome, Reply, Source
from bot.staff import Role
from tests.console.conftest import Office
from tests.console.door import Visitor, inside
from tests.console.people import Colleague, colleague
from tests.desk.conftest import message

HERE, ELSEWHERE = "420111", "440305"
ANSWERED = Reply(
    "先到乡镇（街道）窗口问。",
    outcome=Outcome.ANSWERED,
    entry="dibao-apply",
    title="低保怎么申请",
    sources=(Source("", "社会救助法", "第18条", "2026-07-01"),),
    as_of="2026-11-25",
    place="湖北省武汉市洪山区",
)


async def resident(desk: Desk, *said: str, sender: str = "o-wang", region: str = HERE) -> Conversation:
    """Somebody who said this; each was answered by the bot."""
    for text in said or ("低保怎么申请",):
        taken = await take_in(desk, message(text, sender))
        async with desk.store.writing() as work:
            talk = await work.conversations.change(taken.conversation.id, desk.clock.now(), region=region)
            if taken.message.state == "received":
                await work.messages.add(talk, Author.BOT, ANSWERED, desk.clock.now(), reply_to=taken.message.id)
            await work.commit()
    return talk


async def queued(
    desk: Desk, *said: str, sender: str = "o-wang", region: str = HERE, reason: str = "asked"
) -> Conversation:
    """Somebody who waits for a person."""
    talk = await resident(desk, *said, sender=sender, region=region)
    async with desk.store.writing() as work:
        talk = await work.conversations.move(talk.id, Holder.QUEUED, "resident", reason, desk.clock.now())
        await work.commit()
    return talk


async def officer(
    office: Office, login: str, region: str = HERE, role: Role = Role.OFFICER
) -> tuple[Visitor, Colleague]:
    made = await colleague(office.desk, office.boss, login, [role], [region])
    return await inside(office, made.staff), made


async def reread(desk: Desk, talk: Conversation) -> Conversation:
    async with desk.store.reading() as work:
        return await work.conversations.get(talk.id)
