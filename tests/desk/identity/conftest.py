"""Two chats of one resident: the app, where they are known, and WeChat."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.desk.desk import Desk
from bot.desk.identity.asking import code_in
from bot.desk.ports import Message
from bot.messages import Author
from tests.desk.filling.conftest import desk as desk
from tests.desk.filling.talk import Talk


class Chat(Talk):
    async def lines(self) -> Sequence[Message]:
        """All that we said here."""
        async with self.desk.store.reading() as work:
            rows = await work.messages.history(self.conversation, 200)
        return [row for row in rows if row.author is not Author.RESIDENT]

    async def last(self) -> str:
        return (await self.lines())[-1].text

    async def code(self, asking: str = "换个手机继续办") -> str:
        found = code_in(await self.say(asking))
        assert found, await self.last()
        return found

    async def answer(self, label: str) -> str:
        """Tap an option of what was said last, whoever said it."""
        self.rows = [(await self.lines())[-1]]
        return await self.tap(label)

    async def person(self) -> str:
        async with self.desk.store.reading() as work:
            found = await work.people.of_conversation(self.conversation)
        return found.id if found else ""


@pytest.fixture
async def app(desk: Desk) -> Chat:
    """An application half filled in."""
    chat = Chat(desk, "a:1", "app")
    await chat.until("household_size")
    return chat


@pytest.fixture
def wechat(desk: Desk) -> Chat:
    return Chat(desk, "o-1", "wechat")
