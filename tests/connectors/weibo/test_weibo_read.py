"""Proved by the published vectors; every kind of push becomes one `Inbound`; anything else is refused, and only refused."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import Forged
from bot.messages import Inbound, Kind
from tests.connectors.weibo.pushes import CREATED, FAN, NONCE, NOW, STAMP, UID, push, query, weibo

VECTORS: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "samples" / "wechat" / "vectors.json").read_text(encoding="utf-8")
)
DAYS = 48 * 3600.0


def read(body: bytes) -> Inbound:
    (inbound,) = weibo().read(query(), {}, body, NOW).inbounds
    return inbound


@pytest.mark.parametrize("name", ["B1", "B2"])
def test_the_vectors_of_the_address_check(name: str) -> None:
    vector = VECTORS[name]
    asked = [(key, vector[key]) for key in ("signature", "timestamp", "nonce")]
    asked.append(("echostr", vector.get("echostr", "x")))
    now = datetime.fromtimestamp(int(vector["timestamp"]) / 1000, UTC)
    channel = weibo(app_secret=vector["token"])
    assert channel.verify_url(asked, now) == vector.get("echostr", "x")
    for wrong in ("0" * 40, vector["signature"].upper(), vector["signature"][:-1], ""):
        with pytest.raises(Forged):
            channel.verify_url([("signature", wrong), *asked[1:]], now)
    with pytest.raises(Forged):
        weibo(app_secret=vector["token"] + "x").verify_url(asked, now)
    with pytest.raises(Forged):
        channel.verify_url(asked, now + timedelta(minutes=6))
    with pytest.raises(Forged):
        channel.verify_url([*asked, asked[0]], now)


MESSAGES = [
    (push(), Kind.TEXT, {"text": "低保怎么申请"}),
    (push(text='/inform{"x":1}'), Kind.TEXT, {"text": '/inform{"x":1}'}),
    (
        push("position", "我在这里: http://t.cn/zQgLLYO", {"longitude": "116.308586", "latitude": "39.982525"}),
        Kind.LOCATION,
        {"text": "", "place": ""},
    ),
    (
        push("voice", "发了一个语音消息", {"vfid": 821804459, "tovfid": 821804469}),
        Kind.VOICE,
        {"text": "", "media": "821804469"},
    ),
    (
        push("image", "发了一张图片", {"vfid": 821804459, "tovfid": 821804469}),
        Kind.IMAGE,
        {"text": "", "media": "821804469"},
    ),
    (push("hologram", "x"), Kind.UNKNOWN, {"text": ""}),
]


@pytest.mark.parametrize(("body", "kind", "expected"), MESSAGES)
def test_messages(body: bytes, kind: Kind, expected: dict[str, Any]) -> None:
    inbound = read(body)
    assert (inbound.channel, inbound.account, inbound.sender, inbound.kind) == ("weibo", UID, FAN, kind)
    assert inbound.sent_at == datetime(2012, 7, 16, 10, 9, 20, tzinfo=UTC)
    assert {name: getattr(inbound, name) for name in expected} == expected
    assert inbound.may_send > 100
    assert inbound.may_send_seconds == DAYS
    assert "116.3" not in repr(inbound), "no coordinates"


EVENTS: list[tuple[dict[str, Any], str, str, bool]] = [
    ({"subtype": "follow"}, "subscribe", "", True),
    ({"subtype": "unfollow"}, "unsubscribe", "", False),
    ({"subtype": "subscribe"}, "broadcasts_on", "", True),
    ({"subtype": "unsubscribe"}, "broadcasts_off", "", False),
    ({"subtype": "click", "key": "MENU_DIBAO"}, "CLICK", "MENU_DIBAO", True),
    ({"subtype": "view", "key": "http://a.gov.cn"}, "VIEW", "http://a.gov.cn", False),
    ({"subtype": "scan", "key": "QR_SCENE_7", "ticket": "T"}, "SCAN", "QR_SCENE_7", True),
    (
        {"subtype": "scan_follow", "key": "QR_LIMIT_SCENE_231", "ticket": "T"},
        "subscribe",
        "QR_LIMIT_SCENE_231",
        True,
    ),
    ({"subtype": "of_tomorrow"}, "of_tomorrow", "", False),
    ({}, "unnamed", "", False),
]


@pytest.mark.parametrize(("data", "event", "key", "opens"), EVENTS)
def test_events_have_the_names_all_channels_share(data: dict[str, Any], event: str, key: str, opens: bool) -> None:
    inbound = read(push("event", "关注事件消息", data))
    assert (inbound.kind, inbound.event, inbound.event_key, inbound.text) == (Kind.EVENT, event, key, "")
    assert (inbound.may_send > 0) is opens


@pytest.mark.parametrize("subtype", ["status", "comment"])
def test_a_mention_is_what_was_asked_and_lets_one_message_out(subtype: str) -> None:
    callback = weibo().read(
        query(), {}, push("mention", "@某区民政 低保怎么申请？", {"subtype": subtype, "key": "3612345678901234"}), NOW
    )
    (inbound,) = callback.inbounds
    assert (inbound.kind, inbound.text, inbound.event) == (Kind.TEXT, "低保怎么申请？", "")
    assert (inbound.may_send, inbound.may_send_seconds) == (1, DAYS)
    assert not callback.passive


def test_ids_of_nineteen_digits_stay_whole_as_numbers_and_as_text() -> None:
    big = "9223372036854775807"
    for sender in (int(big), big):
        assert read(push(sender_id=sender)).sender == big
    assert "9223372036854775807" not in read(push(sender_id=big)).message_id, "the key of a message names nobody"


def test_the_same_push_again_is_the_same_message_and_any_other_is_not() -> None:
    bodies = [
        push(),
        push(text="低保怎么申请？"),
        push(sender_id=2489518278),
        push(created_at="Mon Jul 16 18:09:21 +0800 2012"),
        push("event", data={"subtype": "click", "key": "a"}),
        push("event", data={"subtype": "click", "key": "b"}),
        push("image", "发了一张图片", {"vfid": 1, "tovfid": 2}),
        push("image", "发了一张图片", {"vfid": 1, "tovfid": 3}),
    ]
    assert len({read(body).message_id for body in [*bodies, *bodies]}) == len(bodies)


REFUSED = {
    "another account": push(receiver_id=1902538058),
    "no account": push(receiver_id=""),
    "a name for a number": push(sender_id="oUser_A"),
    "a truth for a number": push(sender_id=True),
    "a number too long": push(sender_id=10**19),
    "below nothing": push(sender_id=-5),
    "no type": push(""),
    "a type that is none": push("te xt"),
    "no moment": push(created_at=""),
    "another month": push(created_at="Mon Ju1 16 18:09:20 +0800 2012"),
    "no such day": push(created_at="Mon Feb 30 18:09:20 +0800 2012"),
    "no such hour": push(created_at="Mon Jul 16 25:09:20 +0800 2012"),
    "no such zone": push(created_at="Mon Jul 16 18:09:20 +9900 2012"),
    "the year nought": push(created_at="Mon Jul 16 18:09:20 +0800 0000"),
    "not JSON": b"<xml/>",
    "a list": b"[]",
    "a doubled name": b'{"type":"text","type":"event"}',
    "not a number": b'{"type":NaN}',
    "not UTF-8": b'{"type":"\xff"}',
    "nothing": b"",
    "too deep": b'{"data":' * 3000 + b"1" + b"}" * 3000,
    "too large": push(text="字" * 30_000),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_a_push_is_refused(name: str) -> None:
    with pytest.raises(Forged) as refused:
        weibo().read(query(), {}, REFUSED[name], NOW)
    assert len(str(refused.value)) <= 12


QUERIES = {
    "unsigned": [("timestamp", STAMP), ("nonce", NONCE)],
    "for another secret": query(secret="another"),
    "of six minutes ago": query(str(int(NOW.timestamp() - 360) * 1000)),
    "of tomorrow": query(str(int(NOW.timestamp() + 86_400) * 1000)),
    "a nonce of blanks": query(nonce="5715 157"),
    "a stamp of letters": query("13970220618a3"),
    "doubled": [*query(), *query()],
    "empty": [],
}


@pytest.mark.parametrize("name", QUERIES)
def test_a18_what_is_not_signed_for_now_is_refused(name: str) -> None:
    with pytest.raises(Forged):
        weibo().read(QUERIES[name], {}, push(), NOW)


def test_a_compressed_body_is_refused() -> None:
    with pytest.raises(Forged):
        weibo().read(query(), {"Content-Encoding": "gzip"}, push(), NOW)


def test_seconds_are_taken_for_milliseconds_too() -> None:
    weibo().read(query(str(int(NOW.timestamp()))), {}, push(), NOW)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
values = anything | st.sampled_from(
    [UID, int(UID), FAN, CREATED, "text", "event", "mention", "image", {"subtype": "click", "key": 7}, {"tovfid": 9}]
)
names = st.sampled_from(["type", "receiver_id", "sender_id", "created_at", "text", "data"]) | st.text(max_size=8)
good = {"type": "text", "receiver_id": int(UID), "sender_id": int(FAN), "created_at": CREATED, "text": "x", "data": {}}


@settings(deadline=None)
@given(st.dictionaries(names, values, max_size=8), st.booleans())
def test_no_object_does_anything_but_be_read_or_be_refused(fields: dict[str, Any], mostly: bool) -> None:
    try:
        callback = weibo().read(query(), {}, json.dumps({**(good if mostly else {}), **fields}).encode(), NOW)
    except Forged:
        return
    (inbound,) = callback.inbounds
    assert inbound.account == UID
    assert inbound.sender.isdigit()
    assert len(inbound.event_key) <= 1024


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_do_anything_but_be_refused(body: bytes) -> None:
    with pytest.raises(Forged):
        weibo().read(query(), {}, body, NOW)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["signature", "timestamp", "nonce", "echostr"]) | st.text(), st.text())))
def test_no_query_does_anything_but_be_refused(asked: list[tuple[str, str]]) -> None:
    for call in (lambda: weibo().verify_url(asked, NOW), lambda: weibo().read(asked, {}, push(), NOW)):
        with pytest.raises(Forged):
            call()
