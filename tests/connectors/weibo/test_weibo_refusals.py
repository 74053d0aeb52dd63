"""What Weibo refuses: its codes, its windows, its token's last day, and settings that cannot work."""

from __future__ import annotations

import logging
from datetime import date
from typing import Any

import pytest
from aiohttp import web
from prometheus_client import generate_latest

from bot.clock import FixedClock
from bot.errors import BadInput, Misconfigured, Paused, QuotaSpent, TryAgain, Undeliverable
from connectors.verdicts import Action
from connectors.weibo.channel import Weibo
from connectors.weibo.errors import TABLE, verdict_of
from tests.connectors.wechat.test_wechat_reply import row
from tests.connectors.weibo.pushes import FAN, NOW, UID, push, query, settings, weibo
from tests.connectors.weibo.sending import TALK
from tests.connectors.weibo.sending import channel as channel
from tests.connectors.weibo.sending import fake as fake
from tests.fakes.weibo import FakeWeibo

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
