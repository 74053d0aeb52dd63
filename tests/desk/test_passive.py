"""Answers that leave with the push they answer: what fits, what follows, what comes back, and what a dead sender left."""

from __future__ import annotations

from datetime import timedelta

from bot.clock import FixedClock
from bot.desk.desk import Desk
from bot.desk.intake import take_in
from bot.desk.outbox import (
    LAST_DELIVERY_AFTER,
    NEXT_DELIVERY,
    STUCK_AFTER,
    came_back,
    claim_passive,
    deliver_once,
    left_passively,
    passive_again,
    sweep,
    tell_busy,
)
from bot.desk.ports import Message, TakenIn
from bot.desk.turns import TurnWorker
from bot.errors import Misconfigured, Paused
from bot.messages import Kind, Outcome, Reply, State
from tests.desk.conftest import ScriptedEngine, message
from tests.desk.test_outbox import Post


async def asked(desk: Desk, engine: ScriptedEngine, *replies: str) -> TakenIn:
    """A question whose replies are on paper, while the platform waits."""
    engine.says = [Reply(text, outcome=Outcome.ANSWERED) for text in replies or ("答案",)]
    taken = await take_in(desk, message(), passive_seconds=3.5)
    await TurnWorker(desk, engine, "w").work_once()
    return taken


async def states(desk: Desk, taken: TakenIn) -> list[tuple[State, str]]:
    async with desk.store.reading() as work:
        return [(row.state, row.reason) for row in await work.messages.replies(taken.message.id)]


async def claim(desk: Desk, taken: TakenIn, most: int = 9) -> list[Message]:
    return list(
        await claim_passive(
            desk,
            taken.conversation.id,
            taken.message.id,
            lambda rows: len(rows) <= most,
            taken.message.created_at,
        )
    )


async def test_what_does_not_fit_follows_at_once(desk: Desk, engine: ScriptedEngine) -> None:
    taken = await asked(desk, engine, "一", "二")
    first = await claim(desk, taken, most=1)
    await left_passively(desk, first, taken.message.id)
    post = Post()
    await deliver_once(desk, {"wechat": post})
    assert ([row.text for row in first], post.got) == (["一"], ["二"])


async def test_a_first_reply_that_does_not_fit_is_left_to_the_outbox(
    desk: Desk, engine: ScriptedEngine, clock: FixedClock
) -> None:
    """Claimed and not carried, it would count as sent and be lost."""
    taken = await asked(desk, engine, "太长")
    assert await claim(desk, taken, most=0) == []
    assert (await states(desk, taken))[0][0] is State.QUEUED
    clock.advance(seconds=4)
    post = Post()
    await deliver_once(desk, {"wechat": post})
    assert post.got == ["太长"]


async def test_a_line_that_broke_leaves_the_answer_to_the_next_delivery(desk: Desk, engine: ScriptedEngine) -> None:
    taken = await asked(desk, engine)
    await came_back(desk, await claim(desk, taken))
    assert await states(desk, taken) == [(State.QUEUED, "the line broke")]
    again = await claim(desk, taken)
    await left_passively(desk, again, taken.message.id)
    assert [row.text for row in again] == ["答案"]
    assert (await states(desk, taken))[0][0] is State.SENT


async def test_if_no_delivery_follows_the_outbox_sends(desk: Desk, engine: ScriptedEngine, clock: FixedClock) -> None:
    taken = await asked(desk, engine)
    await came_back(desk, await claim(desk, taken))
    post = Post()
    assert await deliver_once(desk, {"wechat": post}) == 0
    clock.advance(seconds=NEXT_DELIVERY.total_seconds() + 1)
    await deliver_once(desk, {"wechat": post})
    assert post.got == ["答案"]


async def test_two_deliveries_at_once_of_which_one_breaks_off(desk: Desk, engine: ScriptedEngine) -> None:
    """The second one carried the answer while the first was breaking off: it must not be sent a second time."""
    taken = await asked(desk, engine)
    first = await claim(desk, taken)
    second = await passive_again(desk, taken.conversation.id, taken.message.id)
    await came_back(desk, first)
    await left_passively(desk, second, taken.message.id)
    assert (await states(desk, taken))[0][0] is State.SENT


async def test_a_gateway_that_died_answering_a_push_doubles_nothing(
    desk: Desk, engine: ScriptedEngine, clock: FixedClock
) -> None:
    """Had the platform not got the answer, it would have delivered again, and got it then."""
    taken = await asked(desk, engine)
    await claim(desk, taken)
    clock.advance(seconds=STUCK_AFTER.total_seconds() + 1)
    assert await sweep(desk) == 1
    assert (await states(desk, taken))[0][0] is State.SENT
    assert [row.text for row in await passive_again(desk, taken.conversation.id, taken.message.id)] == ["答案"]


