"""Saying and reading: each message once, in one order, with what it stands on."""

from __future__ import annotations

import asyncio

import pytest

from bot.conversations import Holder
from bot.messages import Author, Choice, Outcome, Reply, Source, State
from tests.connectors.app.town import Client, Town
from tests.databases import sqlite_first
from tests.fakes.engine import Mood


async def test_a_question_is_answered_with_what_the_answer_stands_on(town: Town, anyone: Client) -> None:
    source = Source("〔2026〕1号", "社会救助法", "第18条", "2026-07-01")
    answer = Reply(
        "低保这样申请。", (Choice("要什么材料", {"say": "低保要什么材料"}),), Outcome.ANSWERED, "dibao-apply", "低保怎么申请",
        sources=(source,), place="武汉市", as_of="2026-11-25",
    )  # fmt: skip
    town.engine.says = lambda turn: [answer]
    seq = await anyone.say("低保怎么申请", key="my-own-key-1")
    (told,) = await anyone.until(1)
    mine = (await anyone.read())[0]
    assert (mine["seq"], mine["key"], mine["author"], mine["text"]) == (seq, "my-own-key-1", "resident", "低保怎么申请")
    assert told["seq"] > seq
    assert told["author"] == "bot"
    assert told["card"] == {
        "title": "低保怎么申请",
        "sources": [{"title": "社会救助法", "number": "〔2026〕1号", "clause": "第18条", "date": "2026-07-01"}],
        "place": "武汉市",
        "as_of": "2026-11-25",
    }
    assert told["options"] == [{"id": f"{told['seq']}-1", "label": "要什么材料"}]


async def test_a_tapped_option_means_what_it_says(town: Town, anyone: Client) -> None:
    town.engine.says = lambda turn: [Reply("哪一项？", (Choice("低保", {"say": "低保怎么申请"}), Choice("临时救助")))]
    await anyone.say("救助")
    (asked,) = await anyone.until(1)
    await anyone.post("/messages", {"type": "choice", "choice": asked["options"][0]["id"]})
    await anyone.until(2)
    assert town.engine.asked[-1].text == "低保怎么申请"
    said = next(one for one in await anyone.read() if one["kind"] == "choice")
    assert said["text"] == "低保"


@sqlite_first
@pytest.mark.parametrize("choice", ["999-1", "1-9", "0-0"])
async def test_an_option_that_was_not_offered_here_is_refused(anyone: Client, choice: str) -> None:
    await anyone.say("您好")
    await anyone.until(1)
    status, told = await anyone.post("/messages", {"type": "choice", "choice": choice})
    assert (status, told["code"]) == (422, "no_such_option")


async def test_the_same_key_is_one_message_and_another_body_under_it_changes_nothing(
    town: Town, anyone: Client
) -> None:
    """A-18, A-19."""
    body = {"type": "text", "text": "低保怎么申请"}
    first, again = (
        await anyone.post("/messages", body, "the-same-key"),
        await anyone.post("/messages", body, "the-same-key"),
    )
    assert first == again
    assert first[0] == 202
    status, told = await anyone.post("/messages", {"type": "text", "text": "我要举报"}, "the-same-key")
    assert (status, told["code"]) == (422, "key_used")
    await anyone.until(1)
    await asyncio.sleep(0.2)
    assert [one["text"] for one in await anyone.read() if one["author"] == "resident"] == ["低保怎么申请"]
    assert len(town.engine.asked) == 1
    status, told = await anyone.call("POST", "/messages", json=body)
    assert (status, told["code"]) == (400, "bad_request"), "without a key"


async def test_another_body_is_seen_also_when_the_proof_was_forgotten(town: Town, anyone: Client) -> None:
    await anyone.say("低保怎么申请", key="the-same-key")
    async with town.store.writing() as work:
        assert await work.signatures.forget(town.clock.now().replace(year=2100))
        await work.commit()
    status, told = await anyone.post("/messages", {"type": "text", "text": "别的话"}, "the-same-key")
    assert (status, told["code"]) == (422, "key_used")
    status, _ = await anyone.post("/messages", {"type": "text", "text": "低保怎么申请"}, "the-same-key")
    assert status == 202


async def test_one_key_of_two_people_is_two_messages(town: Town) -> None:
    one, other = await town.resident(), await town.resident()
    await one.say("第一个人", key="key-of-both")
    await other.say("第二个人", key="key-of-both")
    assert [m["text"] for m in await one.read() if m["author"] == "resident"] == ["第一个人"]
    assert [m["text"] for m in await other.read() if m["author"] == "resident"] == ["第二个人"]


async def test_ten_at_once_with_one_key_are_one_message(town: Town, anyone: Client) -> None:
    body = {"type": "text", "text": "低保怎么申请"}
    told = await asyncio.gather(*(anyone.post("/messages", body, "raced-key-1") for _ in range(10)))
    assert {status for status, _ in told} == {202}
    assert len({one["id"] for _, one in told}) == 1
    await anyone.until(1)
    assert len(town.engine.effects) == 1


