"""The words that an answer will come, where nothing goes back in the exchange: sent as a message, counted, said once."""

from __future__ import annotations

from bot.clock import FixedClock
from bot.conversations import Conversation, Holder
from bot.desk.desk import Desk
from bot.desk.intake import take_in
from bot.desk.outbox import OVERTAKEN, Sender, deliver_once
from bot.desk.ports import Message, TakenIn
from bot.desk.turns import Breaker, TurnWorker
from bot.messages import State
from tests.desk.conftest import ScriptedEngine, message
from tests.desk.test_outbox import Post

BUSY = "系统正忙"


async def asks(desk: Desk, text: str = "低保怎么申请", **fields: object) -> TakenIn:
    """In a mini program's window, while the breaker is open."""
    return await take_in(desk, message(text, channel="mini", **fields), engine_away=True)


async def send(desk: Desk, post: Sender) -> None:
    for _ in range(6):  # a look at a row that does not leave counts as nothing sent
        await deliver_once(desk, {"mini": post})


async def talk_of(desk: Desk, taken: TakenIn) -> tuple[Conversation, list[Message]]:
    async with desk.store.reading() as work:
        rows = await work.messages.history(taken.conversation.id)
        return await work.conversations.get(taken.conversation.id), list(rows)


async def test_they_are_sent_counted_and_followed_by_the_answer(desk: Desk, engine: ScriptedEngine) -> None:
    taken, post = await asks(desk), Post()
    await send(desk, post)
    assert [text.partition("，")[0] for text in post.got] == [BUSY]
    assert (await talk_of(desk, taken))[0].quota_left == 4
    await TurnWorker(desk, engine, "w").work_once()
    await send(desk, post)
    assert post.got[1:] == ["答案"]
    assert (await talk_of(desk, taken))[0].quota_left == 3


async def test_they_are_said_once_until_an_answer_came(desk: Desk, engine: ScriptedEngine, clock: FixedClock) -> None:
    post = Post()
    for number in range(4):
        await asks(desk, f"第{number}问")
        await send(desk, post)
        clock.advance(minutes=20)
    assert len(post.got) == 1
    await TurnWorker(desk, engine, "w").work_once()
    await send(desk, post)
    assert post.got[1:] == ["答案"] * 4
    await asks(desk, "第二天又不行")
    await send(desk, post)
    assert BUSY in post.got[-1]


async def test_the_last_message_a_platform_lets_out_is_kept_for_the_answer(
    desk: Desk,
) -> None:
    """A mention lets one out in all; a window that is shut none."""
    for who, allowance in (("o-mention", {"may_send": 1}), ("o-nothing", {"may_send": 0, "may_send_seconds": 0.0})):
        taken = await asks(desk, sender=who, **allowance)
        assert [row.author for row in (await talk_of(desk, taken))[1]] == ["resident"]


async def test_an_engine_that_fails_under_the_message_is_told_too_once_the_breaker_is_open(
    desk: Desk, engine: ScriptedEngine, clock: FixedClock
) -> None:
    """Whoever wrote first found the breaker closed."""
    taken = await take_in(desk, message(channel="mini"))
    passive = await take_in(desk, message(sender="o-li"), passive_seconds=3.5)
    engine.away, post = True, Post()
    worker = TurnWorker(desk, engine, "w", Breaker(threshold=2))
    for _ in range(6):
        await worker.work_once()
        clock.advance(seconds=30)
    await send(desk, post)
    assert [text.partition("，")[0] for text in post.got] == [BUSY]
    assert len((await talk_of(desk, passive))[1]) == 1, "who waits in the exchange is told there"
    engine.away = False
    await worker.work_once()
    await worker.work_once()
    await send(desk, post)
    assert post.got[1:] == ["答案"]
    assert [row.state for row in (await talk_of(desk, taken))[1]] == [State.HANDLED, State.SENT, State.SENT]


async def test_one_failure_is_no_outage(desk: Desk, engine: ScriptedEngine) -> None:
    taken = await take_in(desk, message(channel="mini"))
    engine.away = True
    await TurnWorker(desk, engine, "w", Breaker(threshold=2)).work_once()
    assert len((await talk_of(desk, taken))[1]) == 1


async def test_an_answer_that_is_faster_makes_them_needless(desk: Desk, engine: ScriptedEngine) -> None:
    """Its platform was away as well: nobody is told after the answer that it will come."""
    taken, post = await asks(desk), Post()
    await TurnWorker(desk, engine, "w").work_once()
    await send(desk, post)
    assert post.got == ["答案"]
    conversation, rows = await talk_of(desk, taken)
    assert [(row.state, row.reason) for row in rows[1:]] == [(State.FAILED, OVERTAKEN), (State.SENT, "")]
    assert conversation.quota_left == 4


async def test_a_person_who_came_meanwhile_makes_them_needless(desk: Desk, clock: FixedClock) -> None:
    taken, post = await asks(desk), Post()
    async with desk.store.writing() as work:
        await work.conversations.move(taken.conversation.id, Holder.OFFICER, "chen", "claimed", clock.now())
        await work.commit()
    await send(desk, post)
    assert post.got == []
    again = await take_in(desk, message("还在吗", channel="mini"), engine_away=True)
    assert [row.state for row in (await talk_of(desk, again))[1] if row.author != "resident"] == [State.FAILED]


async def test_in_an_exchange_they_cost_nothing(desk: Desk) -> None:
    taken = await take_in(desk, message(), passive_seconds=3.5, engine_away=True)
    conversation, rows = await talk_of(desk, taken)
    assert (rows[1].state, conversation.quota_left) == (State.SENT, 5)
