"""Opening the mini program: a code becomes a session of ours, and nothing of WeChat's reaches the page."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from connectors.gateway import listen
from connectors.wechat.client import LOGIN
from connectors.wechat.login import mount_login
from tests.connectors.wechat.conftest import Site
from tests.connectors.wechat.pushes import APPID
from tests.connectors.wechat.test_wechat_vectors import VECTORS

SESSION_KEY = VECTORS["M2"]["session_key"]
OPENED = {"errcode": 0, "openid": "oUser_M", "session_key": SESSION_KEY, "unionid": "u1"}


@dataclass
class Door:
    url: str
    http: aiohttp.ClientSession
    opened: list[str] = field(default_factory=list)
    shut: bool = False

    async def post(self, body: Any, **how: Any) -> tuple[int, dict[str, Any]]:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        async with self.http.post(f"{self.url}/mini/login", data=data, **how) as response:
            assert response.headers["Cache-Control"] == "no-store"
            text = await response.text()
            assert SESSION_KEY not in text
            assert "oUser_M" not in text
            return response.status, json.loads(text)


@pytest.fixture
async def door(site: Site) -> AsyncIterator[Door]:
    app = web.Application()
    async with aiohttp.ClientSession() as http:
        made = Door("", http)

        def opened(openid: str) -> dict[str, Any]:
            made.opened.append(openid)
            return {"session_id": "s", "token": "t", "expires_in": 60, "rights": ["talk"]}

        mount_login(app, site.client(), APPID, opened, lambda address: not made.shut)
        runner = await listen(app, "127.0.0.1", 0)
        made.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield made
        await runner.cleanup()


async def test_a_code_opens_a_session_for_the_person(site: Site, door: Door) -> None:
    site.fake.prepare(LOGIN, OPENED)
    assert await door.post({"code": "0a1B"}) == (
        201,
        {"session_id": "s", "token": "t", "expires_in": 60, "rights": ["talk"]},
    )
    assert door.opened == ["oUser_M"]
    (asked,) = site.fake.to(LOGIN)
    assert asked.body == {
        "appid": APPID,
        "secret": "s3cret",
        "js_code": "0a1B",
        "grant_type": "authorization_code",
    }


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ({"errcode": 40029, "errmsg": "invalid code"}, 401),
        ({"errcode": 40163, "errmsg": "code been used"}, 401),
        ({"errcode": 40226, "errmsg": "high risk"}, 401),
        ({"errcode": 99999}, 401),
        ({"errcode": 45011}, 503),
        ({"errcode": -1}, 503),
        ({"errcode": 40125}, 503),
        ({"openid": 7}, 503),
        (web.Response(text="<html>"), 503),
        (web.Response(status=502), 503),
    ],
)
async def test_a_code_that_opens_nothing(site: Site, door: Door, answer: Any, status: int) -> None:
    site.fake.prepare(LOGIN, answer)
    assert (await door.post({"code": "x"}))[0] == status
    assert door.opened == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b"\xff",
        b"{" * 5000,
        {"code": ""},
        {"code": 7},
        {"code": "x" * 129},
        {"code": "低保"},
        {"code": "a\nb"},
        {"code": "x", "openid": "oUser_A"},
        {},
        {"code": "x", "raw_data": "y" * 20_000},
    ],
)
async def test_a_body_that_is_none_asks_nothing_of_wechat(site: Site, door: Door, body: Any) -> None:
    assert (await door.post(body))[0] == 400
    assert site.fake.received == []


async def test_too_many_from_one_address(site: Site, door: Door) -> None:
    door.shut = True
    assert (await door.post({"code": "x"}))[0] == 429
    assert site.fake.received == []


def encrypted(data: dict[str, Any]) -> dict[str, str]:
    iv = b"0123456789abcdef"
    padder = PKCS7(128).padder()
    padded = padder.update(json.dumps(data).encode()) + padder.finalize()
    sealer = Cipher(algorithms.AES(base64.b64decode(SESSION_KEY)), modes.CBC(iv)).encryptor()
    text = base64.b64encode(sealer.update(padded) + sealer.finalize()).decode()
    return {"encrypted_data": text, "iv": base64.b64encode(iv).decode()}


@pytest.mark.parametrize(
    ("more", "status"),
    [
        (encrypted({"openId": "oUser_M", "watermark": {"appid": APPID}}), 201),
        (encrypted({"openId": "oUser_B", "watermark": {"appid": APPID}}), 400),
        (encrypted({"openId": "oUser_M", "watermark": {"appid": "wx0000000000000000"}}), 400),
        (encrypted({"openId": "oUser_M"}), 400),
        ({"encrypted_data": "AAAA", "iv": "AAAA"}, 400),
        ({"iv": "AAAA"}, 400),
        ({"raw_data": VECTORS["M2"]["rawData"], "signature": VECTORS["M2"]["signature"]}, 201),
        ({"raw_data": VECTORS["M2"]["rawData"] + " ", "signature": VECTORS["M2"]["signature"]}, 400),
        ({"raw_data": VECTORS["M2"]["rawData"]}, 400),
    ],
)
async def test_what_the_page_says_of_the_person_must_hold(
    site: Site, door: Door, more: dict[str, str], status: int
) -> None:
    site.fake.prepare(LOGIN, OPENED)
    assert (await door.post({"code": "x", **more}))[0] == status
    assert len(door.opened) == (status == 201)


async def test_neither_secret_nor_key_nor_person_is_logged(
    site: Site, door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    site.fake.prepare(LOGIN, OPENED, {"errcode": -1}, {"errcode": 40125})
    for _ in range(3):
        await door.post({"code": "c0de"})
    for word in ("s3cret", SESSION_KEY, "oUser_M", "c0de"):
        assert word not in caplog.text
