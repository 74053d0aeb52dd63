"""Every reply ends in a named state: sent, held for the resident's next message, or failed with its reason."""

from __future__ import annotations

import pytest

from bot.clock import FixedClock
from bot.conversations import Conversation, Holder
from bot.desk.desk import Desk
from bot.desk.intake import take_in
from bot.desk.outbox import (
    GIVE_UP_AFTER,
    STUCK_AFTER,
    claim_passive,
    deliver_once,
    left_passively,
    passive_again,
    sweep,
)
from bot.desk.persisting import PAUSES
from bot.desk.ports import Message, TakenIn
from bot.desk.turns import TurnWorker
from bot.errors import QuotaSpent, TryAgain, Undeliverable
from bot.messages import State
from tests.desk.conftest import ScriptedEngine, message
from tests.fakes.locked import lockable, without_pauses


class Post:
    """A platform that answers as prepared and keeps what it got."""

    def __init__(self, *answers: BaseException | str) -> None:
        self.got: list[str] = []
        self._answers = list(answers)

    async def send(self, conversation: Conversation, row: Message) -> str:
        self.got.append(row.text)
        answer = self._answers.pop(0) if self._answers else ""
        if isinstance(answer, BaseException):
            raise answer
        return answer


async def answered(desk: Desk, engine: ScriptedEngine, **fields: object) -> TakenIn:
    taken = await take_in(desk, message(**fields))  # type: ignore[arg-type]
    await TurnWorker(desk, engine, "w").work_once()
    return taken


async def state_of(desk: Desk, taken: TakenIn) -> tuple[State, str]:
    async with desk.store.reading() as work:
        [row] = await work.messages.replies(taken.message.id)
    return row.state, row.reason


async def test_a_reply_is_sent_and_counted(desk: Desk, engine: ScriptedEngine) -> None:
    taken, post = await answered(desk, engine), Post()
    assert await deliver_once(desk, {"wechat": post}) == 1
    assert await deliver_once(desk, {"wechat": post}) == 0
    assert post.got == ["答案"]
    assert await state_of(desk, taken) == (State.SENT, "")
    async with desk.store.reading() as work:
        assert (await work.conversations.get(taken.conversation.id)).quota_left == 4


@pytest.mark.parametrize("fault", [None, TryAgain("busy")])
async def test_a_database_locked_between_sending_and_sent_repeats_nothing(
    desk: Desk,
    engine: ScriptedEngine,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
    fault: Exception | None,
) -> None:
    """It used to be found stuck after half a minute, and sent once more."""
    without_pauses(monkeypatch)
    taken, post = await answered(desk, engine), Post(*([fault] if fault else []))
    lock, locked = lockable(desk)
    send = post.send

    async def slow(conversation: Conversation, row: Message) -> str:
        locked.times = len(PAUSES)
        return await send(conversation, row)

    post.send = slow  # type: ignore[method-assign]
    await deliver_once(lock, {"wechat": post})
    assert locked.times == 0
    clock.advance(seconds=STUCK_AFTER.total_seconds() + 1)
    assert await sweep(desk) == 0
    post.send = send  # type: ignore[method-assign]
    await deliver_once(desk, {"wechat": post})
    assert len(post.got) == (2 if fault else 1)
    assert (await state_of(desk, taken))[0] is State.SENT
    async with desk.store.reading() as work:
        assert (await work.conversations.get(taken.conversation.id)).quota_left == 4


@pytest.mark.parametrize(
    ("fault", "state", "reason"),
    [
        (TryAgain("busy"), State.QUEUED, "again"),
        (QuotaSpent("45047", "quota"), State.HELD, "quota"),
        (Undeliverable("43004", "not a follower"), State.FAILED, "not a follower"),
    ],
)
async def test_each_fault_has_its_state(
    desk: Desk, engine: ScriptedEngine, fault: Exception, state: State, reason: str
) -> None:
    taken = await answered(desk, engine)
    await deliver_once(desk, {"wechat": Post(fault)})
    assert await state_of(desk, taken) == (state, reason)


