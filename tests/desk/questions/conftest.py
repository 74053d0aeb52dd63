"""Residents who ask, each ending as told, and the publicity desk that looks at it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.conversations import Conversation
from bot.desk.desk import Desk
from bot.desk.intake import take_in
from bot.desk.ports import Message
from bot.desk.replying import reply
from bot.messages import Outcome, Reply
from tests.desk.conftest import clock as clock
from tests.desk.conftest import message
from tests.desk.conftest import regions as regions
from tests.desk.publicity.conftest import Team
from tests.desk.publicity.conftest import content as content
from tests.desk.publicity.conftest import team as team

NOTHING = Reply("没有答案", outcome=Outcome.DECLINED, reason="no_content")
GIVEN = Reply("答案", outcome=Outcome.ANSWERED, entry="dibao-apply", score=0.9)


async def ask(
    desk: Desk,
    text: str,
    said: Reply | list[Reply] = NOTHING,
    sender: str = "o-wang",
    region: str = "420111",
    **more: Any,
) -> tuple[Conversation, Message]:
    """A resident's question with these replies, as a turn writes them."""
    taken = await take_in(desk, message(text, sender, **more))
    async with desk.store.writing() as work:
        talk = await work.conversations.change(taken.conversation.id, desk.clock.now(), region=region)
        replies = said if isinstance(said, list) else [said]
        await reply(desk, work, talk, taken.message, replies, desk.clock.now())
        await work.commit()
    return talk, taken.message


@pytest.fixture
def here(team: Team) -> Desk:
    return team.desk
