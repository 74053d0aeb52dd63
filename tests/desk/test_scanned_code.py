"""Who scans a printed code is greeted, and taken to be where the paper hangs."""

from __future__ import annotations

import pytest

from bot.desk.desk import Desk
from bot.desk.intake import take_in
from bot.desk.turns import TurnWorker
from bot.messages import Kind
from bot.scenes import scene
from tests.desk.conftest import ScriptedEngine, message


@pytest.mark.parametrize("event", ["subscribe", "SCAN"])
@pytest.mark.parametrize(
    ("key", "region"),
    [(scene("420111", "420111003005", "救助窗口"), "420111"), ("poster-7", ""), ("place-999999", "")],
)
async def test_a_code_tells_the_place(desk: Desk, engine: ScriptedEngine, event: str, key: str, region: str) -> None:
    taken = await take_in(desk, message("", kind=Kind.EVENT, event=event, event_key=key))
    await TurnWorker(desk, engine, "w").work_once()
    async with desk.store.reading() as work:
        said = await work.messages.replies(taken.message.id)
        talk = await work.conversations.get(taken.conversation.id)
    assert any("救助通" in row.text for row in said)
    assert talk.region == region
    assert engine.asked == []
