"""A push leaves the platform and an answer comes back: in every mode, once, three times, late, never."""

from __future__ import annotations

import asyncio
import xml.etree.ElementTree as ET

import pytest
from aiohttp import web

from bot.clock import FixedClock
from bot.errors import BadInput
from bot.messages import Choice, Kind, Reply
from connectors.sandbox import FAULT, Form, LineFault, Mode, pushes
from connectors.sandbox.settings import new_aes_key
from connectors.wechat.crypto import Envelope
from tests.connectors.sandbox.account import Account, Slow, an_account


def who(account: Account, name: str = "王奶奶") -> str:
    return next(p.openid for p in account.platform.residents.values() if p.name == name)


async def test_a_sentence_travels_signed_and_sealed_and_its_answer_is_shown(account: Account) -> None:
    delivered = await account.platform.say(who(account), "低保怎么申请😀")
    assert account.inbox[0].text == "低保怎么申请😀"
    assert account.inbox[0].sender == who(account)
    assert [s.text for s in account.platform.received(who(account))] == ["收到：低保怎么申请😀"]
    assert delivered.bubble is not None
    assert delivered.bubble.via == "passive"
    assert "低保".encode() not in account.bodies[0]
    assert "msg_signature" in account.queries[0]
    assert [entry.what for entry in account.platform.log] == ["push", "answer"]


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("form", list(Form))
async def test_every_mode_and_both_notations_work(clock: FixedClock, mode: Mode, form: Form) -> None:
    async with an_account(clock, mode=mode, form=form) as account:
        await account.platform.say(who(account), "你好")
        assert [s.text for s in account.platform.received(who(account))] == ["收到：你好"]
        assert ("Encrypt" in account.bodies[0].decode()) == (mode is not Mode.PLAIN)
        assert ("你好" in account.bodies[0].decode()) == (mode is not Mode.SECURE)


async def test_the_address_is_checked_when_it_is_saved(account: Account) -> None:
    assert await account.platform.check_url()
    account.platform.deliver_to = account.base + "/elsewhere"
    assert not await account.platform.check_url()


async def test_every_kind_arrives_as_the_account_reads_it(account: Account) -> None:
    platform, me = account.platform, who(account)
    await platform.send_image(me, b"\x89PNG\r\n\x1a\n picture")
    await platform.send_voice(me)
    await platform.send_location(me, "武汉市洪山区")
    await platform.send_link(me, "低保政策", "https://example.org/a")
    await platform.click(me, "person")
    await platform.scan(me, "street_0231")
    await platform.unfollow(me)
    await platform.scan(me, "street_0231")
    kinds = [(i.kind, i.event, i.event_key) for i in account.inbox]
    assert kinds == [
        (Kind.IMAGE, "", ""),
        (Kind.VOICE, "", ""),
        (Kind.LOCATION, "", ""),
        (Kind.LINK, "", ""),
        (Kind.EVENT, "CLICK", "person"),
        (Kind.EVENT, "SCAN", "street_0231"),
        (Kind.EVENT, "unsubscribe", ""),
        (Kind.EVENT, "subscribe", "street_0231"),
    ]
    assert account.inbox[1].text == ""
    assert account.inbox[2].place == "武汉市洪山区"
    assert account.inbox[0].media


async def test_nothing_is_shown_for_an_acknowledgement_nor_for_what_cannot_be_seen(account: Account) -> None:
    account.queue.extend([b"success", b""])
    await account.platform.say(who(account), "一")
    await account.platform.say(who(account), "二")
    await account.platform.unfollow(who(account))
    assert account.platform.received(who(account)) == []


async def test_without_an_answer_the_same_push_comes_three_times_and_then_the_notice(account: Account) -> None:
    account.queue.extend([Slow(0.6, b"success"), web.Response(status=502), "drop"])
    await account.platform.say(who(account), "在吗")
    assert len(account.inbox) == 3
    assert len({i.message_id for i in account.inbox}) == 1
    assert len({q["nonce"] for q in account.queries}) == 3
    assert [s.text for s in account.platform.received(who(account))] == [FAULT]


async def test_a_late_second_answer_is_the_one_that_shows(account: Account) -> None:
    account.queue.extend([Slow(0.6, b"success"), [Reply("来了")]])
    delivered = await account.platform.say(who(account), "在吗")
    assert [a is None for a in delivered.answers] == [True, False]
    assert [s.text for s in account.platform.received(who(account))] == ["来了"]


async def test_deliveries_keep_the_platforms_rhythm_also_when_nobody_listens(account: Account) -> None:
    account.platform.deliver_to = "http://127.0.0.1:1/wechat"
    begun = asyncio.get_running_loop().time()
    await account.platform.say(who(account), "在吗")
    assert asyncio.get_running_loop().time() - begun >= 0.45


