"""One worker answers one conversation; what it is too late to write is discarded; nothing acknowledged is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.clock import FixedClock
from bot.conversations import Holder
from bot.desk.desk import Desk
from bot.desk.intake import take_in
from bot.desk.ports import Turn
from bot.desk.turns import LEASE_SECONDS, POISONED_AFTER, Breaker, TurnWorker
from bot.errors import TryAgain
from bot.messages import Author, Choice, Kind, Outcome, Reply, State
from tests.desk.conftest import ScriptedEngine, message


async def drain(worker: TurnWorker) -> None:
    while await worker.work_once():
        pass


async def said(desk: Desk, inbound: str) -> list[str]:
    async with desk.store.reading() as work:
        return [row.text for row in await work.messages.replies(inbound)]


async def test_every_message_gets_one_turn_in_order(desk: Desk, engine: ScriptedEngine) -> None:
    taken = [await take_in(desk, message(f"问题{n}")) for n in range(5)]
    workers = [TurnWorker(desk, engine, f"w{n}") for n in range(3)]
    await asyncio.gather(*(drain(worker) for worker in workers))
    assert [turn.text for turn in engine.asked] == [f"问题{n}" for n in range(5)]
    assert [await said(desk, one.message.id) for one in taken] == [["答案"]] * 5


async def test_an_engine_that_is_away_loses_nothing(desk: Desk, engine: ScriptedEngine, clock: FixedClock) -> None:
    taken = await take_in(desk, message())
    worker = TurnWorker(desk, engine, "w", Breaker(threshold=1))
    engine.away = True
    await worker.work_once()
    assert not worker.breaker.closed
    (busy,) = await said(desk, taken.message.id)
    assert "您的消息已收到" in busy
    engine.away = False
    clock.advance(seconds=30)
    await worker.work_once()
    assert await said(desk, taken.message.id) == [busy, "答案"]


async def test_a_message_that_always_fails_is_given_to_a_person(desk: Desk, clock: FixedClock) -> None:
    class Poisoned:
        async def turn(self, turn: Turn) -> Sequence[Reply]:
            raise TryAgain("this one breaks it")

    taken = await take_in(desk, message())
    worker = TurnWorker(desk, Poisoned(), "w", Breaker(threshold=100))
    for _ in range(POISONED_AFTER + 1):
        await worker.work_once()
        clock.advance(seconds=60)
    async with desk.store.reading() as work:
        conversation = await work.conversations.get(taken.conversation.id)
        assert (await work.messages.get(taken.message.id)).state is State.HANDLED
    assert conversation.holder is Holder.QUEUED
    assert "没处理好" in (await said(desk, taken.message.id))[0]


async def test_a_worker_that_lost_its_lease_writes_nothing(
    desk: Desk, engine: ScriptedEngine, clock: FixedClock
) -> None:
    taken = await take_in(desk, message())
    fast = TurnWorker(desk, engine, "fast")

    class Slow(ScriptedEngine):
        async def turn(self, turn: Turn) -> Sequence[Reply]:
            clock.advance(seconds=LEASE_SECONDS + 1)
            await fast.work_once()
            return [Reply("太晚了")]

    await TurnWorker(desk, Slow(), "slow").work_once()
    assert await said(desk, taken.message.id) == ["答案"]


async def test_while_an_officer_holds_it_the_bot_is_silent(desk: Desk, engine: ScriptedEngine) -> None:
    taken = await take_in(desk, message())
    async with desk.store.writing() as work:
        await work.conversations.move(
            taken.conversation.id, Holder.OFFICER, "chen", "claimed", desk.clock.now(), name="陈工"
        )
        await work.commit()
    await TurnWorker(desk, engine, "w").work_once()
    assert engine.asked == []
    assert await said(desk, taken.message.id) == []


async def test_a_claim_during_the_turn_silences_it(desk: Desk) -> None:
    taken = await take_in(desk, message())

    class Claimed(ScriptedEngine):
        async def turn(self, turn: Turn) -> Sequence[Reply]:
            async with desk.store.writing() as work:
                await work.conversations.move(turn.conversation, Holder.OFFICER, "chen", "claimed", desk.clock.now())
                await work.commit()
            return await super().turn(turn)

    await TurnWorker(desk, Claimed(), "w").work_once()
    assert await said(desk, taken.message.id) == []


async def test_asking_for_a_person_needs_no_engine(desk: Desk, engine: ScriptedEngine) -> None:
    taken = await take_in(desk, message("转人工"))
    await TurnWorker(desk, engine, "w").work_once()
    async with desk.store.reading() as work:
        [waiting] = await work.conversations.waiting()
        [move] = await work.conversations.moves(taken.conversation.id)
    assert engine.asked == []
    assert waiting.id == taken.conversation.id
    assert (move["to"], move["actor"], move["reason"]) == ("queued", "resident", "asked")


async def test_a_number_means_the_option_of_that_number(desk: Desk, engine: ScriptedEngine) -> None:
    engine.says = [
        Reply(
            "哪一个？",
            (Choice("低保", {"answer": "dibao-what"}), Choice("特困", {"answer": "tekun-what"})),
            Outcome.CLARIFIED,
        )
    ]
    await take_in(desk, message("那个"))
    worker = TurnWorker(desk, engine, "w")
    await worker.work_once()
    await take_in(desk, message("２"))
    await worker.work_once()
    assert engine.asked[-1].meaning == {"answer": "tekun-what"}


async def test_an_option_tapped_elsewhere_is_plain_text_here(desk: Desk, engine: ScriptedEngine) -> None:
    await take_in(desk, message("某个选项", choice="12-1"))
    await TurnWorker(desk, engine, "w").work_once()
    assert engine.asked[-1].meaning is None


async def test_a_secret_number_is_answered_with_care(desk: Desk, engine: ScriptedEngine) -> None:
    taken = await take_in(desk, message("我的身份证号420106195001011234"))
    await TurnWorker(desk, engine, "w").work_once()
    assert engine.asked == []
    assert "隐去" in (await said(desk, taken.message.id))[0]


async def test_pictures_and_voices_are_met_kindly(desk: Desk, engine: ScriptedEngine) -> None:
    for kind, word in ((Kind.IMAGE, "图片"), (Kind.VOICE, "语音"), (Kind.UNKNOWN, "看不了")):
        taken = await take_in(desk, message("", kind=kind))
        await TurnWorker(desk, engine, "w").work_once()
        assert word in (await said(desk, taken.message.id))[0]


async def test_a_long_text_is_read_in_part_and_a_person_offered(desk: Desk, engine: ScriptedEngine) -> None:
    taken = await take_in(desk, message("我家的情况说来话长。" * 100))
    await TurnWorker(desk, engine, "w").work_once()
    async with desk.store.reading() as work:
        first, second = await work.messages.replies(taken.message.id)
    assert len(engine.asked[0].text) == 600
    assert "一个字没丢" in first.text
    assert second.choices[-1].meaning == {"person": True}
    assert second.author is Author.BOT
