"""One conversation a resident and account; one worker answers it; every change of hands is written down."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from bot.conversations import Holder, Lease
from bot.desk.ports import Store
from bot.errors import BadInput, Conflict
from bot.messages import State
from tests.store.conftest import NOW, after, opened, patiently, took, wrote


async def test_a_person_has_one_conversation_however_often_it_is_opened(store: Store, second_store: Store) -> None:
    found = await asyncio.gather(*(patiently(partial(opened, (store, second_store)[n % 2])) for n in range(20)))
    assert len({one.id for one in found}) == 1
    assert (found[0].sender, found[0].holder, found[0].version) == ("o-wang", Holder.BOT, 0)
    async with store.reading() as work:
        assert await work.conversations.get(found[0].id) == found[0]
        assert await work.conversations.by_sender("wechat", "gh_1", "o-wang") == found[0]
        assert await work.conversations.by_sender("wechat", "gh_2", "o-wang") is None


async def test_what_is_known_of_it_changes_by_name_only(store: Store) -> None:
    wang = await opened(store)
    async with store.writing() as work:
        changed = await work.conversations.change(
            wang.id, after(1), region="420106", quota_left=5, window_until=after(99), priority=9
        )
        with pytest.raises(BadInput, match="no changeable holder"):
            await work.conversations.change(wang.id, after(1), holder="officer")
        with pytest.raises(BadInput, match="no conversation nobody"):
            await work.conversations.change("nobody", after(1), region="")
        await work.commit()
    assert (changed.region, changed.quota_left, changed.window_until) == ("420106", 5, after(99))
    assert (changed.priority, changed.updated_at) == (9, after(1))


async def test_every_move_is_written_down_with_who_where_and_why(store: Store) -> None:
    wang = await opened(store)
    async with store.writing() as work:
        await work.conversations.change(wang.id, NOW, region="420106")
        queued = await work.conversations.move(wang.id, Holder.QUEUED, "bot", "asked", after(1))
        held = await work.conversations.move(wang.id, Holder.OFFICER, "officer-7", "claimed", after(2), "王五")
        with pytest.raises(Conflict):
            back = await work.conversations.move(wang.id, Holder.CLOSED, "officer-7", "done", after(3))
            await work.conversations.move(back.id, Holder.WAITING, "officer-7", "oops", after(4))
        await work.commit()
    assert (queued.holder, queued.reason, queued.queued_at) == (Holder.QUEUED, "asked", after(1))
    assert (held.holder, held.holder_name, held.reason, held.queued_at) == (Holder.OFFICER, "王五", "asked", None)
    async with store.reading() as work:
        moves = await work.conversations.moves(wang.id)
        now = await work.conversations.get(wang.id)
    assert [(move["from"], move["to"], move["actor"], move["reason"]) for move in moves] == [
        ("bot", "queued", "bot", "asked"),
        ("queued", "officer", "officer-7", "claimed"),
        ("officer", "closed", "officer-7", "done"),
    ]
    assert {move["region"] for move in moves} == {"420106"}
    assert (now.holder, now.reason) == (Holder.CLOSED, "")


async def test_the_queue_is_distress_first_then_the_longest_wait(store: Store) -> None:
    people = [await opened(store, f"o-{n}") for n in range(4)]
    async with store.writing() as work:
        for n, one in enumerate(people[:3]):
            await work.conversations.move(one.id, Holder.QUEUED, "bot", "asked", after(n))
        await work.conversations.change(people[2].id, after(3), priority=9)
        await work.conversations.move(people[0].id, Holder.QUEUED, "bot", "asked again", after(9))  # keeps its place
        await work.commit()
    async with store.reading() as work:
        assert [one.id for one in await work.conversations.waiting()] == [people[n].id for n in (2, 0, 1)]


async def test_the_longest_wait_is_leased_first_and_only_once(store: Store) -> None:
    first, second = await took(store, wrote(sender="o-1")), await took(store, wrote(sender="o-2"), after(1))
    await took(store, wrote(sender="o-1"), after(2))
    one, two, none = [await _lease(store, f"w{n}", 5) for n in range(3)]
    assert one is not None
    assert two is not None
    assert (one.conversation, two.conversation) == (first.conversation.id, second.conversation.id)
    assert (one.version, one.worker, one.until) == (1, "w0", after(35))
    assert none is None


async def test_nothing_is_leased_that_is_not_due_or_handled(store: Store) -> None:
    taken = await took(store, wrote())
    async with store.writing() as work:
        received = [State.RECEIVED]
        await work.messages.set_state(taken.message.id, received, State.RECEIVED, NOW, not_before=after(60))
        assert await work.conversations.lease("w", after(59), 30) is None
        lease = await work.conversations.lease("w", after(60), 30)
        assert lease is not None
        await work.conversations.release(lease)
        await work.messages.set_state(taken.message.id, received, State.HANDLED, after(61))
        assert await work.conversations.lease("w", after(62), 30) is None


async def test_a_released_lease_is_free_and_an_expired_one_is_taken_over(store: Store) -> None:
    await took(store, wrote())
    first = await _lease(store, "w1", 1)
    assert first is not None
    async with store.writing() as work:
        await work.conversations.release(first)
        await work.commit()
    second = await _lease(store, "w2", 2)
    assert second is not None
    assert second.version == 2
    assert await _lease(store, "w3", 31) is None
    third = await _lease(store, "w3", 33)
    assert third is not None
    assert third.version == 3


async def test_a_late_writer_is_fenced_off(store: Store) -> None:
    await took(store, wrote())
    slow = await _lease(store, "slow", 0)
    fast = await _lease(store, "fast", 31)
    assert slow is not None
    assert fast is not None
    async with store.writing() as work:
        with pytest.raises(Conflict, match="worker slow no longer holds"):
            await work.conversations.fence(slow)
        with pytest.raises(Conflict, match="another worker took it over"):
            await work.conversations.renew(slow, after(32), 30)
        await work.conversations.release(slow)  # changes nothing
        await work.conversations.fence(fast)
        renewed = await work.conversations.renew(fast, after(40), 30)
        await work.commit()
    assert renewed.until == after(70)
    assert await _lease(store, "third", 69) is None


async def test_the_fence_keeps_a_takeover_waiting_until_the_end(store: Store, second_store: Store) -> None:
    """A worker whose lease ran out, but who passed the fence, commits before anybody can take over."""
    await took(store, wrote())
    held = await _lease(store, "first", 0)
    assert held is not None
    async with store.writing() as work:
        await work.conversations.fence(held)
        takeover = asyncio.create_task(_lease(second_store, "second", 31))
        await asyncio.sleep(0.2)
        [message] = await work.messages.due_inbound(held.conversation, after(31))
        await work.messages.set_state(message.id, [State.RECEIVED], State.HANDLED, after(31))
        await work.commit()
    assert await takeover is None


async def test_many_workers_of_two_processes_never_hold_one_conversation_together(
    store: Store, second_store: Store
) -> None:
    """Ninety messages of thirty people, twelve workers: each is handled once, each person's in order."""
    for n in range(90):
        await took(store, wrote(f"{n // 30}", sender=f"o-{n % 30}"), after(n / 100))
    holding: set[str] = set()
    handled: list[tuple[str, str]] = []

    async def worker(name: str, mine: Store) -> None:
        while True:
            lease = await patiently(lambda: _lease(mine, name, 60))
            if lease is None:
                return
            assert lease.conversation not in holding
            holding.add(lease.conversation)
            handled.append((lease.conversation, await patiently(partial(_handle_one, mine, lease))))
            holding.remove(lease.conversation)
            await patiently(partial(_release, mine, lease))

    async with asyncio.TaskGroup() as group:
        for n in range(12):
            group.create_task(worker(f"w{n}", (store, second_store)[n % 2]))
    async with store.reading() as work:
        assert (await work.messages.by_state())["received"] == 0
    assert len(handled) == 90
    for conversation in {one for one, _ in handled}:
        assert [text for one, text in handled if one == conversation] == ["0", "1", "2"]


async def _handle_one(store: Store, lease: Lease) -> str:
    async with store.writing() as work:
        await work.conversations.fence(lease)
        message = (await work.messages.due_inbound(lease.conversation, after(60)))[0]
        assert await work.messages.set_state(message.id, [State.RECEIVED], State.HANDLED, after(60))
        await work.commit()
    return message.text


async def _release(store: Store, lease: Lease) -> None:
    async with store.writing() as work:
        await work.conversations.release(lease)
        await work.commit()


async def _lease(store: Store, worker: str, seconds: float) -> Lease | None:
    async with store.writing() as work:
        lease = await work.conversations.lease(worker, after(seconds), 30)
        await work.commit()
    return lease