@pytest.mark.parametrize("deliveries", [1, 2, 3, 4])
@pytest.mark.parametrize("concurrent", [False, True])
async def test_forced_deliveries_show_one_reply(account: Account, deliveries: int, concurrent: bool) -> None:
    await account.platform.say(who(account), "在吗", deliveries=deliveries, concurrent=concurrent)
    assert len(account.inbox) == deliveries
    assert len({i.message_id for i in account.inbox}) == 1
    assert len(account.platform.received(who(account))) == 1


async def test_an_answer_lost_on_the_way_is_asked_for_again(clock: FixedClock) -> None:
    """The line loses the answers here, not the time: a busy machine gets long enough for the third."""
    faults = (LineFault.LOST, LineFault.UNSENT)
    async with an_account(clock, cut_off=1.5) as account:
        delivered = await account.platform.say(who(account), "在吗", faults=faults)
        assert len(account.inbox) == 2
        assert [a is None for a in delivered.answers] == [True, True, False]
        assert len(account.platform.received(who(account))) == 1


async def test_a_dropped_line_is_no_answer(account: Account) -> None:
    account.queue.append(Slow(0.1, b"success"))
    delivered = await account.platform.say(who(account), "在吗", faults=[LineFault.DROPPED])
    assert delivered.answers[0] is None
    assert len(account.inbox) == 2


async def test_pushes_may_come_out_of_order_and_many_at_a_time(account: Account) -> None:
    platform = account.platform
    people = [f"oStranger_{n:018d}" for n in range(20)]
    waiting = [platform.act(person, pushes.text(f"{n}")) for person in people for n in range(10)]
    settled = await platform.deliver_all(waiting, copies=(1, 4), seed=7, concurrent=16)
    assert len(settled) == 200
    assert 200 < len(account.inbox) < 800
    assert [i.text for i in account.inbox] != sorted(i.text for i in account.inbox)
    assert all(len(platform.received(person)) == 10 for person in people)


async def test_a_tap_carries_the_lines_id_and_words(account: Account) -> None:
    account.queue.append([Reply("想问哪一项？", (Choice("低保"), Choice("临时救助")))])
    await account.platform.say(who(account), "救助")
    shown = account.platform.received(who(account))[-1]
    assert [o.label for o in shown.options] == ["低保", "临时救助"]
    await account.platform.tap(who(account), "临时救助")
    assert account.inbox[-1].text == "临时救助"
    assert account.inbox[-1].choice == shown.options[1].id
    with pytest.raises(BadInput, match="can be tapped"):
        await account.platform.tap(who(account), "没有这一项")


async def test_whoever_does_not_follow_cannot_write(account: Account) -> None:
    with pytest.raises(BadInput, match="赵女士 does not follow the account"):
        await account.platform.say(who(account, "赵女士"), "你好")
    await account.platform.follow(who(account, "赵女士"))
    await account.platform.say(who(account, "赵女士"), "你好")
    assert account.inbox[-1].text == "你好"


async def test_message_ids_grow_also_over_a_restart(clock: FixedClock) -> None:
    async with an_account(clock) as before:
        await before.platform.say(who(before), "一")
        await before.platform.say(who(before), "二")
    clock.advance(seconds=1)
    async with an_account(clock) as after:
        await after.platform.say(who(after), "三")
        ids = [
            int(ET.fromstring(e.plain).findtext("MsgId", "0"))
            for e in [*before.platform.log, *after.platform.log]
            if e.what == "push"
        ]
    # A slow machine may see one delivered again: the same id again.
    assert list(dict.fromkeys(ids)) == sorted(set(ids))
    assert len(set(ids)) == 3
    assert max(ids) < 10**19


async def test_a_new_key_is_in_force_at_once(account: Account) -> None:
    old = account.settings.aes_key
    new = new_aes_key()
    account.platform.rotate_key(new)
    await account.platform.say(who(account), "在吗")
    assert account.forged
    account.channel._seal._envelope = Envelope.of(account.settings.appid, new, old)
    await account.platform.say(who(account), "在吗")
    assert account.inbox[-1].text == "在吗"
    assert account.platform.received(who(account))[-1].text == "收到：在吗"


async def test_watchers_are_told_and_sent_home(account: Account) -> None:
    with account.platform.travel.watching() as happenings:
        await account.platform.say(who(account), "在吗")
        account.platform.travel.end()
        kinds = []
        while (happening := await happenings.get()) is not None:
            kinds.append(happening["kind"])
    assert kinds == ["budget", "shown", "travelled", "travelled", "shown"]
