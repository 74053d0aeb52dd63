"""Replies as they happen: at once from this gateway, soon from another, and from where one was after a break."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from bot.clock import FixedClock
from bot.desk.ports import Store
from bot.messages import Author, Reply, State
from connectors.app import talking
from connectors.app.channel import App
from connectors.app.watch import Watch
from tests.connectors.app.town import Client, Town, a_town
from tests.databases import sqlite_first


async def test_a_reply_comes_by_itself_with_its_number(town: Town, anyone: Client) -> None:
    async with anyone.stream() as events:
        name, _, state = await events.next()
        assert name == "state"
        assert state == {"holder": "bot", "form": None, "waiting": None, "typing": False, "sign": False}
        seq = await anyone.say("低保怎么申请", key="my-own-key-1")
        _, number, mine = await events.next("message")
        assert (number, mine["key"]) == (str(seq), "my-own-key-1")
        _, number, told = await events.next("message")
        assert int(number) == told["seq"] > seq
        assert told["text"] == "答：低保怎么申请"


async def test_it_tells_that_an_answer_is_being_made(town: Town, anyone: Client) -> None:
    await anyone.say("您好")
    await anyone.until(1)
    await town.gate.loops.drain()
    async with anyone.stream() as events:
        assert not (await events.next("state"))[2]["typing"]
        await anyone.say("低保怎么申请")
        assert (await events.next("state"))[2]["typing"]


async def test_after_a_break_it_goes_on_where_it_was(town: Town, anyone: Client) -> None:
    for n in range(3):
        await anyone.say(f"问题{n}")
        await anyone.until(n + 1)
    whole = [one["seq"] for one in await anyone.read()]
    async with anyone.stream(params={"after": "0"}) as events:
        seen = [int((await events.next("message"))[1]) for _ in range(2)]
    async with anyone.stream(params={"after": "0"}, headers={"Last-Event-ID": str(seen[-1])}) as events:
        seen += [int((await events.next("message"))[1]) for _ in whole[2:]]
    assert seen == whole


async def test_without_a_number_only_what_is_new_comes(town: Town, anyone: Client) -> None:
    await anyone.say("以前的话")
    await anyone.until(1)
    async with anyone.stream() as events:
        await events.next("state")
        seq = await anyone.say("现在的话")
        assert (await events.next("message"))[1] == str(seq)


async def test_a_number_from_another_life_begins_anew_and_once(town: Town, anyone: Client) -> None:
    await anyone.say("您好")
    await anyone.until(1)
    whole = [one["seq"] for one in await anyone.read()]
    async with anyone.stream(headers={"Last-Event-ID": "190949670"}) as events:
        assert [int((await events.next("message"))[1]) for _ in whole] == whole
        seq = await anyone.say("再问一句")
        assert (await events.next("message"))[1] == str(seq), "and nothing twice"


async def test_both_numbers_are_numbers(anyone: Client) -> None:
    status, _ = await anyone.get("/stream", params={"after": ""}, headers={"Last-Event-ID": "1"})
    assert status == 400


@sqlite_first
@pytest.mark.parametrize("number", ["x", "-1", "1.5", "١", "9" * 20])
async def test_a_number_that_is_none_is_refused(anyone: Client, number: str) -> None:
    assert (await anyone.get("/stream", params={"after": number}))[0] == 400
    assert (await anyone.get("/messages", params={"after": number}))[0] == 400


@sqlite_first
async def test_it_beats_and_ends_with_the_token(store: Store, quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(talking, "BEAT_SECONDS", 0.1)
    monkeypatch.setattr(talking, "LOOK_SECONDS", 0.05)
    clock = FixedClock(datetime(2026, 7, 28, 2, tzinfo=UTC))
    async with a_town(store, clock) as town:
        who = await town.resident()
        async with who.stream() as events:
            await events.next("state")
            assert await events._one() == [": beat"]
            clock.advance(hours=13)
            assert (await events.next("end"))[2] == {"code": "token_expired"}
            with pytest.raises(EOFError):
                await events.next()


@sqlite_first
async def test_when_the_gateway_goes_it_says_so(town: Town, anyone: Client) -> None:
    async with anyone.stream() as events:
        await events.next("state")
        town.gate.channel.watch.close()
        assert (await events.next("end"))[2] == {"code": "closing"}


async def test_a_sixth_line_of_one_person_ends_the_oldest(town: Town, anyone: Client) -> None:
    async with anyone.stream() as first, anyone.stream() as second, anyone.stream(), anyone.stream(), anyone.stream():
        await second.next("state")
        async with anyone.stream() as sixth:
            await sixth.next("state")
            assert (await first.next("end"))[2] == {"code": "closing"}
            await anyone.say("您好")
            await second.next("message")


async def test_what_another_gateway_answers_arrives(second_store: Store, town: Town) -> None:
    """Said here, worked on there: this gateway has no worker, that one no line to the resident."""
    here = town.gate
    await here.loops.drain()
    await town.open_gate(second_store)
    who = await town.resident(gate=here)
    async with who.stream() as events:
        await who.say("低保怎么申请")
        told = [(await events.next("message"))[2]["text"] for _ in range(2)]
    assert told == ["低保怎么申请", "答：低保怎么申请"]


async def test_a_watcher_wakes_for_each_change_and_for_nothing_else(town: Town, anyone: Client) -> None:
    await anyone.say("您好")
    await anyone.until(1)
    watch = Watch(town.store)
    async with town.store.reading() as work:
        talk = await work.conversations.by_sender("app", "app", anyone.sender)
    assert talk is not None
    woken: list[str] = []
    watch.ring = woken.append  # type: ignore[method-assign]
    with watch.follow(anyone.sender) as follower:
        follower.conversation = talk.id
        await watch.look()
        await watch.look()
        assert woken == [anyone.sender], "once for what it had not seen"
        async with town.store.writing() as work:
            row = await work.messages.add(talk, Author.SYSTEM, Reply("x"), town.clock.now(), state=State.HELD)
            await work.commit()
        await watch.look()
        assert len(woken) == 2
        async with town.store.writing() as work:
            await work.messages.set_state(row.id, [State.HELD], State.FAILED, town.clock.now())
            await work.commit()
        await watch.look()
        await watch.look()
        assert len(woken) == 3
    assert watch.all == 0


@pytest.mark.proof
@pytest.mark.alone
@sqlite_first
async def test_a_reply_is_on_the_stream_within_tens_of_milliseconds(second_store: Store, town: Town) -> None:
    """From the commit of an officer's words in this process, and in another's, to the reader."""
    who = await town.resident()
    await who.say("您好")
    await who.until(1)
    other = App(second_store)
    figures: dict[str, list[float]] = {"here": [], "elsewhere": []}
    async with who.stream() as events:
        for n in range(20):
            for where, store in (("here", town.store), ("elsewhere", second_store)):
                async with store.writing() as work:
                    talk = await work.conversations.by_sender("app", "app", who.sender)
                    assert talk is not None
                    await work.messages.add(
                        talk, Author.OFFICER, Reply(f"{where} {n}"), town.clock.now(), state=State.SENT
                    )
                    await work.commit()
                began = time.monotonic()
                (town.gate.channel if where == "here" else other).watch.ring(who.sender)
                while (await events.next("message"))[2]["text"] != f"{where} {n}":
                    pass
                figures[where].append(time.monotonic() - began)
    here, elsewhere = (sorted(one) for one in figures.values())
    print(
        f"\non the stream: here p50 {here[10] * 1000:.0f} ms, most {here[-1] * 1000:.0f} ms; elsewhere most {elsewhere[-1] * 1000:.0f} ms"
    )
    assert here[18] < 0.1
    assert elsewhere[-1] < 0.5
