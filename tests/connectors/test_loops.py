"""What works behind the door: it drains when told to, survives its own faults, and picks up what the dead left."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.desk import outbox
from bot.desk.ports import Store
from bot.messages import Author, State
from connectors import loops
from connectors.doorbell import Doorbell
from connectors.sandbox import pushes
from tests.connectors.door_to_door import Site, a_site
from tests.fakes.engine import Mood


async def test_turns_in_flight_end_and_the_rest_is_answered_after_the_restart(store: Store, short: None) -> None:
    """A-77"""
    async with a_site(store, door={"workers": 8, "passive": 0.1, "turn_seconds": 9.0}) as site:
        # Longer than any exchange takes on a busy machine: posted by hand, an answer in it would be shown to nobody.
        site.engine.mood, site.engine.slow_seconds = Mood.SLOW, 2.0
        people = [site.resident() for _ in range(50)]
        acts = [site.wechat.act(who, pushes.text("低保怎么申请")) for who in people]
        sent = await asyncio.gather(*(site.post(act) for act in acts))
        assert {answer.status for answer in sent} == {200}
        assert site.engine.asked, "turns are in flight"
        began = time.monotonic()
        await site.door.drain()
        assert time.monotonic() - began < 15
        states = await site.counts()
        in_time = states[State.HANDLED]
        assert 0 < in_time < 50
        assert states[State.RECEIVED] == 50 - in_time
        assert sum(site.engine.effects.values()) == in_time, "what was begun was finished"
        site.engine.mood = Mood.WELL
        await site.only_door(workers=8)
        for who in people:
            assert await site.until_answered(who, seconds=30) == ["答：低保怎么申请"]
        assert set(site.engine.effects.values()) == {1}
        assert len(site.engine.effects) == 50


async def test_a_drain_does_not_wait_for_an_engine_that_hangs(site: Site) -> None:
    await site.only_door(passive=0.1, turn_seconds=60.0)
    who = site.resident()
    site.engine.mood = Mood.HANGS
    await site.wechat.say(who, "低保怎么申请")
    began = time.monotonic()
    await site.door.drain(0.5)
    assert time.monotonic() - began < 3
    site.engine.mood = Mood.WELL
    await site.only_door()
    assert await site.until_answered(who) == ["答：低保怎么申请"], "the lease was given back"


async def test_draining_what_never_started_is_nothing(site: Site) -> None:
    await loops.Loops(site.desk, 0, lambda n: pytest.fail("never asked"), _yes, {}, Doorbell()).drain()


async def _yes() -> bool:
    return True


async def test_a_loop_outlives_a_fault_of_ours(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    real, failures = outbox.deliver_once, iter([ValueError("ours"), KeyError("too")])

    async def fails_twice(*args, **kwargs):  # type: ignore[no-untyped-def]
        for failure in failures:
            raise failure
        return await real(*args, **kwargs)

    monkeypatch.setattr(loops, "deliver_once", fails_twice)
    who = site.resident()
    site.door.channel.passive_seconds = 0.02
    site.engine.mood, site.engine.slow_seconds = Mood.SLOW, 0.2
    await site.post(site.wechat.act(who, pushes.text("低保怎么申请")))
    assert await site.until_answered(who) == ["答：低保怎么申请"]


async def test_what_a_dead_sender_left_is_swept_up(store: Store, short: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one moment a reply may be doubled: killed between *sending* and *sent*."""
    monkeypatch.setattr(loops, "SWEEP_SECONDS", 0.1)
    monkeypatch.setattr(outbox, "STUCK_AFTER", timedelta(seconds=0.5))
    async with a_site(store) as site:
        who = site.resident()
        await site.wechat.say(who, "低保怎么申请")
        (row,) = await site.until_rows(who, State.SENT)
        async with store.writing() as work:
            conversation = await work.conversations.get(row.conversation)
            stuck = await work.messages.add(
                conversation, Author.BOT, _reply("没送出去的"), site.desk.clock.now(), state=State.SENDING
            )
            await work.commit()
        assert await site.until_answered(who, 2) == ["答：低保怎么申请", "没送出去的"]
        async with store.reading() as work:
            assert (await work.messages.get(stuck.id)).attempts == 1


def _reply(text: str):  # type: ignore[no-untyped-def]
    from bot.messages import Reply

    return Reply(text)


async def test_rows_of_a_channel_that_is_not_set_up_hold_up_nobody(site: Site) -> None:
    """Twenty of them would fill every look at the outbox."""
    async with site.store.writing() as work:
        for n in range(25):
            gone = await work.conversations.open("weibo", "acct", f"someone-{n}", site.desk.clock.now(), "test")
            await work.messages.add(gone, Author.BOT, _reply("往哪儿发？"), site.desk.clock.now())
        await work.commit()
    who = site.resident()
    site.door.channel.passive_seconds = 0.02
    site.engine.mood, site.engine.slow_seconds = Mood.SLOW, 0.2
    await site.post(site.wechat.act(who, pushes.text("低保怎么申请")))
    assert await site.until_answered(who) == ["答：低保怎么申请"]
    assert (await site.counts())[State.HELD] == 25


async def test_a_slow_platform_for_one_is_no_wait_for_others(site: Site) -> None:
    """Sends of different people go side by side."""
    from connectors.sandbox import Prepared
    from tests.fakes.wechat import SEND

    site.door.channel.passive_seconds = 0.02
    site.engine.mood, site.engine.slow_seconds = Mood.SLOW, 0.2
    site.wechat.prepared.next(SEND, Prepared(delay=1.0), 4)
    people = [site.resident() for _ in range(4)]
    await asyncio.gather(*(site.post(site.wechat.act(who, pushes.text("低保怎么申请"))) for who in people))
    began = time.monotonic()
    for who in people:
        await site.until_answered(who)
    assert time.monotonic() - began < 3.0


async def test_a_published_edition_is_in_force_behind_the_door_within_a_second(site: Site) -> None:
    async with site.store.writing() as work:
        entries = list(await work.editions.read(1))
        number = next(n for n, entry in enumerate(entries) if entry.kind == "words" and "welcome" in str(entry.key))
        entries[number] = replace(entries[number], data={**entries[number].data, "text": "换了新的欢迎词"})
        await work.editions.publish(entries, 1, "test", "new words", site.desk.clock.now())
        await work.commit()
    async with asyncio.timeout(2.0):
        while site.desk.edition.number != 2:
            await asyncio.sleep(0.02)
    delivered = await site.wechat.follow("oNewcomer00000000000000000003")
    assert delivered.bubble
    assert "换了新的欢迎词" in delivered.bubble.text
