"""Calls to WeChat: every code ends in its named result, and none of them says a secret aloud (A-75)."""

from __future__ import annotations

import logging
import traceback
from typing import Any

import pytest
from aiohttp import web

from bot.errors import Misconfigured, Paused, QuotaSpent, TryAgain, Undeliverable
from connectors import calling
from connectors.verdicts import Action, fault
from connectors.wechat.client import redact
from connectors.wechat.errors import TABLE, verdict_of
from tests.connectors.wechat.answers import TEXT, code
from tests.connectors.wechat.conftest import Site
from tests.connectors.wechat.pushes import NOW
from tests.fakes.wechat import SEND, TOKEN


async def test_a_message_is_utf8_json_and_not_escaped(site: Site) -> None:
    assert (await site.client().post(SEND, TEXT))["errcode"] == 0
    (sent,) = site.fake.to(SEND)
    assert "您好，“低保”😀" in sent.raw.decode()
    assert "\\u" not in sent.raw.decode()
    assert sent.token == "TOKEN-1"
    (asked,) = site.fake.to(TOKEN)
    assert asked.token == ""
    assert asked.body == {
        "grant_type": "client_credential",
        "appid": "wxba5fad812f8e6fb9",
        "secret": "s3cret",
        "force_refresh": False,
    }


# ---- each fault by name

NAMED = [
    (-1, TryAgain, "busy"),
    (45011, TryAgain, "too_fast"),
    (45009, Paused, "day_quota"),
    (45015, QuotaSpent, "window_closed"),
    (45047, QuotaSpent, "quota_spent"),
    (40003, Undeliverable, "unknown_person"),
    (43004, Undeliverable, "not_follower"),
    (40164, Misconfigured, "address_not_allowed"),
    (48001, Misconfigured, "not_authorised"),
    (45002, Undeliverable, "too_long"),
    (87014, Undeliverable, "content_refused"),
    (99999, Undeliverable, "unknown_99999"),
]


@pytest.mark.parametrize(("number", "kind", "name"), NAMED)
async def test_every_code_ends_in_its_named_result_after_one_call(
    site: Site, number: int, kind: type, name: str
) -> None:
    site.fake.prepare(SEND, code(number))
    with pytest.raises((TryAgain, Undeliverable)) as raised:
        await site.client().post(SEND, TEXT)
    assert type(raised.value) is kind
    assert str(raised.value).startswith(f"{name}: ")
    if isinstance(raised.value, Undeliverable):
        assert raised.value.reason == name
        assert "无法送达" in str(raised.value) or name == "content_refused"
    assert len(site.fake.to(SEND)) == 1


async def test_already_sent_counts_as_sent(site: Site) -> None:
    site.fake.prepare(SEND, code(45065))
    assert (await site.client().post(SEND, TEXT))["errcode"] == 45065


@pytest.mark.parametrize("status", [500, 502, 503, 504, 302])
async def test_an_http_fault_is_tried_again(site: Site, status: int) -> None:
    site.fake.prepare(SEND, web.Response(status=status, headers={"Location": "http://127.0.0.1:9/"}))
    with pytest.raises(TryAgain, match=rf"^http_{status}"):
        await site.client().post(SEND, TEXT)
    assert len(site.fake.to(SEND)) == 1


async def test_nobody_there_is_tried_again(site: Site) -> None:
    site.fake.base = "http://127.0.0.1:1"
    with pytest.raises(TryAgain, match=r"^unreachable"):
        await site.client().post(SEND, TEXT)


async def test_a_message_whose_answer_never_came_is_not_repeated(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may have arrived; WeChat has no key that would stop a second copy."""
    monkeypatch.setattr(calling, "READ_SECONDS", 0.05)
    client = site.client()
    await client.tokens.get()
    site.fake.slow = 0.3
    with pytest.raises(Undeliverable) as raised:
        await client.post(SEND, TEXT)
    assert raised.value.reason == "unconfirmed"
    assert len(site.fake.to(SEND)) == 1


@pytest.mark.parametrize("body", [b"<html>", b"", b"[1]", b"[" * 50_000])
async def test_an_answer_that_is_no_answer_is_unconfirmed(site: Site, body: bytes) -> None:
    site.fake.prepare(SEND, web.Response(body=body))
    with pytest.raises(Undeliverable, match=r"^unconfirmed"):
        await site.client().post(SEND, TEXT)


# ---- the table


def test_the_table_is_complete() -> None:
    """protocols.md 3.13, and the configuration errors of 3.2."""
    listed = {
        Action.REFRESH: [40001, 40014, 42001],
        Action.AGAIN: [-1, 45011, 61450],
        Action.PAUSE: [45009],
        Action.HOLD: [45015, 45047],
        Action.ALARM: [
            40013,
            40125,
            40164,
            40243,
            48001,
            48004,
            48008,
            50001,
            50002,
            40200,
            61007,
            89503,
            89506,
            89507,
        ],
        Action.DONE: [0, 45065],
        Action.GIVE_UP: [
            40003,
            43004,
            43019,
            43101,
            48002,
            50005,
            *range(40004, 40010),
            40035,
            40037,
            41030,
            *range(44002, 44005),
            *range(45002, 45009),
            47001,
            47003,
            *range(61452, 61460),
            45066,
            45067,
            87014,
        ],
    }
    for action, codes in listed.items():
        for number in codes:
            assert TABLE[number].action is action, number


def test_every_verdict_has_its_own_name_and_one_plain_sentence_for_staff() -> None:
    names = [verdict.name for verdict in TABLE.values()]
    assert len(set(names)) == len(names)
    for verdict in TABLE.values():
        assert verdict.staff.count("。") == 1
        assert verdict.staff.endswith("。")
        assert str(fault(verdict, NOW)).startswith(verdict.name)
    assert verdict_of(12345).name == "unknown_12345"


# ---- nothing secret in words


async def test_no_error_log_or_trace_holds_a_token_a_secret_or_a_word(
    site: Site, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(calling, "READ_SECONDS", 0.1)
    faults: list[Any] = [code(n) for n in (40001, 45015, 40003, 12345)]
    faults += [web.Response(status=502), web.Response(body=b"x")]
    client = site.client()
    seen = []
    for answer in faults:
        site.fake.prepare(SEND, answer, answer)
        try:
            await client.post(SEND, TEXT)
        except (TryAgain, Undeliverable) as error:
            seen.append("".join(traceback.format_exception(error)) + repr(error) + repr(error.__context__))
        site.fake.queue[SEND].clear()
    site.clock.advance(seconds=61)
    await client.tokens.get()
    site.fake.slow = 0.5
    with pytest.raises(Undeliverable) as raised:
        await client.post(SEND, TEXT)
    seen.append("".join(traceback.format_exception(raised.value)) + repr(raised.value.__context__))
    told = "".join(seen) + caplog.text + repr(client) + repr(client._settings)
    for secret in ("TOKEN-1", "TOKEN-2", "s3cret", "AAAAA", "oUser_A", "您好"):
        assert secret not in told, secret


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("https://h/cgi-bin/token?appid=wx1&secret=abc&x=1", "https://h/cgi-bin/token?appid=wx1&secret=***&x=1"),
        ("POST /send?access_token=a-b_c HTTP", "POST /send?access_token=*** HTTP"),
        ('{"secret": "abc", "appid": "wx1"}', '{"secret": "***", "appid": "wx1"}'),
        ("nothing here", "nothing here"),
    ],
)
def test_addresses_can_be_redacted(text: str, clean: str) -> None:
    assert redact(text) == clean
