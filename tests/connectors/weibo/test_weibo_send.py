"""What goes to Weibo: in the exchange, outside it, after a mention; and pictures fetched from there."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.errors import TryAgain, Undeliverable
from bot.messages import Choice, Reply
from connectors import calling
from connectors.channel import Channel
from connectors.weibo import reply
from connectors.weibo.channel import Weibo
from tests.connectors.wechat.test_wechat_reply import row
from tests.connectors.weibo.pushes import FAN, NOW, UID, push, query, weibo
from tests.connectors.weibo.sending import MENTIONED, TALK
from tests.connectors.weibo.sending import channel as channel
from tests.connectors.weibo.sending import fake as fake
from tests.fakes.weibo import FakeWeibo


def said(body: bytes) -> str:
    answer = json.loads(body)
    assert (answer["result"], answer["type"]) == (True, "text")
    assert (answer["sender_id"], answer["receiver_id"]) == (UID, FAN), "they change places"
    assert answer["data"].isascii()
    return str(json.loads(unquote(answer["data"]))["text"])


def test_it_is_a_channel() -> None:
    channel: Channel = weibo()
    assert (channel.name, channel.path) == ("weibo", "weibo/" + "p" * 24)
    assert not channel.capabilities.personal
    assert channel.capabilities.characters < 300
    assert channel.capabilities.options == 0


def test_the_answer_in_the_exchange() -> None:
    callback = weibo().read(query(), {}, push(), NOW)
    answer = callback.respond([Reply("您好，到街道申请。", (Choice("要什么材料"), Choice("找人工")))])
    assert said(answer.body) == "您好，到街道申请。\n\n1. 要什么材料\n2. 找人工"
    assert answer.carried == 1
    assert (callback.respond([]).body, callback.respond([]).carried) == (b"", 0)


def test_the_published_passive_reply_letter_for_letter() -> None:
    body = json.loads(reply.passive("您好", "1902538057", "2489518277"))
    assert unquote(body["data"]) == '{"text": "您好"}'
    assert body["data"].startswith("%7B%22text%22%3A")


def test_what_does_not_fit_into_one_message_waits_for_the_outbox() -> None:
    callback = weibo().read(query(), {}, push(), NOW)
    answer = callback.respond([Reply("甲" * 200), Reply("乙" * 200)])
    assert (said(answer.body), answer.carried) == ("甲" * 200, 1)
    assert callback.respond([Reply("丙" * 281)]).body == b""


def test_nothing_leaves_in_the_exchange_of_a_mention() -> None:
    callback = weibo().read(query(), {}, push("mention", "@某区民政 低保", {"subtype": "status", "key": "1"}), NOW)
    answer = callback.respond([Reply("到街道申请。")])
    assert (answer.body, answer.carried) == (b"", 0)


async def test_a_row_goes_out_as_a_form_encoded_once(channel: Weibo, fake: FakeWeibo) -> None:
    text = '100% & "低保"+临时救助=？'
    assert await channel.send(TALK, row(text, "低保")) == ""
    (form,) = fake.forms
    assert form == {
        "access_token": "T0KEN",
        "type": "text",
        "data": json.dumps({"text": f"{text}\n\n1. 低保"}, ensure_ascii=False),
        "receiver_id": FAN,
        "save_sender_box": "1",
    }
    assert b"%2522" not in fake.raw[0]


async def test_a_long_row_goes_in_parts_of_280_and_no_part_twice(channel: Weibo, fake: FakeWeibo) -> None:
    long = row("这是一句话，说的是怎样申请。" * 60)
    fake.queue.extend([{"result": True}, {"error_code": 10002, "error": "Service unavailable"}])
    with pytest.raises(TryAgain):
        await channel.send(TALK, long)
    await channel.send(TALK, long)
    first, again, *rest = fake.texts
    assert all(len(text) <= 280 and text.endswith("。") for text in fake.texts)
    assert again == rest[0]
    assert "".join([first, *rest]) == "这是一句话，说的是怎样申请。" * 60


async def test_after_a_mention_one_message_leaves_and_says_how_to_go_on(channel: Weibo, fake: FakeWeibo) -> None:
    await channel.send(MENTIONED, row("一句。" * 120))
    (text,) = fake.texts
    assert text.endswith(f"\n{reply.GO_ON}")
    assert len(text) < 300


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ('看<a href="https://a.gov.cn/x?a=1&b=2">办事指南</a>。', "看办事指南 https://a.gov.cn/x?a=1&b=2 。"),
        ("打<a href='tel:12345'>12345</a>", "打12345"),
        ("1 < 2", "1 < 2"),
        ("<b>粗</b>", "<b>粗</b>"),
        ("您的身份证号是420111195803074122，对吗", "您的身份证号是〔身份证号已隐去〕,对吗"),
        ("窗口电话13800001234", "窗口电话13800001234"),
    ],
)
def test_links_are_words_and_numbers_of_persons_are_covered(written: str, shown: str) -> None:
    assert reply.plain(written) == shown


@hypothesis_settings(deadline=None)
@given(st.text(max_size=400), st.lists(st.text(min_size=1, max_size=20), max_size=12))
def test_whatever_is_said_fits_and_is_valid_json_within_json(text: str, options: list[str]) -> None:
    callback = weibo().read(query(), {}, push(), NOW)
    answer = callback.respond([Reply(text, tuple(map(Choice, options)))])
    if answer.body:
        assert len(said(answer.body)) < 300


# ---- pictures


async def test_a_picture_is_fetched_by_our_copy(channel: Weibo, fake: FakeWeibo) -> None:
    assert await channel.fetch("821804469") == b"\xff\xd8picture"
    assert fake.asked == [{"access_token": "T0KEN", "fid": "821804469"}]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (web.Response(status=404, text="gone"), Undeliverable),
        (web.Response(status=503, text="busy"), TryAgain),
        (web.Response(body=b"", content_type="image/jpeg"), TryAgain),
        ({"error_code": 10002, "error": "x"}, TryAgain),
        ({"error_code": 20003, "error": "x"}, Undeliverable),
        ({"anything": 1}, TryAgain),
    ],
)
async def test_a_picture_that_does_not_come(channel: Weibo, fake: FakeWeibo, answer: Any, error: type) -> None:
    fake.queue.append(answer)
    with pytest.raises(error):
        await channel.fetch("1")


async def test_a_picture_too_large(channel: Weibo, fake: FakeWeibo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "LARGEST_MEDIA", 5)
    with pytest.raises(Undeliverable, match=r"^too_large"):
        await channel.fetch("1")