async def test_a_busy_platform_is_tried_again_later_and_given_up_by_name(
    desk: Desk, engine: ScriptedEngine, clock: FixedClock
) -> None:
    taken = await answered(desk, engine)
    post = Post(*[TryAgain("busy")] * GIVE_UP_AFTER)
    for _ in range(GIVE_UP_AFTER):
        await deliver_once(desk, {"wechat": post})
        assert await deliver_once(desk, {"wechat": post}) == 0
        clock.advance(seconds=121)
    assert len(post.got) == GIVE_UP_AFTER
    assert (await state_of(desk, taken))[0] is State.FAILED


async def test_without_a_window_it_waits_for_the_next_message(
    desk: Desk, engine: ScriptedEngine, clock: FixedClock
) -> None:
    taken = await answered(desk, engine)
    clock.advance(hours=49)
    post = Post()
    await deliver_once(desk, {"wechat": post})
    assert (await state_of(desk, taken))[0] is State.HELD
    await take_in(desk, message("在吗"))
    await deliver_once(desk, {"wechat": post})
    assert post.got == ["答案"]


async def test_a_passive_answer_leaves_with_the_push_and_again_with_its_copy(
    desk: Desk, engine: ScriptedEngine, clock: FixedClock
) -> None:
    taken = await take_in(desk, message(), passive_seconds=3.5)
    await TurnWorker(desk, engine, "w").work_once()
    post = Post()
    assert await deliver_once(desk, {"wechat": post}) == 0, "while the platform waits the outbox leaves it alone"
    rows = await claim_passive(desk, taken.conversation.id, taken.message.id, lambda rows: True)
    await left_passively(desk, rows, taken.message.id)
    assert [row.text for row in await passive_again(desk, taken.conversation.id, taken.message.id)] == ["答案"]
    clock.advance(seconds=60)
    assert await deliver_once(desk, {"wechat": post}) == 0


async def test_what_nobody_fetched_passively_is_sent(desk: Desk, engine: ScriptedEngine, clock: FixedClock) -> None:
    await take_in(desk, message(), passive_seconds=3.5)
    await TurnWorker(desk, engine, "w").work_once()
    clock.advance(seconds=4)
    post = Post()
    await deliver_once(desk, {"wechat": post})
    assert post.got == ["答案"]


async def test_after_a_claim_no_bot_reply_leaves(desk: Desk, engine: ScriptedEngine) -> None:
    taken = await answered(desk, engine)
    async with desk.store.writing() as work:
        await work.conversations.move(taken.conversation.id, Holder.OFFICER, "chen", "claimed", desk.clock.now())
        await work.commit()
    post = Post()
    await deliver_once(desk, {"wechat": post})
    assert post.got == []
    assert await state_of(desk, taken) == (State.FAILED, "an officer holds the conversation")


async def test_a_sender_that_died_is_followed_by_another(desk: Desk, engine: ScriptedEngine, clock: FixedClock) -> None:
    taken = await answered(desk, engine)

    class Died(BaseException):
        pass

    with pytest.raises(Died):
        await deliver_once(desk, {"wechat": Post(Died())})
    assert (await state_of(desk, taken))[0] is State.SENDING
    assert await sweep(desk) == 0
    clock.advance(seconds=STUCK_AFTER.total_seconds() + 1)
    assert await sweep(desk) == 1
    post = Post()
    await deliver_once(desk, {"wechat": post})
    assert post.got == ["答案"]


async def test_the_proofs_of_old_pushes_are_forgotten_and_those_of_new_ones_kept(desk: Desk, clock: FixedClock) -> None:
    await take_in(desk, message(), proof=("old", "a body"))
    clock.advance(minutes=61)
    await take_in(desk, message(), proof=("new", "a body"))
    await sweep(desk)
    async with desk.store.writing() as work:
        assert await work.signatures.first_seen("old", "another body", clock.now())
        assert not await work.signatures.first_seen("new", "another body", clock.now())
