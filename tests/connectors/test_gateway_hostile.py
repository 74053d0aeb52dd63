"""Strangers, broken bytes, floods and slow lines: a constant refusal, nothing stored, and nobody else notices."""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
import logging
import time
import zlib
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

import aiohttp
import pytest

from bot.desk.intake import PER_MINUTE
from bot.messages import Author, State
from connectors.sandbox import pushes
from connectors.sandbox.courier import Sealed
from connectors.sandbox.pushes import push
from tests.canary import IDENTITY, NAME
from tests.connectors.door_to_door import Site

REFUSAL = b"forbidden"

one_database = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""For what is refused before any database is asked."""


async def answer(site: Site, query: Any, body: Any, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    async with site.http.post(site.url, params=query, data=body, headers=headers) as response:
        return response.status, await response.read(), dict(response.headers)


def sealed(site: Site, text: str = "低保怎么申请") -> Sealed:
    now = int(site.desk.clock.now().timestamp())
    return site.wechat.sealed(push(pushes.text(text), site.settings.account, "oStranger", now, "42"))


def flipped(text: str) -> str:
    return ("0" if text[0] != "0" else "1") + text[1:]


Bend = Callable[[Sealed], tuple[Any, Any]]

BENDS: dict[str, Bend] = {
    "no query at all": lambda s: ({}, s.body),
    "a wrong signature": lambda s: ({**s.query, "msg_signature": flipped(s.query["msg_signature"])}, s.body),
    "an upper-case signature": lambda s: ({**s.query, "msg_signature": s.query["msg_signature"].upper()}, s.body),
    "an over-long signature": lambda s: ({**s.query, "msg_signature": s.query["msg_signature"] * 30}, s.body),
    "a signature twice": lambda s: ([*s.query.items(), ("msg_signature", s.query["msg_signature"])], s.body),
    "a signature as a list": lambda s: (
        {**{k: v for k, v in s.query.items() if k != "msg_signature"}, "msg_signature[]": s.query["msg_signature"]},
        s.body,
    ),
    "an old timestamp": lambda s: ({**s.query, "timestamp": str(int(s.query["timestamp"]) - 301)}, s.body),
    "a timestamp in words": lambda s: ({**s.query, "timestamp": "1e9"}, s.body),
    "a plain body": lambda s: (
        {k: v for k, v in s.query.items() if k not in ("msg_signature", "encrypt_type")},
        b"<xml><ToUserName>a</ToUserName></xml>",
    ),
    "no body": lambda s: (s.query, b""),
    "no XML": lambda s: (s.query, b"\x00\xff\xfe<<<<"),
    "an empty element": lambda s: (s.query, b"<xml/>"),
    "an unknown root": lambda s: (s.query, b"<a/>"),
    "half a body": lambda s: (s.query, s.body[: len(s.body) // 2]),
    "an entity": lambda s: (
        s.query,
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><xml><Encrypt>&e;</Encrypt></xml>',
    ),
    "laughs": lambda s: (
        s.query,
        b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><xml><Encrypt>&b;</Encrypt></xml>',
    ),
    "two sealed texts": lambda s: (s.query, s.body.replace(b"</xml>", b"<Encrypt>AAAA</Encrypt></xml>")),
    "no base64": lambda s: (s.query, b"<xml><Encrypt>***</Encrypt></xml>"),
    "another length": lambda s: (s.query, b"<xml><Encrypt>" + base64.b64encode(b"x" * 31) + b"</Encrypt></xml>"),
    "a deep tree": lambda s: (s.query, b"<a>" * 9000 + b"</a>" * 9000),
    "many siblings": lambda s: (s.query, b"<xml>" + b"<a/>" * 15000 + b"</xml>"),
    "JSON with a list inside": lambda s: (s.query, json.dumps([1, 2, 3]).encode()),
}


@one_database
async def test_whoever_cannot_prove_themselves_learns_nothing(site: Site) -> None:
    """A-01, A-02, A-12 to A-14, A-16 over HTTP: one status, one body, no row, no error of ours."""
    before = await site.counts()
    seen: set[tuple[int, bytes, str]] = set()
    for name, bend in BENDS.items():
        query, body = bend(sealed(site))
        status, said, headers = await answer(site, query, body)
        assert (status, said) == (403, REFUSAL), name
        seen.add((status, said, headers["Content-Type"]))
        assert headers["X-Content-Type-Options"] == "nosniff", name
        assert headers["Cache-Control"] == "no-store", name
    assert len(seen) == 1
    assert await site.counts() == before


@one_database
async def test_a_wrong_key_and_a_wrong_padding_look_alike(site: Site) -> None:
    """A-16: no oracle. The signature is right, only what is sealed is wrong."""
    from connectors.proving import signature_of

    now = int(site.desk.clock.now().timestamp())
    said = set()
    for blob in (b"\x00" * 64, b"\xff" * 96, base64.b64decode(_encrypted(sealed(site)))[:-32]):
        text = base64.b64encode(blob).decode()
        query = {"timestamp": str(now), "nonce": "n1", "encrypt_type": "aes"}
        query["signature"] = signature_of(site.settings.token, str(now), "n1")
        query["msg_signature"] = signature_of(site.settings.token, str(now), "n1", text)
        said.add((await answer(site, query, f"<xml><Encrypt>{text}</Encrypt></xml>".encode()))[:2])
    assert said == {(403, REFUSAL)}
    assert sum((await site.counts()).values()) == 0


def _encrypted(one: Sealed) -> str:
    return one.body.decode().split("<Encrypt>")[1].split("</Encrypt>")[0].removeprefix("<![CDATA[").removesuffix("]]>")


@one_database
async def test_a_captured_push_is_worthless_after_five_minutes(site: Site) -> None:
    """A-03"""
    old = int(site.desk.clock.now().timestamp()) - 600
    made = push(pushes.text("旧的"), site.settings.account, "oStranger", old, "43")
    captured = site.wechat.sealed(made, timestamp=str(old))
    assert (await answer(site, captured.query, captured.body))[:2] == (403, REFUSAL)


async def test_a_signature_with_another_body_is_an_attack(site: Site) -> None:
    who = site.resident()
    act = site.wechat.act(who, pushes.text("第一"))
    first = site.wechat.sealed(act, nonce="same")
    assert (await answer(site, first.query, first.body))[0] == 200
    assert (await answer(site, first.query, first.body))[0] == 200, "the same body is a redelivery"
    other = site.wechat.sealed(site.wechat.act(who, pushes.text("第二")), nonce="same")
    assert (await answer(site, first.query, other.body))[:2] == (403, REFUSAL)
    assert len(await site.inbound(who)) == 1


@one_database
async def test_an_unknown_kind_from_wechat_itself_is_met_politely(site: Site) -> None:
    """A-14: authenticated, but of a kind nobody told us about."""
    who = site.resident()
    delivered = await site.wechat.do(who, pushes.other({"MsgType": "hologram", "MediaId": "m1"}))
    assert delivered.bubble is not None
    assert "看不了" in delivered.bubble.text


@one_database
@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "x-unknown"])
async def test_compressed_bodies_are_refused_unread(site: Site, coding: str) -> None:
    """A-15: 60 MB of zeros in 60 KB."""
    bomb = {"gzip": gzip.compress, "deflate": zlib.compress}.get(coding, lambda raw: raw[:1000])(bytes(60_000_000))
    status, _, _ = await answer(site, sealed(site).query, bomb, **{"Content-Encoding": coding})
    assert status == 415
    assert sum((await site.counts()).values()) == 0


@one_database
@pytest.mark.parametrize("size", [64 * 1024 + 1, 1024 * 1024])
@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_that_is_too_large_is_refused_before_it_is_read(site: Site, size: int, chunked: bool) -> None:
    """A-11"""

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(0, size, 16384):
            yield b"x" * 16384

    body = pieces() if chunked else b"x" * size
    try:
        status, _, _ = await answer(site, sealed(site).query, body)
    except aiohttp.ClientError:
        return  # refused while we were still sending: the line is closed on us
    assert status == 413


@one_database
async def test_a_line_that_drips_is_ended_and_nobody_else_waits(site: Site) -> None:
    """A-11: ten connections of a byte a moment, and a resident beside them."""
    at = urlsplit(site.url)
    one = sealed(site)
    head = (
        f"POST {at.path}?{urlencode(one.query)} HTTP/1.1\r\nHost: {at.netloc}\r\n"
        f"Content-Type: text/xml\r\nContent-Length: 4000\r\n\r\n"
    )

    async def drip() -> bytes:
        reader, writer = await asyncio.open_connection(at.hostname, at.port)
        try:
            writer.write(head.encode())
            for byte in one.body[:100]:
                writer.write(bytes([byte]))
                await writer.drain()
                if reader.at_eof() or await _something(reader):
                    break
                await asyncio.sleep(0.05)
            return bytes(reader._buffer)  # type: ignore[attr-defined]
        except ConnectionError:
            return b"HTTP/1.1 408"
        finally:
            writer.close()

    dripping = [asyncio.create_task(drip()) for _ in range(10)]
    await asyncio.sleep(0.1)
    who = site.resident()
    began = time.monotonic()
    assert (await site.wechat.say(who, "低保怎么申请")).bubble
    assert time.monotonic() - began < 1.0
    for said in await asyncio.gather(*dripping):
        assert said.startswith(b"HTTP/1.1 408")


async def _something(reader: asyncio.StreamReader) -> bool:
    return bool(reader._buffer)  # type: ignore[attr-defined]


@one_database
async def test_other_methods_and_paths_say_little(site: Site) -> None:
    for method, path, status in (("PUT", "/wechat", 405), ("HEAD", "/wechat", 405), ("GET", "/", 404)):
        async with site.http.request(method, site.door.url + path) as response:
            assert response.status == status


@one_database
@pytest.mark.parametrize("echo", ["5837397576500011341", "<script>alert(1)</script>"])
async def test_the_address_check_echoes_only_what_is_signed(site: Site, echo: str) -> None:
    """A-17"""
    from connectors.proving import signature_of

    now = str(int(site.desk.clock.now().timestamp()))
    query = {"timestamp": now, "nonce": "n", "echostr": echo, "signature": signature_of(site.settings.token, now, "n")}
    async with site.http.get(site.url, params=query) as response:
        assert (response.status, await response.text()) == (200, echo)
        assert response.content_type == "text/plain"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
    async with site.http.get(site.url, params={**query, "signature": "0" * 40}) as response:
        assert (response.status, await response.read()) == (403, REFUSAL)
    assert await site.wechat.check_url()


async def test_a_flood_from_one_person_is_kept_and_told_so_once(site: Site) -> None:
    """A-38: 200 messages; at most twenty a minute are worked on, all are kept, the neighbour is answered."""
    flooder, neighbour = site.resident(), site.resident()
    acts = [site.wechat.act(flooder, pushes.text(f"第{n}条")) for n in range(200)]
    lines = asyncio.Semaphore(8)

    async def send(act: pushes.Push) -> None:
        async with lines:
            assert (await site.post(act)).status == 200

    flood = asyncio.gather(*(send(act) for act in acts))
    await asyncio.sleep(0.3)
    began = time.monotonic()
    assert (await site.wechat.say(neighbour, "低保怎么申请")).bubble
    assert time.monotonic() - began < 1.5
    await flood
    await site.until_rows(flooder, State.SENT, State.QUEUED, State.SENDING, State.HELD)
    rows = await site.rows(flooder)
    assert sum(row.author is Author.RESIDENT for row in rows) == 200
    assert sum(turn.text.startswith("第") for turn in site.engine.asked) == PER_MINUTE
    assert sum(row.about.get("reason") == "too_many" for row in rows if row.author is Author.SYSTEM) == 1


@one_database
async def test_what_residents_write_is_in_no_log(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """A-53: a canary goes through every way, good and bad; the service's own log lines never hold it."""
    from tests.fakes.engine import Mood

    canary, number = NAME, IDENTITY
    caplog.set_level(logging.DEBUG, "bot")
    caplog.set_level(logging.DEBUG, "connectors")
    caplog.set_level(logging.DEBUG, "aiohttp")
    who = site.resident()
    await site.wechat.say(who, f"{canary}，低保怎么申请")
    await site.wechat.say(who, f"{canary}不想活了")
    await site.wechat.say(who, f"{canary}{number}")
    who = site.resident()  # the first one waits for a person now
    for mood in (Mood.BROKEN, Mood.GARBLED, Mood.SILENT, Mood.CUT):
        site.engine.mood = mood
        await site.wechat.say(who, f"{canary}又来问")
    site.engine.mood = Mood.WELL
    site.engine.says = lambda turn: (_ for _ in ()).throw(ValueError(turn.text))  # type: ignore[assignment,return-value]
    await site.wechat.say(who, canary)
    one = sealed(site, canary)
    await answer(site, {**one.query, "msg_signature": flipped(one.query["msg_signature"])}, one.body)
    await asyncio.sleep(0.3)
    ours = [r for r in caplog.records if r.name.startswith(("bot", "connectors"))]
    assert ours, "something was logged"
    told = "\n".join(f"{record.getMessage()} {record.exc_info}" for record in ours)
    assert canary not in told
    assert number not in told
    assert who not in told
