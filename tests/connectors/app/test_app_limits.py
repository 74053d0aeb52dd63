"""Too much, too large, too slow, from elsewhere: each has one answer, and everybody else goes on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest

from bot.desk.ports import Store
from connectors.app import bodies
from connectors.app.guarding import HEADERS
from connectors.app.limits import Limits
from tests.canary import CANARIES, IDENTITY, NAME
from tests.connectors.app.town import Client, Town, a_town, assertion
from tests.databases import sqlite_first
from tests.house.house import text as file_text

SITE = "https://mzj.example"
PAYLOADS = [line for line in file_text("tests/samples/xss.txt").splitlines() if line.strip()]


def test_a_bucket_fills_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("connectors.app.limits.time.monotonic", lambda: now[0])
    limits = Limits()
    assert [limits.wait("one", 3) for _ in range(4)] == [0, 0, 0, 20]
    assert limits.wait("other", 3) == 0
    now[0] += 20
    assert limits.wait("one", 3) == 0
    assert limits.wait("one", 3) > 0
    for n in range(60_000):
        limits.wait(f"flood {n}", 3)
    assert len(limits._buckets) == 50_000


@sqlite_first
async def test_whoever_is_too_fast_waits_and_nobody_else_does(town: Town, anyone: Client) -> None:
    told = await asyncio.gather(*(anyone.post("/messages", {"type": "text", "text": f"第{n}句"}) for n in range(32)))
    refused = [body for status, body in told if status == 429]
    assert len(refused) in (1, 2)
    assert refused[0] == {"code": "too_many", "message": "发得太快了。请等一会儿再发。"}
    await (await town.resident()).say("别人不等")


@sqlite_first
async def test_an_address_has_its_share_whatever_a_header_says(store: Store, quick: None) -> None:
    async with a_town(store, per_address=40) as town:
        seen = []
        for n in range(5):
            headers = {"X-Forwarded-For": f"10.0.0.{n}", "Forwarded": f"for=10.0.0.{n}", "X-Real-IP": f"10.0.0.{n}"}
            seen.append((await town.client().post("/sessions", headers=headers))[0])
        assert seen == [201, 201, 429, 429, 429], "sessions are a twentieth of an address's share"
        statuses = [(await town.client().get("/office"))[0] for _ in range(45)]
        assert statuses.count(429) > 5
    async with a_town(store, per_address=0) as town:
        assert {(await town.client().post("/sessions"))[0] for _ in range(50)} == {201}


WITH_BODIES = ["/sessions", "/messages", "/signatures"]


@sqlite_first
async def test_a_body_is_no_larger_than_it_may_be(anyone: Client) -> None:
    for path in WITH_BODIES:
        status, told = await anyone.post(path, {"type": "text", "text": "长" * 100_000})
        assert (status, told["code"]) == (413, "too_large")


@sqlite_first
async def test_a_body_that_trickles_is_ended(anyone: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies.read, "__defaults__", (bodies.SMALL_BYTES, 0.2))
    headers = {"Idempotency-Key": "slow-body", "Content-Type": "application/json"}
    status, told = await anyone.call("POST", "/messages", data=trickle(), headers=headers)
    assert (status, told["code"]) == (408, "too_slow")


async def trickle() -> AsyncIterator[bytes]:
    for _ in range(10):
        yield b" "
        await asyncio.sleep(0.1)


@sqlite_first
async def test_a_compressed_body_is_not_opened(anyone: Client) -> None:
    headers = {"Idempotency-Key": "packed-body", "Content-Type": "application/json", "Content-Encoding": "gzip"}
    status, told = await anyone.call("POST", "/messages", data=b"\x1f\x8b", headers=headers)
    assert (status, told["code"]) == (415, "wrong_type")


NO_MESSAGES = [
    b"",
    b"{",
    b"[]",
    b"null",
    b'"text"',
    b'{"type": "text"}',
    b'{"type": "text", "text": ""}',
    b'{"type": "text", "text": 5}',
    b'{"type": "text", "text": "x", "sender": "u:1"}',
    b'{"type": "video", "text": "x"}',
    b'{"type": "text", "text": NaN}',
    b"\xff\xfe",
    b"[" * 60_000,
    b'{"type": ["text"], "text": "x"}',
    b'{"type": "choice", "choice": "1-1\\n"}',
]


@sqlite_first
async def test_what_is_no_message_is_refused(anyone: Client) -> None:
    for body in NO_MESSAGES:
        headers = {"Idempotency-Key": "some-key-1", "Content-Type": "application/json"}
        status, told = await anyone.call("POST", "/messages", data=body, headers=headers)
        assert (status, told["code"]) == (400, "bad_request")
        assert await anyone.read() == []


NO_KEYS = ["", "short", "x" * 129, "with space here", "schlüssel-eins", "a/b/c/d/e/f"]


@sqlite_first
async def test_a_key_is_a_key(anyone: Client) -> None:
    for key in NO_KEYS:
        body = {"type": "text", "text": "您好"}
        headers = {"Idempotency-Key": key}
        assert (await anyone.call("POST", "/messages", json=body, headers=headers))[0] == 400


@sqlite_first
@pytest.mark.parametrize("text", ["\ud83d", "\udc00x", "a\x00b", "\u202e反", "👨‍👩‍👧‍👦" * 50, " ", "\n\n"])
async def test_odd_characters_harm_nobody(town: Town, anyone: Client, text: str) -> None:
    assert (await anyone.post("/messages", {"type": "text", "text": text}))[0] == 202
    await anyone.say("您好")
    async with asyncio.timeout(10):
        while not any(one["text"] == "答：您好" for one in await anyone.read()):
            await asyncio.sleep(0.05)


OTHER_WAYS = [
    ("DELETE", "/messages", 405),
    ("PUT", "/sessions", 405),
    ("HEAD", "/office", 405),
    ("GET", "/sessions", 405),
    ("POST", "/cases/x", 405),
    ("GET", "/nothing", 404),
    ("GET", "/cases/x/y", 404),
    ("GET", "/", 404),
    ("GET", "/app/webhooks/rest/webhook", 405),
    ("POST", "/app/webhooks/desk/webhook", 404),
]


@sqlite_first
async def test_another_way_in_has_one_answer(anyone: Client) -> None:
    for method, path, status in OTHER_WAYS:
        told, body = await anyone.call(method, path)
        assert told == status
        assert method == "HEAD" or body["code"] in ("not_allowed", "not_found")


WRONG_QUERIES = ["limit=0", "limit=201", "limit=x", "after=1&after=2", "other=1", "after="]


@sqlite_first
async def test_a_query_is_as_described(anyone: Client) -> None:
    for query in WRONG_QUERIES:
        assert (await anyone.get(f"/messages?{query}"))[0] == 400


@sqlite_first
async def test_every_answer_carries_its_headers(town: Town, anyone: Client) -> None:
    for path in ("/office", "/messages", "/nothing", "/cases"):
        await anyone.get(path)
        assert {name: anyone.headers[name] for name in HEADERS} == HEADERS, path
    await town.client(token="x").get("/messages")
    async with anyone.stream() as events:
        assert {name: events._response.headers[name] for name in HEADERS} == HEADERS


@sqlite_first
async def test_only_a_site_that_was_named_may_call_from_a_browser(store: Store, quick: None) -> None:
    async with a_town(store, origins=(SITE,)) as town:
        who = await town.resident()
        asked = {"Access-Control-Request-Method": "POST"}
        assert (await who.call("OPTIONS", "/messages", headers={"Origin": SITE, **asked}))[0] == 204
        assert who.headers["Access-Control-Allow-Origin"] == SITE
        assert "Idempotency-Key" in who.headers["Access-Control-Allow-Headers"]
        assert "Access-Control-Allow-Credentials" not in who.headers
        for origin in ("https://evil.example", "null", f"{SITE}.evil.example", SITE.upper()):
            assert (await who.call("OPTIONS", "/messages", headers={"Origin": origin, **asked}))[0] == 405
            assert "Access-Control-Allow-Origin" not in who.headers
            await who.get("/messages", headers={"Origin": origin})
            assert "Access-Control-Allow-Origin" not in who.headers


@sqlite_first
async def test_hostile_words_stay_words(town: Town, anyone: Client) -> None:
    some = PAYLOADS[::7][:20]
    assert len(some) >= 3
    for payload in some:
        await anyone.say(payload)
    await anyone.until(len(some))
    assert [one["text"] for one in await anyone.read() if one["author"] == "resident"] == some
    assert [one["text"] for one in await anyone.read() if one["author"] == "bot"] == [f"答：{one}" for one in some]


async def test_nothing_personal_is_logged(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    who = await town.client().open(assertion(sub="resident-canary-9"))
    await who.say(f"我叫{NAME}，{IDENTITY}")
    await who.until(1)
    await who.post("/messages", {"type": "text", "text": NAME, "wrong": NAME})
    async with who.stream(params={"after": "0"}) as events:
        await events.next("message")
    told = "\n".join(
        f"{one.name} {one.getMessage()}" for one in caplog.records if not one.name.startswith(("aiosqlite", "asyncio"))
    )
    for secret in (*CANARIES, "resident-canary-9", who.token):
        assert secret not in told


@sqlite_first
async def test_the_office_says_what_a_page_shows(town: Town) -> None:
    status, told = await town.client().get("/office")
    assert status == 200
    assert told["phone"]
    assert told["name"]
    assert isinstance(told["staffed"], bool)
    assert (await town.client().get("/office", params={"region": "420111"}))[1]["place"] == "湖北省武汉市洪山区"
    for wrong in ("1", "42011x", "٤٢٠١١١", "4" * 13):
        assert (await town.client().get("/office", params={"region": wrong}))[0] == 400
