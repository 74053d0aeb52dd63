"""Weibo's API as a server on loopback: what it was asked, and the answers prepared for it."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

OK = {"result": True, "receiver_id": 1, "sender_id": 2, "type": "text", "data": "x"}
Prepared = dict[str, Any] | web.Response


@dataclass
class FakeWeibo:
    forms: list[dict[str, str]] = field(default_factory=list)
    """What messages/reply was asked, decoded once, as a server does."""
    raw: list[bytes] = field(default_factory=list)
    asked: list[dict[str, str]] = field(default_factory=list)
    queue: deque[Prepared] = field(default_factory=deque)
    base: str = ""

    @property
    def texts(self) -> list[str]:
        return [json.loads(form["data"])["text"] for form in self.forms]

    async def _reply(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        self.raw.append(raw)
        self.forms.append(dict(parse_qsl(raw.decode(), strict_parsing=True)))
        return self._next(OK)

    async def _media(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(dict(request.query))
        return self._next(web.Response(body=b"\xff\xd8picture", content_type="image/jpeg"))

    def _next(self, usual: Prepared) -> web.Response:
        answer = self.queue.popleft() if self.queue else usual
        return answer if isinstance(answer, web.Response) else web.json_response(answer)


@asynccontextmanager
async def fake_weibo() -> AsyncIterator[FakeWeibo]:
    fake = FakeWeibo()
    app = web.Application(client_max_size=2**20)
    app.router.add_post("/2/messages/reply.json", fake._reply)
    app.router.add_get("/2/mss/msget", fake._media)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    fake.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield fake
    finally:
        await runner.cleanup()