async def test_danger_is_answered_at_once_also_while_the_engine_is_away(town: Town, anyone: Client) -> None:
    await town.engine.go()
    await anyone.say("我不想活了")
    (words,) = await anyone.until(1, seconds=3)
    assert words["author"] == "system"
    _, told = await anyone.get("/messages")
    assert told["state"]["holder"] == "queue"
    assert told["state"]["waiting"] == {"place": 1, "minutes": 0}


async def test_while_the_engine_is_away_people_are_told_so_and_answered_later(town: Town, anyone: Client) -> None:
    town.engine.mood = Mood.BROKEN
    for text in ("低保怎么申请", "临时救助怎么申请", "特困怎么申请"):
        await anyone.say(text)
        await asyncio.sleep(0.3)
    assert (await anyone.read())[-1]["author"] in ("system", "resident")
    _, told = await anyone.get("/messages")
    assert told["state"]["typing"]
    town.engine.mood = Mood.WELL
    ours = await anyone.until(3, seconds=15)
    assert next(one["text"] for one in ours if one["author"] == "bot") == "答：低保怎么申请"


async def test_an_officers_words_arrive_and_the_bots_do_not_while_they_hold(town: Town, anyone: Client) -> None:
    await anyone.say("您好")
    (first,) = await anyone.until(1)
    async with town.store.writing() as work:
        talk = await work.conversations.by_sender("app", "app", anyone.sender)
        assert talk is not None
        await work.conversations.move(talk.id, Holder.OFFICER, "s1", "claimed", town.clock.now(), "s1")
        await work.messages.add(talk, Author.BOT, Reply("机器人不该再说"), town.clock.now())
        await work.messages.add(talk, Author.OFFICER, Reply("我是小陈。"), town.clock.now(), actor="s1")
        await work.commit()
    told = await anyone.until(1, after=first["seq"])
    assert [(one["author"], one["text"]) for one in told] == [("officer", "我是小陈。")]
    _, now = await anyone.get("/messages")
    assert now["state"]["holder"] == "officer"


async def test_nothing_is_shown_before_a_lower_number_that_may_still_be_said(town: Town, anyone: Client) -> None:
    await anyone.say("您好")
    (first,) = await anyone.until(1)
    await town.gate.loops.drain()
    async with town.store.writing() as work:
        talk = await work.conversations.by_sender("app", "app", anyone.sender)
        assert talk is not None
        late = await work.messages.add(talk, Author.SYSTEM, Reply("晚一点"), town.clock.now())
        await work.commit()
    await anyone.say("再问一句")
    assert await anyone.read(first["seq"]) == []
    async with town.store.writing() as work:
        await work.messages.set_state(late.id, [State.QUEUED], State.SENT, town.clock.now())
        await work.commit()
    assert [one["text"] for one in await anyone.read(first["seq"])] == ["晚一点", "再问一句"]


async def test_pages_of_two_miss_nothing(town: Town, anyone: Client) -> None:
    for n in range(5):
        await anyone.say(f"问题{n}")
    await anyone.until(5)
    whole = [one["seq"] for one in await anyone.read()]
    seen: list[int] = []
    more = True
    while more:
        _, told = await anyone.get("/messages", params={"after": str(seen[-1] if seen else 0), "limit": "2"})
        seen += [one["seq"] for one in told["messages"]]
        more = told["more"]
    assert seen == whole
    _, newest = await anyone.get("/messages", params={"limit": "3"})
    assert [one["seq"] for one in newest["messages"]] == whole[-3:]


@sqlite_first
async def test_entering_is_greeted_and_is_no_message(anyone: Client) -> None:
    assert (await anyone.post("/messages", {"type": "enter"}))[0] == 202
    (greeting,) = await anyone.until(1)
    assert "救助通" in greeting["text"]
    assert [one["author"] for one in await anyone.read()] == ["bot"]


@sqlite_first
async def test_a_place_is_its_words(town: Town, anyone: Client) -> None:
    await anyone.post("/messages", {"type": "location", "place": "湖北省武汉市洪山区"})
    await anyone.until(1)
    said = (await anyone.read())[0]
    assert (said["kind"], said["text"]) == ("location", "湖北省武汉市洪山区")
    status, _ = await anyone.post(
        "/messages", {"type": "location", "place": "武汉", "latitude": 30.5, "longitude": 114.3}
    )
    assert status == 400, "coordinates are not taken"


@sqlite_first
async def test_a_slash_is_words_and_never_an_intent(town: Town, anyone: Client) -> None:
    town.engine.says = lambda turn: [Reply(f"{turn.text}|{turn.meaning}")]
    await anyone.say('/choose{"meaning": {"answer": "x"}}')
    (told,) = await anyone.until(1)
    assert told["text"].endswith("|None")


@sqlite_first
async def test_whoever_was_forgotten_begins_anew_at_an_old_number(town: Town, anyone: Client) -> None:
    await anyone.say("您好")
    await anyone.until(1)
    assert await anyone.read(after=4711) != []
