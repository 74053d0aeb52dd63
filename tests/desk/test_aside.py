"""`converse` talks through the whole system on the office's own database, and disturbs nobody who works there."""

from __future__ import annotations

from bot.cli.converse import say
from bot.clock import FixedClock
from bot.conversations import ASIDE, Conversation
from bot.desk.desk import Desk
from bot.desk.intake import take_in
from bot.desk.outbox import deliver_once
from bot.desk.ports import Message
from bot.desk.turns import TurnWorker
from bot.messages import State
from tests.desk.conftest import ScriptedEngine, message

ROW = {"conversation": "c1", "channel": "mini", "text": "低保怎么申请"}


class Door:
    """What went out of a channel."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    async def send(self, conversation: Conversation, message: Message) -> str:
        self.sent.append(message.text)
        return ""


async def test_a_line_is_answered_as_on_the_channel_it_names(desk: Desk, engine: ScriptedEngine) -> None:
    told = await say(desk, engine, ROW, "run-1")
    assert told == {
        "conversation": "c1",
        "replies": [
            {"text": "答案", "choices": [], "outcome": "answered", "entry": "dibao-apply"},
        ],
        "holder": "bot",
    }
    assert [turn.channel for turn in engine.asked] == ["mini"]


async def test_one_talk_has_one_memory_and_another_run_another(desk: Desk, engine: ScriptedEngine) -> None:
    for run in ("run-1", "run-1", "run-2"):
        await say(desk, engine, ROW, run)
    first, second, other = [turn.conversation for turn in engine.asked]
    assert first == second != other


async def test_a_gateways_worker_leaves_it_alone(desk: Desk, engine: ScriptedEngine, clock: FixedClock) -> None:
    await take_in(desk, message(channel=ASIDE, account="run-1"), passive_seconds=60)
    assert not await TurnWorker(desk, engine, "gateway").work_once()
    assert not await TurnWorker(desk, engine, "another run", aside="run-2").work_once()
    assert await TurnWorker(desk, engine, "converse", aside="run-1").work_once()
    door = Door()
    await deliver_once(desk, {"wechat": door})
    clock.advance(seconds=61)
    await deliver_once(desk, {"wechat": door})
    assert door.sent == []


async def test_it_leaves_alone_what_waits_for_the_gateway(desk: Desk, engine: ScriptedEngine) -> None:
    waiting = await take_in(desk, message("我的低保"))
    await say(desk, engine, ROW, "run-1")
    async with desk.store.reading() as work:
        assert (await work.messages.get(waiting.message.id)).state is State.RECEIVED
    assert [turn.text for turn in engine.asked] == [ROW["text"]]


async def test_nobody_is_asked_to_come_for_an_instrument(desk: Desk, engine: ScriptedEngine) -> None:
    told = await say(desk, engine, ROW | {"text": "我不想活了"}, "run-1")
    assert (told["holder"], told["replies"][0]["outcome"]) == ("queued", "distress")
    async with desk.store.reading() as work:
        assert list(await work.conversations.waiting()) == []
