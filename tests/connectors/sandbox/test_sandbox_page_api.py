"""What the page asks its server for, and who is turned away."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.messages import Choice, Reply
from connectors.sandbox.page import _STATIC
from tests.connectors.sandbox.account import Account
from tests.connectors.sandbox.test_sandbox_delivery import who


@pytest.fixture
async def browser(account: Account) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(base_url=account.base) as session:
        yield session


async def test_the_page_is_small_strict_and_needs_nobody_else(browser: aiohttp.ClientSession) -> None:
    assert sum(path.stat().st_size for path in _STATIC.iterdir()) <= 100_000
    async with browser.get("/sandbox") as response:
        assert response.url.path == "/sandbox/"
        page = await response.text()
        policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "http://" not in page
    assert "https://" not in page
    assert " style=" not in page
    assert "onclick" not in page
    for path in _STATIC.iterdir():
        async with browser.get(f"/sandbox/static/{path.name}") as response:
            assert response.status == 200
            assert response.headers["X-Content-Type-Options"] == "nosniff"
    async with browser.get("/sandbox/static/..%2fapp.py") as response:
        assert response.status == 404


async def test_a_resident_writes_taps_and_sends_a_picture(account: Account, browser: aiohttp.ClientSession) -> None:
    me, platform = who(account), account.platform
    account.queue.append([Reply("想问哪一项？", (Choice("低保"), Choice("临时救助")))])
    person = f"/sandbox/api/residents/{me}"
    async with browser.post(f"{person}/acts", json={"kind": "text", "text": "救助"}) as response:
        assert response.status == 202
    await platform.wait(me, 1)
    async with browser.post(f"{person}/acts", json={"kind": "tap", "option": "低保"}) as response:
        assert response.status == 202
    await platform.wait(me, 2)
    async with browser.post(f"{person}/picture", data=b"\x89PNG\r\n\x1a\n1") as response:
        assert response.status == 202
    await platform.wait(me, 3)
    async with browser.get(person) as response:
        seen = await response.json()
    assert [m["who"] for m in seen["messages"]] == ["resident", "account"] * 3
    async with browser.get(f"/sandbox/api/media/{seen['messages'][4]['media']}") as response:
        assert await response.read() == b"\x89PNG\r\n\x1a\n1"
    assert [e["what"] for e in seen["travelled"]] == ["push", "answer"] * 3


@pytest.mark.parametrize(
    "act",
    [
        {"kind": "voice"},
        {"kind": "location", "label": "武汉市"},
        {"kind": "link", "title": "政策", "url": "https://example.org"},
        {"kind": "menu", "key": "faq"},
        {"kind": "scan", "scene": "street_1"},
        {"kind": "follow"},
        {"kind": "unfollow"},
    ],
)
async def test_every_kind_of_the_menu_goes_out(
    account: Account, browser: aiohttp.ClientSession, act: dict[str, str]
) -> None:
    async with browser.post(f"/sandbox/api/residents/{who(account)}/acts", json=act) as response:
        assert response.status == 202
    await account.platform.idle()
    assert len(account.inbox) == 1


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"[]", "known kind"),
        (b"{", "known kind"),
        (b'{"kind":"poem"}', "known kind"),
        (b'{"kind":"text"}', "known kind"),
        (b'{"kind":"text","text":" "}', "1 to 20000 characters"),
        (b'{"kind":"tap","option":"none"}', "can be tapped"),
    ],
)
async def test_what_makes_no_sense_is_refused_in_words(
    account: Account, browser: aiohttp.ClientSession, body: bytes, words: str
) -> None:
    async with browser.post(f"/sandbox/api/residents/{who(account)}/acts", data=body) as response:
        assert response.status == 400
        assert words in await response.text()


async def test_too_much_and_the_wrong_thing_are_refused(account: Account, browser: aiohttp.ClientSession) -> None:
    person = f"/sandbox/api/residents/{who(account)}"
    async with browser.post(f"{person}/picture", data=b"hello") as response:
        assert response.status == 400
    async with browser.post(f"{person}/picture", data=io.BytesIO(bytes(2 * 2**20 + 1))) as response:
        assert response.status == 413
    async with browser.get("/sandbox/api/residents/oNobody") as response:
        assert response.status == 404


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "http://evil.example"}])
async def test_other_sites_are_turned_away(browser: aiohttp.ClientSession, headers: dict[str, str]) -> None:
    for path in ("/sandbox/api/state", "/wx/cgi-bin/token"):
        async with browser.get(path, headers=headers) as response:
            assert response.status == 403


async def test_what_happens_is_told_as_it_happens(account: Account, browser: aiohttp.ClientSession) -> None:
    me = who(account)
    async with browser.get("/sandbox/api/live") as response:
        await response.content.readuntil(b"\n\n")
        await account.platform.say(me, "你好")
        happenings = [json.loads((await response.content.readuntil(b"\n\n")).removeprefix(b"data: ")) for _ in range(5)]
        assert [h["kind"] for h in happenings] == ["budget", "shown", "travelled", "travelled", "shown"]
        assert happenings[-1]["data"]["text"] == "收到：你好"
        account.platform.travel.end()
        assert await response.content.read() == b""
