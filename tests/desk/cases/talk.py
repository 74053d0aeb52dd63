"""One resident's talk about a case, form after form; every reply is checked for its language."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest

from bot.conversations import Conversation
from bot.desk.case_ports import Case
from bot.desk.filling.hearing import hear
from bot.desk.filling.opening import begin
from bot.desk.question import Question
from bot.knowledge.plain_language import refused_words
from bot.messages import Inbound, Kind
from tests.desk.cases.conftest import Town

_messages = count(1)


class Talk:
    """One resident at one form after another; every reply is checked for its language."""

    def __init__(self, town: Town, conversation: Conversation) -> None:
        self.town, self.conversation, self.form = town, conversation, ""
        self.replies: list[str] = []
        self.options: list[str] = []

    async def _message(self, text: str) -> str:
        async with self.town.desk.store.writing() as work:
            inbound = Inbound(
                "wechat", "gh_1", self.conversation.sender, f"t:{next(_messages)}", Kind.TEXT, self.town.now, text=text
            )
            taken = await work.messages.take(self.conversation, inbound, text, {}, self.town.now)
            await work.commit()
        return taken.message.id

    async def open(self, kind: str, programme: str = "") -> str:
        meaning = {"form": kind, "programme": programme}
        message = await self._message(kind)
        asked = Question(kind, self.town.desk.today(), "wechat", meaning=meaning)
        return self._kept(await begin(self.town.desk, self.conversation.id, message, asked))

    async def say(self, text: str) -> str:
        """An answer in words. All that is said back, in one text."""
        assert self.form, f"no form is open for {text!r}; said before: {self.replies}"
        message = await self._message(text)
        asked = Question(text, self.town.desk.today(), "wechat")
        return self._kept(await hear(self.town.desk, self.conversation.id, message, self.form, asked, text))

    async def tap(self, meaning: dict[str, object]) -> str:
        """An option, or a photo that the gateway kept."""
        message = await self._message("〔图片〕")
        asked = Question("", self.town.desk.today(), "wechat", meaning=meaning)
        return self._kept(await hear(self.town.desk, self.conversation.id, message, self.form, asked, ""))

    def _kept(self, heard: object) -> str:
        self.form = heard.form  # type: ignore[attr-defined]
        replies = heard.replies  # type: ignore[attr-defined]
        self.replies = [reply.text for reply in replies]
        self.options = [choice.label for reply in replies for choice in reply.choices]
        for text in self.replies:
            assert not list(refused_words(text)), text
            assert "{" not in text
            assert "None" not in text
        assert len(replies) <= 3
        return "\n".join(self.replies)


@pytest.fixture
def talk_of(town: Town) -> Callable[[Conversation], Talk]:
    return lambda conversation: Talk(town, conversation)


async def owned(town: Town, *states: str) -> tuple[Talk, Case]:
    chat = await town.chat()
    case = await town.case(await town.person(chat), chat)
    return Talk(town, chat), await town.set(case, *states)
