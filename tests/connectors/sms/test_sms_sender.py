"""A text message is a signed request; each answer of the gateway has its meaning."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date

import pytest

from bot.clock import FixedClock
from bot.desk.cases.signing import OfficeKey
from bot.desk.notices.ports import Letter, Template
from bot.errors import Misconfigured, TryAgain, Undeliverable
from connectors.sms.sender import SmsSender
from tests.fakes.sms import FakeSms, fake_sms

KEY = OfficeKey("jzt", "sm3", bytes(range(32)))
LETTER = Letter("token0001sm", "", "13800008765", Template("SMS_7", {"name": "programme"}), {"name": "临时救助"})


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock.on(date(2026, 11, 26))


@pytest.fixture
async def gateway(clock: FixedClock) -> AsyncIterator[FakeSms]:
    async with fake_sms(KEY, clock.now()) as fake:
        yield fake


@pytest.fixture
async def sender(gateway: FakeSms, clock: FixedClock) -> AsyncIterator[SmsSender]:
    made = SmsSender(gateway.url, KEY, clock)
    yield made
    await made.close()


async def test_a_message_is_signed_and_sent_once_under_its_token(gateway: FakeSms, sender: SmsSender) -> None:
    assert await sender.send(LETTER) == "sms-token0001sm"
    await sender.send(LETTER)
    sent = {"to": "13800008765", "template": "SMS_7", "values": {"name": "临时救助"}}
    assert gateway.sent == {"token0001sm": sent}
    assert gateway.asked == 2


async def test_another_key_is_our_trouble(gateway: FakeSms, clock: FixedClock) -> None:
    wrong = SmsSender(gateway.url, OfficeKey("jzt", "sm3", bytes(32)), clock)
    with pytest.raises(Misconfigured):
        await wrong.send(LETTER)
    await wrong.close()
    assert gateway.sent == {}


@pytest.mark.parametrize(
    ("status", "body", "reason"), [(422, {"reason": "blacklist"}, "blacklist"), (400, {}, "refused_number")]
)
async def test_what_is_refused_is_never_repeated(
    gateway: FakeSms, sender: SmsSender, status: int, body: object, reason: str
) -> None:
    gateway.answers.append((status, body))
    with pytest.raises(Undeliverable) as refused:
        await sender.send(LETTER)
    assert refused.value.reason == reason
    assert "13800008765" not in str(refused.value)


@pytest.mark.parametrize("status", [429, 503, 500, 302, 0])
async def test_a_busy_or_broken_gateway_is_asked_again(gateway: FakeSms, sender: SmsSender, status: int) -> None:
    gateway.answers.append((status, {}))
    with pytest.raises(TryAgain):
        await sender.send(LETTER)


async def test_a_gateway_that_is_away_is_asked_again(clock: FixedClock) -> None:
    away = SmsSender("http://127.0.0.1:9/send", KEY, clock)
    with pytest.raises(TryAgain, match="sms_away"):
        await away.send(LETTER)
    await away.close()


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b"{}"])
async def test_an_answer_without_an_id_is_still_taken(gateway: FakeSms, sender: SmsSender, body: bytes) -> None:
    gateway.answers.append((200, body))
    assert await sender.send(LETTER) == ""