async def test_one_that_died_answering_the_last_delivery_is_made_up_for(
    desk: Desk, engine: ScriptedEngine, clock: FixedClock
) -> None:
    taken = await asked(desk, engine)
    clock.advance(seconds=LAST_DELIVERY_AFTER.total_seconds() + 1)
    await claim(desk, taken)
    clock.advance(seconds=STUCK_AFTER.total_seconds() + 1)
    await sweep(desk)
    post = Post()
    await deliver_once(desk, {"wechat": post})
    assert post.got == ["答案"]


async def test_a_stopped_account_costs_no_reply(desk: Desk, engine: ScriptedEngine, clock: FixedClock) -> None:
    """However often it is tried: the allowance comes back at midnight, the account when somebody mends it."""
    taken = await asked(desk, engine)
    clock.advance(seconds=4)
    faults = [Paused("day_quota: …", 3600.0), *[Misconfigured("not_authorised: …", 300.0)] * 12]
    post = Post(*faults)
    for fault in faults:
        await deliver_once(desk, {"wechat": post})
        assert (await states(desk, taken))[0] == (State.QUEUED, str(fault).partition(":")[0])
        clock.advance(seconds=3601)
    await deliver_once(desk, {"wechat": post})
    assert (await states(desk, taken))[0][0] is State.SENT


async def test_that_the_answer_will_come_is_said_once_a_minute(desk: Desk, clock: FixedClock) -> None:
    first = await take_in(desk, message(), passive_seconds=3.5, engine_away=True)
    said = await passive_again(desk, first.conversation.id, first.message.id)
    assert [row.about["outcome"] for row in said] == [Outcome.BUSY]
    second = await take_in(desk, message(), passive_seconds=3.5, engine_away=True)
    assert await passive_again(desk, second.conversation.id, second.message.id) == []
    assert await tell_busy(desk, second.conversation.id, second.message.id) == []
    clock.advance(seconds=61)
    assert len(await tell_busy(desk, second.conversation.id, second.message.id)) == 1


async def test_what_needs_no_engine_is_answered_by_the_intake(desk: Desk) -> None:
    for fields, word in (
        ({"text": "转人工"}, "排上人工"),
        ({"text": "", "kind": Kind.IMAGE}, "图片"),
        ({"text": "", "kind": Kind.EVENT, "event": "subscribe"}, "救助通"),
        ({"text": "", "kind": Kind.LOCATION, "place": "鼓楼区"}, "请选"),
    ):
        taken = await take_in(desk, message(sender=word, **fields), passive_seconds=3.5, engine_away=True)
        assert taken.message.state is State.HANDLED
        (row,) = await claim(desk, taken)
        assert word in row.text


async def test_a_voice_that_the_platform_wrote_down_is_read(desk: Desk, engine: ScriptedEngine) -> None:
    await take_in(desk, message("低保怎么申请", kind=Kind.VOICE))
    await TurnWorker(desk, engine, "w").work_once()
    assert [turn.text for turn in engine.asked] == ["低保怎么申请"]
    assert (await take_in(desk, message("我不想活了", kind=Kind.VOICE))).conversation.priority == 9


async def test_a_person_is_asked_for_beside_a_question(desk: Desk, engine: ScriptedEngine) -> None:
    taken = await take_in(desk, message("低保要什么材料，转人工"))
    await TurnWorker(desk, engine, "w").work_once()
    assert [turn.text for turn in engine.asked] == ["低保要什么材料，"]
    async with desk.store.reading() as work:
        texts = [row.text for row in await work.messages.replies(taken.message.id)]
        assert [one.id for one in await work.conversations.waiting()] == [taken.conversation.id]
    assert texts[0] == "答案"
    assert "排上人工" in texts[1]


async def test_questions_behind_one_that_waits_keep_their_order(
    desk: Desk, engine: ScriptedEngine, clock: FixedClock
) -> None:
    worker = TurnWorker(desk, engine, "w")
    await take_in(desk, message("第一"))
    engine.away = True
    await worker.work_once()
    engine.away = False
    await take_in(desk, message("第二"))
    await worker.work_once()
    assert [turn.text for turn in engine.asked] == ["第一"], "the second does not overtake it"
    clock.advance(seconds=timedelta(seconds=11).total_seconds())
    await worker.work_once()
    assert [turn.text for turn in engine.asked] == ["第一", "第一", "第二"]
