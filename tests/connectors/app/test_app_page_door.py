"""The page's own door: what it serves, to whom it may be shown inside another site, and how long it is kept."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from connectors.app.page import Page, mount_page
from tests.browser.resident import a_bare_desk

Client = TestClient[web.Request, web.Application]
SITE = "https://mzj.example.gov.cn"


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[tuple[Client, Page]]:
    async with a_bare_desk(tmp_path) as desk:
        app = web.Application()
        page = mount_page(app, desk, [SITE])
        async with TestClient(TestServer(app)) as client:
            yield client, page


async def test_the_page_runs_nothing_but_its_own_files(served: tuple[Client, Page]) -> None:
    client, _ = served
    answer = await client.get("/app/")
    policy, text = answer.headers["Content-Security-Policy"], await answer.text()
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    assert policy.endswith("frame-ancestors 'none'")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "geolocation=()" in answer.headers["Permissions-Policy"]
    assert "{{" not in text
    assert not re.search(r"<script(?![^>]*src=)|<style| style=| on[a-z]+=|https?://", text.replace(SITE, ""))
    named = set(re.findall(r"static/[0-9a-f]{16}/[\w.]+", text))
    assert named
    for one in named:
        file = await client.get(f"/app/{one}")
        assert file.status == 200
        assert "immutable" in file.headers["Cache-Control"]


async def test_it_is_shown_inside_the_named_sites_only_and_only_as_a_part(served: tuple[Client, Page]) -> None:
    client, _ = served
    inside = await client.get("/app/?embed=1")
    assert inside.headers["Content-Security-Policy"].endswith(f"frame-ancestors {SITE}")
    assert f'data-origins="{SITE}"' in await inside.text()
    other = await client.get("/app/?embed=2")
    assert other.headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")


async def test_without_named_sites_nobody_may_show_it(tmp_path: Path) -> None:
    async with a_bare_desk(tmp_path) as desk:
        app = web.Application()
        mount_page(app, desk)
        async with TestClient(TestServer(app)) as client:
            answer = await client.get("/app/?embed=1")
            assert answer.headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")


async def test_the_worker_names_every_file_and_the_version_of_all(served: tuple[Client, Page]) -> None:
    client, page = served
    text = await (await client.get("/app/sw.js")).text()
    assert page.version in text.partition("\n")[0]
    listed = set(re.findall(rf"static/{page.version}/([\w.]+)", text.partition("\n")[0]))
    there = {path.name for path in (Path(__file__).parents[3] / "connectors/app/static").iterdir()}
    assert listed == there - {"index.html", "sw.js"}


async def test_places_are_those_right_below_and_an_unknown_one_is_nobodys(served: tuple[Client, Page]) -> None:
    client, _ = served
    told = await (await client.get("/app/places?of=420000")).json()
    assert {"code": "420100", "name": "武汉市"} in told["places"]
    for wrong in ("", "999999", "4201001", "../etc/passwd", "420000' or 1=1"):
        assert (await client.get("/app/places", params={"of": wrong})).status == 404


@pytest.mark.parametrize("path", ["/app/static/x/app.js", "/app/static/0123456789abcdef/app.js", "/app/index.html"])
async def test_what_is_not_there_is_not_there(served: tuple[Client, Page], path: str) -> None:
    client, _ = served
    assert (await client.get(path)).status == 404


async def test_whoever_does_not_unpack_gets_it_plain(served: tuple[Client, Page]) -> None:
    client, page = served
    where = f"/app/static/{page.version}/app.css"
    plain = await client.get(where, headers={"Accept-Encoding": "identity"})
    packed = await client.get(where, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert await plain.read() == await packed.read()
    assert packed.headers["Vary"] == "Accept-Encoding"


async def test_the_short_address_leads_to_the_page_with_what_was_asked(served: tuple[Client, Page]) -> None:
    client, _ = served
    answer = await client.get("/app?elder=1", allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (302, "/app/?elder=1")
