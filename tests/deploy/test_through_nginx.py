"""The shipped proxy files, by nginx itself: it takes them, and what they let through arrives as it was sent."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.connectors.phones import free_port
from tests.deploy.front import ways_in, ways_kept_inside
from tests.deploy.nginx import complaints, configured, running


@asynccontextmanager
async def proxied(folder: Path, name: str, port: str) -> AsyncIterator[aiohttp.ClientSession]:
    """A client of nginx with the shipped file, in front of a server that says what reached it."""

    async def say(request: web.Request) -> web.Response:
        told = {name: request.headers.get(name, "") for name in ("Host", "X-Forwarded-For", "Upgrade")}
        return web.json_response({"path": request.path_qs, "body": len(await request.read()), **told})

    app = web.Application(client_max_size=32 * 2**20)
    app.router.add_route("*", "/{path:.*}", say)
    server, front = TestServer(app), free_port()
    await server.start_server()
    try:
        made = configured(folder, name, {"443": front, port: server.port or 0})
        assert await complaints(made) == ""
        async with running(made, front):
            connector = aiohttp.TCPConnector(ssl=False)
            async with aiohttp.ClientSession(f"https://127.0.0.1:{front}", connector=connector) as client:
                yield client
    finally:
        await server.close()


async def test_every_way_in_passes_and_nothing_else(tmp_path: Path) -> None:
    async with proxied(tmp_path, "nginx.conf", "8080") as client:
        for path in ways_in():
            async with client.post(path, params={"signature": "abc"}, data=b"x" * 100) as answer:
                assert (answer.status, (await answer.json())["path"]) == (200, f"{path}?signature=abc")
        for path in ways_kept_inside():
            async with client.get(path) as answer:
                assert (path, answer.status) == (path, 404)
    kept = (tmp_path / "jiuzhutong.log").read_text()
    assert " POST /wechat 200 " in kept
    assert "signature" not in kept
    assert "/weibo/" not in kept


@pytest.mark.parametrize(("path", "most"), [("/wechat", 64), ("/app/api/v1/pictures", 11 * 1024)])
async def test_what_is_too_large_ends_at_the_door(tmp_path: Path, path: str, most: int) -> None:
    async with proxied(tmp_path, "nginx.conf", "8080") as client:
        for more, status in ((-1, 200), (1, 413)):
            async with client.post(path, data=io.BytesIO(b"x" * 1024 * (most + more))) as answer:
                assert answer.status == status


async def test_who_asks_too_often_is_told_to_wait(tmp_path: Path) -> None:
    """One address: twenty a second, and sixty more in a burst; forty lines at the same moment."""
    few = asyncio.Semaphore(20)
    async with proxied(tmp_path, "nginx.conf", "8080") as client:

        async def ask() -> int:
            async with few, client.get("/app/api/v1/office") as answer:
                return answer.status

        statuses = await asyncio.gather(*(ask() for _ in range(300)))
    assert set(statuses) == {200, 503}
    assert statuses.count(200) >= 60


async def test_the_console_is_for_the_office_s_network(tmp_path: Path) -> None:
    async with proxied(tmp_path, "nginx-console.conf", "8082") as client:
        for path in ("/", "/sign-in", "/cases"):
            async with client.get(path, headers={"X-Forwarded-For": "10.9.9.9"}) as answer:
                assert answer.status == 403, "this machine is in another one, whatever it says"
