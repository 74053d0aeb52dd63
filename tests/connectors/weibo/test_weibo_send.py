"""What goes to Weibo: in the exchange, outside it, after a mention; its codes, its windows, its token's last day."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import unquote

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from prometheus_client import generate_latest

from bot.clock import FixedClock
from bot.errors import BadInput, Misconfigured, Paused, QuotaSpent, TryAgain, Undeliverable
from bot.messages import Choice, Reply
from connectors import calling
from connectors.channel import Channel
from connectors.verdicts import Action
from connectors.weibo import reply
from connectors.weibo.channel import Weibo
from connectors.weibo.errors import TABLE, verdict_of
from tests.connectors.wechat.test_wechat_reply import row
from tests.connectors.wechat.test_wechat_send import PERSON
from tests.connectors.weibo.pushes import FAN, NOW, UID, push, query, settings, weibo
from tests.fakes.weibo import FakeWeibo, fake_weibo

TALK = replace(PERSON, channel="weibo", account=UID, sender=FAN, quota_left=900)
MENTIONED = replace(TALK, quota_left=1)


@pytest.fixture
async def fake() -> AsyncIterator[FakeWeibo]:
    async with fake_weibo() as made:
        yield made


@pytest.fixture
async def channel(fake: FakeWeibo) -> AsyncIterator[Weibo]:
    alarms: list[str] = []
    made = Weibo(settings(api_base=fake.base, upload_base=fake.base), FixedClock(NOW), alarms.append)
    made.alarms = alarms  # type: ignore[attr-defined]
    yield made
    await made.close()


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


# ---- refusals


@pytest.mark.parametrize("code", sorted(set(TABLE) - {0}))
async def test_every_code_by_its_name(channel: Weibo, fake: FakeWeibo, code: int) -> None:
    answer = {"request": "/2/messages/reply.json", "error_code": code, "error": "whatever"}
    fake.queue.append(web.json_response(answer, status=403 if code > 20000 else 200))
    expected = {
        Action.AGAIN: TryAgain,
        Action.REST: Paused,
        Action.ALARM: Misconfigured,
        Action.HOLD: QuotaSpent,
        Action.GIVE_UP: Undeliverable,
    }[verdict_of(code).action]
    with pytest.raises(expected, match=f"^{verdict_of(code).name}: "):
        await channel.send(TALK, row("x"))


async def test_the_window_is_shut_until_they_write_again(channel: Weibo, fake: FakeWeibo) -> None:
    fake.queue.append({"request": "/2/messages/reply.json", "error_code": 26403, "error": "already replied"})
    with pytest.raises(QuotaSpent):
        await channel.send(TALK, row("x"))
    await channel.send(TALK, row("x"))
    assert len(fake.forms) == 2, "another person is not stopped by it"


async def test_an_expired_token_stops_everything_and_calls_a_person_once(channel: Weibo, fake: FakeWeibo) -> None:
    fake.queue.append({"request": "x", "error_code": 21327, "error": "expired_token"})
    for _ in range(3):
        with pytest.raises(Misconfigured):
            await channel.send(TALK, row("x"))
    assert len(fake.forms) == 1
    assert channel.alarms == ["token_expired"]  # type: ignore[attr-defined]


async def test_a_rate_rests_an_hour(channel: Weibo, fake: FakeWeibo) -> None:
    fake.queue.append({"request": "x", "error_code": 10023, "error": "rate"})
    with pytest.raises(Paused) as paused:
        await channel.send(TALK, row("x"))
    assert paused.value.after == 3600.0


@pytest.mark.parametrize(
    ("answer", "note"),
    [
        (web.Response(text="<html>"), "unconfirmed"),
        (web.Response(body=b""), "unconfirmed"),
        ({"result": "perhaps"}, "unconfirmed"),
        ({"result": True, "error_code": "0"}, ""),
    ],
)
async def test_what_may_have_arrived_is_not_sent_twice(channel: Weibo, fake: FakeWeibo, answer: Any, note: str) -> None:
    fake.queue.append(answer)
    assert await channel.send(TALK, row("x")) == note


async def test_an_unknown_code_is_named_and_not_guessed_at(channel: Weibo, fake: FakeWeibo) -> None:
    for code, reason in ((99999, "unknown_99999"), (26499, "service_26499"), ("26404", "service_26404")):
        fake.queue.append({"error_code": code})
        with pytest.raises(Undeliverable) as refused:
            await channel.send(TALK, row("x"))
        assert refused.value.reason == reason


async def test_a_server_in_trouble_and_one_that_is_away(channel: Weibo, fake: FakeWeibo) -> None:
    fake.queue.append(web.Response(status=502, text="bad gateway"))
    with pytest.raises(TryAgain, match=r"^http_502"):
        await channel.send(TALK, row("x"))
    away = weibo(api_base="http://127.0.0.1:9")
    with pytest.raises(TryAgain, match=r"^unreachable"):
        await away.send(TALK, row("x"))
    await away.close()


async def test_the_token_stands_in_no_error(channel: Weibo, fake: FakeWeibo, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for code in (26403, 21327, 99999):
        fake.queue.append({"error_code": code})
        with pytest.raises((TryAgain, Undeliverable)) as refused:
            await channel.send(TALK, row("x"))
        assert "T0KEN" not in str(refused.value)
    assert "T0KEN" not in caplog.text
    assert FAN not in caplog.text
    assert "T0KEN" not in repr(settings())


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


# ---- the token's last day


def test_two_weeks_before_the_end_a_person_is_called_once_a_day(caplog: pytest.LogCaptureFixture) -> None:
    clock = FixedClock(NOW)
    end = date(2014, 4, 30)
    made = weibo(clock, token_expires=end)
    assert made.token_days == 21
    assert not caplog.records
    assert b'jzt_token_days{channel="weibo"} 21.0' in generate_latest()
    clock.advance(seconds=8 * 86_400)
    later = int(clock.now().timestamp() * 1000)
    for _ in range(3):
        made.read(query(str(later)), {}, push(), clock.now())
    assert [record.message.partition(";")[0] for record in caplog.records] == [
        "weibo needs a person: the access token ends in 13 days"
    ]
    clock.advance(seconds=20 * 86_400)
    made.read(query(str(int(clock.now().timestamp() * 1000))), {}, push(), clock.now())
    assert "has ended" in caplog.records[-1].message
    assert b'jzt_token_days{channel="weibo"} -7.0' in generate_latest()


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"uid": "weibo"}, "uid"),
        ({"app_secret": ""}, "app_secret"),
        ({"token": "a b"}, "token"),
        ({"path": "short"}, "path"),
        ({"api_base": "http://m.api.weibo.com"}, "api_base"),
        ({"upload_base": "ftp://x"}, "upload_base"),
        ({"api_base": "https://u@x"}, "api_base"),
    ],
)
def test_settings_that_cannot_work_are_refused_aloud(changed: dict[str, str], word: str) -> None:
    with pytest.raises(BadInput, match=word):
        settings(**changed)


def test_the_last_day_is_a_day() -> None:
    told = {"uid": UID, "app_secret": "s", "token": "t", "path": "p" * 24}
    with pytest.raises(BadInput, match="2027-01-31"):
        type(settings()).of(**told, token_expires="next year")
    made = type(settings()).of(**told, token_expires="2027-01-31", api_base="http://127.0.0.1:1/")
    assert (made.token_expires, made.api_base, made.upload_base) == (
        date(2027, 1, 31),
        "http://127.0.0.1:1",
        "http://127.0.0.1:1",
    )
