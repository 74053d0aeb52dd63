"""No fault of WeChat's becomes a storm of ours: tokens are fetched once, what is refused for long is left alone (T-11)."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from bot.errors import Misconfigured, Paused, TryAgain
from connectors.verdicts import until_midnight
from tests.connectors.wechat.answers import TEXT, code
from tests.connectors.wechat.conftest import Site
from tests.databases import sqlite_first
from tests.fakes.wechat import SEND, TOKEN, Request


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


@sqlite_first
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


@sqlite_first
async def test_a_thousand_at_once_too(site: Site) -> None:
    client = site.client()
    site.fake.always[SEND] = code(40001)
    results = await asyncio.gather(*(client.post(SEND, TEXT) for _ in range(1000)), return_exceptions=True)
    assert {type(result) for result in results} == {TryAgain}
    assert len(site.fake.to(TOKEN)) <= 2


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
