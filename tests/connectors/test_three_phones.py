"""The same service on three phones, door to door: each in its own manners, nothing lost, nothing twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.desk.ports import Store
from bot.messages import Choice, Outcome, Reply, State
from connectors.app.sessions import Sessions
from connectors.sandbox import LineFault, Platform, Prepared, pushes
from connectors.weibo.reply import GO_ON
from tests.connectors.phones import SECRET, Phones, three_phones
from tests.databases import sqlite_first


@pytest.fixture
async def phones(store: Store, short: None) -> AsyncIterator[Phones]:
    async with three_phones(store) as made:
        yield made


async def test_one_question_on_three_phones_is_answered_in_the_manners_of_each(phones: Phones) -> None:
    asked = Reply("想问哪一项？", (Choice("低保"), Choice("临时救助")), Outcome.CLARIFIED)
    phones.engine.says = lambda turn: [asked]
    for platform in (phones.wechat, phones.mini, phones.weibo):
        who = phones.person(platform)
        await platform.say(who, "救助怎么申请")
        (text,) = await phones.until(platform, who, 1)
        assert text == "想问哪一项？\n\n1. 低保\n2. 临时救助"
    (shown,) = phones.wechat.received(phones.person(phones.wechat))
    assert len(shown.options) == 2
    for platform, via in ((phones.wechat, "passive"), (phones.mini, "service"), (phones.weibo, "passive")):
        (shown,) = platform.received(phones.person(platform))
        assert shown.via == via
    assert {turn.channel for turn in phones.engine.asked} == {"wechat", "weibo"}, (
        "a mini program reads WeChat's answers"
    )


@sqlite_first
@pytest.mark.parametrize("name", ["mini", "weibo"])
async def test_a_number_typed_is_the_option(phones: Phones, name: str) -> None:
    platform: Platform = getattr(phones, name)
    asked = Reply("想问哪一项？", (Choice("低保", {"say": "低保"}), Choice("临时救助", {"say": "临时救助"})))
    phones.engine.says = lambda turn: [Reply("到街道申请。")] if turn.text == "临时救助" else [asked]
    who = phones.person(platform)
    await platform.say(who, "救助怎么申请")
    await phones.until(platform, who, 1)
    await platform.say(who, "2")
    assert (await phones.until(platform, who, 2))[-1] == "到街道申请。"


@sqlite_first
async def test_a_long_answer_on_weibo_comes_whole_in_texts_of_280(phones: Phones) -> None:
    whole = "".join(f"第{number}句，说的是怎样申请低保，到哪里去办。" for number in range(60))
    phones.engine.says = lambda turn: [Reply(whole, outcome=Outcome.ANSWERED)]
    who = phones.person(phones.weibo)
    await phones.weibo.say(who, "低保怎么申请")
    texts = await phones.until(phones.weibo, who, 5)
    assert all(len(text) <= 280 for text in texts)
    assert "".join(texts) == whole
    assert [shown.via for shown in phones.weibo.received(who)] == ["passive"] + ["service"] * 4
    async with asyncio.timeout(10):
        while any(row.state is not State.SENT for row in await phones.ours(phones.weibo, who)):
            await asyncio.sleep(0.05)


async def test_a_mention_gets_one_message_and_the_rest_waits_for_theirs(phones: Phones) -> None:
    whole = "".join(f"第{number}句，说的是怎样申请低保。" for number in range(40))
    phones.engine.says = lambda turn: [Reply(whole)] if "低保" in turn.text else [Reply("不客气。")]
    who = phones.person(phones.weibo)
    await phones.weibo.mention(who, "@救助通 低保怎么申请")
    (first,) = await phones.until(phones.weibo, who, 1)
    assert first.endswith(GO_ON)
    async with asyncio.timeout(15):
        while [row.state for row in await phones.ours(phones.weibo, who)] != [State.SENT, *2 * [State.HELD]]:
            await asyncio.sleep(0.05)
    await phones.weibo.say(who, "好的谢谢了啊")
    async with asyncio.timeout(15):
        while "不客气。" not in "".join(said := [shown.text for shown in phones.weibo.received(who)]):
            await asyncio.sleep(0.05)
    assert "".join(said).replace(f"\n{GO_ON}", "").replace("\n\n", "").replace("不客气。", "") == whole


@sqlite_first
@pytest.mark.parametrize("name", ["mini", "weibo"])
@pytest.mark.parametrize("fault", list(LineFault))
async def test_a_push_that_came_twice_is_one_turn(phones: Phones, name: str, fault: LineFault) -> None:
    platform: Platform = getattr(phones, name)
    who = phones.person(platform)
    await platform.say(who, "低保怎么申请", faults=(fault,))
    await phones.until(platform, who, 1)
    assert len(phones.engine.asked) == 1
    assert len(await phones.ours(platform, who)) == 1


@sqlite_first
@pytest.mark.parametrize("name", ["mini", "weibo"])
async def test_copies_at_the_same_moment_are_one_turn(phones: Phones, name: str) -> None:
    platform: Platform = getattr(phones, name)
    who = phones.person(platform)
    await platform.say(who, "低保怎么申请", deliveries=6, concurrent=True)
    await phones.until(platform, who, 1)
    assert len(phones.engine.effects) == 1
    assert len(platform.received(who)) == 1


@sqlite_first
async def test_a_mini_programs_window_of_two_holds_the_third_for_later(phones: Phones) -> None:
    who = phones.person(phones.mini)
    await phones.mini.enter(who)
    (welcome,) = await phones.until(phones.mini, who, 1)
    assert welcome.startswith("您好，这里是救助通")


async def test_an_engine_that_is_away_is_told_on_every_phone_and_made_up_for(phones: Phones) -> None:
    """A-71: in the exchange where there is one, by a message that counts where there is none."""
    await phones.engine.go()
    told = {}
    for name, platform in (("wechat", phones.wechat), ("mini", phones.mini), ("weibo", phones.weibo)):
        who = phones.person(platform)
        await platform.say(who, "低保怎么申请")
        (words,) = await phones.until(platform, who, 1)
        assert "您的消息已收到" in words
        told[name] = platform.received(who)[0].via
        await platform.say(who, "临时救助呢")
    assert told == {"wechat": "passive", "mini": "service", "weibo": "passive"}
    await phones.engine.start()
    for platform in (phones.wechat, phones.mini, phones.weibo):
        who = phones.person(platform)
        async with asyncio.timeout(20):
            while sum("答：" in shown.text for shown in platform.received(who)) < 2:
                await asyncio.sleep(0.05)
        said = [shown.text for shown in platform.received(who)]
        assert sum("您的消息已收到" in text for text in said) == 1
        assert said[-2:] == ["答：低保怎么申请", "答：临时救助呢"]
    who = phones.person(phones.mini)
    assert phones.mini.residents[who].ledger.left == 3, "five less two: with the second message they were five anew"


@sqlite_first
async def test_platform_trouble_is_repeated_until_it_is_over(phones: Phones) -> None:
    who = phones.person(phones.mini)
    phones.mini.prepared.next("/cgi-bin/message/custom/send", Prepared(errcode=-1), 2)
    await phones.mini.say(who, "低保怎么申请")
    assert await phones.until(phones.mini, who, 1, 20.0) == ["答：低保怎么申请"]


@sqlite_first
async def test_an_ended_weibo_token_keeps_every_word_for_the_day_it_is_renewed(phones: Phones) -> None:
    who = phones.person(phones.weibo)
    phones.engine.says = lambda turn: [Reply("一" + "二。" * 200)]
    phones.weibo.expired = True
    await phones.weibo.say(who, "低保怎么申请")
    await phones.until(phones.weibo, who, 1)
    states = {row.state for row in await phones.ours(phones.weibo, who)}
    assert states <= {State.SENT, State.QUEUED, State.SENDING}
    assert State.FAILED not in states


@sqlite_first
async def test_danger_said_on_weibo_is_met_at_once_in_few_words(phones: Phones) -> None:
    who = phones.person(phones.weibo)
    await phones.weibo.say(who, "我不想活了")
    (text, *_) = await phones.until(phones.weibo, who, 1)
    assert len(text) < 300
    assert "12356" in text or "110" in text or "120" in text


@sqlite_first
async def test_weibo_answers_nobody_who_guesses_the_address(phones: Phones) -> None:
    secret = phones.weibo.deliver_to
    push = phones.weibo.sealed(phones.weibo.act(phones.person(phones.weibo), pushes.text("低保")))
    async with aiohttp.ClientSession() as http:
        for url, status in (
            (f"{phones.url}/weibo", 404),
            (f"{phones.url}/weibo/{'0' * 32}", 404),
            (secret, 200),
        ):
            async with http.post(url, params=push.query, data=push.body) as response:
                assert response.status == status
        async with http.post(secret, params=push.query | {"signature": "0" * 40}, data=push.body) as response:
            assert (response.status, await response.text()) == (403, "forbidden")
        async with http.post(secret, params=push.query, data=push.body.replace(b"text", b"txt!", 1)) as response:
            assert response.status == 403


@sqlite_first
async def test_who_opens_the_mini_program_gets_a_session_of_the_app(phones: Phones) -> None:
    who = phones.person(phones.mini)
    async with (
        aiohttp.ClientSession() as http,
        http.post(f"{phones.url}/mini/login", json={"code": phones.mini.login_code(who)}) as response,
    ):
        assert response.status == 201
        told = await response.json()
    session = Sessions(SECRET).read(told["token"], phones.desk.clock.now())
    assert session.sender == f"u:mini:{who}"
    assert "cases" in told["rights"]
