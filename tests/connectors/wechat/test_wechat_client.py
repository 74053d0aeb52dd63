"""Calls to WeChat: every code ends in its named result, no fault becomes a storm of ours (A-75, T-11)."""

from __future__ import annotations

import asyncio
import logging
import traceback
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from aiohttp import web

from bot.errors import Misconfigured, Paused, QuotaSpent, TryAgain, Undeliverable
from connectors.wechat import client as client_module
from connectors.wechat.client import redact
from connectors.wechat.errors import TABLE, Action, fault, until_midnight, verdict_of
from tests.connectors.wechat.conftest import Site
from tests.connectors.wechat.pushes import NOW
from tests.fakes.wechat import SEND, TOKEN, Request

TEXT = {"touser": "oUser_A", "msgtype": "text", "text": {"content": "您好，“低保”😀"}}


def code(number: int, **more: Any) -> dict[str, Any]:
    return {"errcode": number, "errmsg": "whatever rid: 1", **more}


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
    monkeypatch.setattr(client_module, "READ_SECONDS", 0.05)
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


# ---- tokens


@pytest.mark.parametrize("number", [40001, 40014, 42001])
async def test_a_refused_token_is_replaced_once_and_the_call_repeated_once(site: Site, number: int) -> None:
    site.fake.prepare(SEND, code(number))
    await site.client().post(SEND, TEXT)
    assert [request.token for request in site.fake.to(SEND)] == ["TOKEN-1", "TOKEN-2"]
    assert site.alarms == []


async def test_twenty_sends_under_one_dead_token_refresh_it_once(site: Site) -> None:
    client = site.client()
    await client.tokens.get()

    def only_the_second(asked: Request) -> dict[str, Any]:
        return code(40001 if asked.token == "TOKEN-1" else 0)

    site.fake.always[SEND] = only_the_second
    await asyncio.gather(*(client.post(SEND, TEXT) for _ in range(20)))
    assert len(site.fake.to(TOKEN)) == 2


async def test_a_token_refused_twice_is_forced_once_and_the_message_waits(site: Site) -> None:
    client = site.client()
    site.fake.prepare(TOKEN, *({"access_token": "SAME", "expires_in": 7200},) * 2)
    await client.tokens.get()
    site.clock.advance(seconds=90)
    site.fake.prepare(SEND, code(40001), code(40001))
    with pytest.raises(TryAgain, match=r"^token_invalid"):
        await client.post(SEND, TEXT)
    assert [request.body["force_refresh"] for request in site.fake.to(TOKEN)] == [False, False, True]
    assert site.alarms == ["token_refused"]
    await client.post(SEND, TEXT)
    assert site.fake.to(SEND)[-1].token == "TOKEN-1"


async def test_force_is_not_used_again_within_half_a_minute(site: Site) -> None:
    client = site.client()
    site.fake.always[TOKEN] = {"access_token": "SAME", "expires_in": 7200}
    site.fake.always[SEND] = code(40001)
    forced = []
    for _ in range(30):
        with pytest.raises(TryAgain):
            await client.post(SEND, TEXT)
        forced += [site.clock.now()] * (len([r for r in site.fake.to(TOKEN) if r.body["force_refresh"]]) - len(forced))
        site.clock.advance(seconds=7)
    assert len(forced) >= 2
    assert all(later - earlier > timedelta(seconds=30) for earlier, later in pairwise(forced))


@pytest.mark.parametrize("processes", [1, 4])
async def test_a_storm_of_a_thousand_refused_sends_fetches_twice_a_minute(site: Site, processes: int) -> None:
    """T-11. The secret is right for tokens and wrong for sending: WeChat refuses every token for ever."""
    clients = [site.client() for _ in range(processes)]
    site.fake.always[SEND] = code(40001)
    moments: list[datetime] = []
    site.fake.always[TOKEN] = lambda asked: (
        moments.append(site.clock.now()) or {"access_token": f"T{len(moments)}", "expires_in": 7200}
    )
    for _ in range(10):
        results = await asyncio.gather(
            *(clients[i % processes].post(SEND, TEXT) for i in range(100)), return_exceptions=True
        )
        assert {type(result) for result in results} == {TryAgain}
        site.clock.advance(seconds=20)
    for start in moments:
        assert sum(start <= moment < start + timedelta(seconds=60) for moment in moments) <= 2
    assert len(site.fake.to(SEND)) <= 2 * 1000
    assert len(moments) <= 8


async def test_a_thousand_at_once_too(site: Site) -> None:
    client = site.client()
    site.fake.always[SEND] = code(40001)
    results = await asyncio.gather(*(client.post(SEND, TEXT) for _ in range(1000)), return_exceptions=True)
    assert {type(result) for result in results} == {TryAgain}
    assert len(site.fake.to(TOKEN)) <= 2


# ---- stopping


async def test_a_spent_day_stops_this_interface_until_midnight_in_beijing(site: Site) -> None:
    client = site.client()
    site.fake.prepare(SEND, code(45009))
    for _ in range(5):
        with pytest.raises(Paused):
            await client.post(SEND, TEXT)
    assert len(site.fake.to(SEND)) == 1
    assert site.alarms == ["day_quota"]
    await client.post("/cgi-bin/message/custom/typing", {"touser": "oUser_A", "command": "Typing"})
    site.clock.advance(seconds=until_midnight(site.clock.now()) + 1)
    await client.post(SEND, TEXT)


async def test_what_only_a_person_can_mend_alarms_once_and_stops_for_a_while(site: Site) -> None:
    client = site.client()
    site.fake.prepare(SEND, code(40164))
    for _ in range(5):
        with pytest.raises(Misconfigured) as raised:
            await client.post(SEND, TEXT)
    assert 0 < raised.value.after <= 300
    assert (len(site.fake.to(SEND)), site.alarms) == (1, ["address_not_allowed"])
    site.clock.advance(seconds=301)
    await client.post(SEND, TEXT)


@pytest.mark.parametrize(
    ("number", "name"), [(40013, "appid_invalid"), (40125, "secret_invalid"), (40001, "secret_invalid")]
)
async def test_a_wrong_secret_alarms_and_stops(site: Site, number: int, name: str) -> None:
    client = site.client()
    site.fake.always[TOKEN] = code(number)
    for _ in range(5):
        with pytest.raises(Misconfigured, match=rf"^{name}"):
            await client.post(SEND, TEXT)
        site.clock.advance(seconds=1)
    assert len(site.fake.to(TOKEN)) == 1
    assert site.fake.to(SEND) == []
    assert site.alarms == [name]


def test_midnight_is_beijings() -> None:
    assert until_midnight(datetime(2026, 7, 1, 15, 59, tzinfo=UTC)) == 60
    assert until_midnight(datetime(2026, 7, 1, 16, 0, tzinfo=UTC)) == 24 * 3600


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
    monkeypatch.setattr(client_module, "READ_SECONDS", 0.1)
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
