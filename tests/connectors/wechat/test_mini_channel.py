"""A mini program's service window: read as an account's pushes are, answered by the customer-service interface alone."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.clock import FixedClock
from bot.desk.ports import Store
from bot.errors import Forged, QuotaSpent, TryAgain
from bot.messages import Inbound, Kind, Reply
from connectors.channel import Channel
from connectors.wechat.mini_channel import Mini
from connectors.wechat.settings import Mode
from tests.connectors.wechat.conftest import Site
from tests.connectors.wechat.pushes import (
    KEY,
    NOW,
    event,
    message,
    plain_query,
    push,
    sealed,
    sealed_query,
    settings,
    wrapper,
)
from tests.connectors.wechat.test_wechat_reply import row
from tests.connectors.wechat.test_wechat_send import PERSON
from tests.fakes.wechat import SEND

TALK = replace(PERSON, channel="mini", account="gh_mini", sender="oUser_M")


def mini(**changed: Any) -> Mini:
    return Mini(settings(**changed), cast("Store", None), FixedClock(NOW))


def read(fields: dict[str, Any], as_json: bool = False) -> Inbound:
    query, body = push(fields, as_json)
    (inbound,) = mini().read(query, {}, body, NOW).inbounds
    return inbound


@pytest.fixture
async def channel(site: Site) -> AsyncIterator[Mini]:
    made = Mini(settings(api_base=site.fake.base), site.store, site.clock, site.alarms.append)
    yield made
    await made.close()


def test_it_is_a_channel_of_its_own() -> None:
    channel: Channel = mini()
    assert (channel.name, channel.path) == ("mini", "mini")
    assert channel.capabilities.personal
    assert (channel.capabilities.passive_seconds, channel.capabilities.options) == (0, 0)


@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.parametrize(
    ("fields", "kind", "expected"),
    [
        (message(Content="低保"), Kind.TEXT, {"text": "低保", "may_send": 5, "may_send_seconds": 172_800.0}),
        (message(MsgType="image", PicUrl="http://x", MediaId="M"), Kind.IMAGE, {"media": "M", "may_send": 5}),
        (
            message(
                MsgType="miniprogrampage", Title="申请进度", AppId="wx1", PagePath="pages/case?id=1", ThumbMediaId="T"
            ),
            Kind.LINK,
            {"text": "申请进度", "may_send": 5},
        ),
        (
            event("user_enter_tempsession", SessionFrom="page=apply&amp;case=1"),
            Kind.EVENT,
            {"event": "user_enter_tempsession", "may_send": 2, "may_send_seconds": 60.0},
        ),
        (event("wxa_media_check", isrisky=0, trace_id="t"), Kind.EVENT, {"event": "wxa_media_check", "may_send": 0}),
    ],
)
def test_pushes_in_both_notations(fields: dict[str, Any], kind: Kind, expected: dict[str, Any], as_json: bool) -> None:
    inbound = read(fields, as_json)
    assert (inbound.channel, inbound.kind) == ("mini", kind)
    assert {name: getattr(inbound, name) for name in expected} == expected


@pytest.mark.parametrize("as_json", [True, False])
def test_only_the_acknowledgement_goes_back_in_the_exchange(as_json: bool) -> None:
    query, body = push(message(Content="低保"), as_json)
    callback = mini().read(query, {}, body, NOW)
    answer = callback.respond([Reply("到街道申请。")])
    assert (answer.body, answer.carried, callback.passive) == (b"success", 0, False)


def test_plain_pushes_are_refused_and_so_is_another_program() -> None:
    with pytest.raises(Forged):
        mini().read(plain_query(), {}, json.dumps(message(Content="x")).encode(), NOW)
    query, body = push(message(Content="x"))
    with pytest.raises(Forged):
        mini(account="gh_another").read(query, {}, body, NOW)
    with pytest.raises(Forged):
        mini(appid="wx0000000000000000").read(query, {}, body, NOW)
    assert (
        mini(mode=Mode.PLAIN, aes_key="")
        .read(plain_query(), {}, json.dumps(message(Content="x")).encode(), NOW)
        .inbounds
    )


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
NAMES = ["ToUserName", "FromUserName", "CreateTime", "MsgType", "MsgId", "Event", "EventKey", "SessionFrom", "List"]
usual = st.sampled_from(["gh_mini", "oUser_M", 1714112445, "text", "event", "image", "user_enter_tempsession"])


@hypothesis_settings(deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), anything | usual, max_size=9), st.booleans())
def test_a_proved_push_is_read_or_refused_whatever_it_holds(fields: dict[str, Any], mostly: bool) -> None:
    inner = json.dumps({**(message(Content="x") if mostly else {}), **fields})
    encrypt = sealed(inner, KEY)
    try:
        callback = mini().read(sealed_query(encrypt), {}, wrapper(encrypt, True), NOW)
    except Forged:
        return
    assert callback.inbounds[0].channel == "mini"


@hypothesis_settings(deadline=None)
@given(st.text(max_size=300))
def test_a_proved_text_that_is_no_push_is_refused(inner: str) -> None:
    encrypt = sealed(inner, KEY)
    with pytest.raises(Forged):
        mini().read(sealed_query(encrypt), {}, wrapper(encrypt), NOW)


async def test_options_go_out_numbered_and_nothing_is_a_link(site: Site, channel: Mini) -> None:
    await channel.send(TALK, row("哪一个？", "低保", "临时救助"))
    (sent,) = site.fake.sent
    assert sent == {"touser": "oUser_M", "msgtype": "text", "text": {"content": "哪一个？\n\n1. 低保\n2. 临时救助"}}
    assert "低保".encode() in site.fake.to(SEND)[0].raw


async def test_a_long_row_goes_in_parts_and_no_part_twice(site: Site, channel: Mini) -> None:
    site.fake.prepare(SEND, {"errcode": 0}, {"errcode": -1})
    with pytest.raises(TryAgain):
        await channel.send(TALK, row("这是第一句话。" * 200))
    await channel.send(TALK, row("这是第一句话。" * 200))
    texts = [sent["text"]["content"] for sent in site.fake.sent]
    assert texts[1] == texts[2]
    assert "".join([texts[0], *texts[2:]]) == "这是第一句话。" * 200


@pytest.mark.parametrize("code", [45015, 45047])
async def test_a_shut_window_is_held_for_the_next_message(site: Site, channel: Mini, code: int) -> None:
    site.fake.prepare(SEND, {"errcode": code})
    with pytest.raises(QuotaSpent):
        await channel.send(TALK, row("x"))


async def test_its_token_is_not_the_accounts(site: Site, channel: Mini) -> None:
    account = site.channel()
    await account.send(PERSON, row("x"))
    other = Mini(settings(api_base=site.fake.base, appid="wx0123456789abcdef"), site.store, site.clock)
    await other.send(TALK, row("x"))
    await other.close()
    assert len({request.token for request in site.fake.to(SEND)}) == 2
