"""Officers, and what a test does again and again with a conversation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.audit import Deed, Line
from bot.calendar import WorkingDays
from bot.conversations import Conversation
from bot.desk.desk import Desk
from bot.desk.handoff import holding
from bot.desk.intake import take_in
from bot.desk.ports import Message
from bot.hours import Hours
from bot.staff import Role, Staff
from tests.desk.conftest import CONTENT, clock, desk, engine, message, regions

__all__ = ["clock", "desk", "engine", "regions"]

HERE = "420111"


@pytest.fixture
def office(desk: Desk) -> Desk:
    """With the hours and the calendar of the product; the clock stands on a Wednesday at ten."""
    return replace(
        desk,
        hours=Hours.from_csv(CONTENT / "hours.csv"),
        calendar=WorkingDays.from_csv(CONTENT / "calendar.csv"),
    )


async def officer(
    desk: Desk, login: str = "chen", name: str = "陈工", role: Role = Role.OFFICER, region: str = "000000"
) -> Staff:
    now = desk.clock.now()
    async with desk.store.writing() as work:
        made = await work.staff.add(login, name, [role], [region], [], "test", now)
        made = await work.staff.change(made, "test", now, state="active")
        await work.commit()
    return made


async def queued(desk: Desk, sender: str = "o-wang") -> Conversation:
    return (await take_in(desk, message("转人工", sender=sender))).conversation


async def held(desk: Desk, staff: Staff, sender: str = "o-wang") -> str:
    one = await queued(desk, sender)
    await holding.claim(desk, staff, one.id)
    return one.id


async def talk(desk: Desk, conversation: str) -> Conversation:
    async with desk.store.reading() as work:
        return await work.conversations.get(conversation)


async def rows(desk: Desk, conversation: str) -> list[Message]:
    async with desk.store.reading() as work:
        return list(await work.messages.history(conversation, 500))


async def lines(desk: Desk, *deeds: Deed) -> list[Line]:
    async with desk.store.reading() as work:
        return [line async for line, _ in work.audit.lines() if line.deed in deeds]


class Post:
    """What went out of a channel, by author."""

    def __init__(self) -> None:
        self.sent: list[Message] = []

    async def send(self, conversation: Conversation, message: Message) -> str:
        self.sent.append(message)
        return ""
