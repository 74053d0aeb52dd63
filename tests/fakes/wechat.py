"""WeChat's API as a server on loopback: what it was asked, and the answers prepared for it."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

TOKEN = "/cgi-bin/stable_token"
SEND = "/cgi-bin/message/custom/send"
MEDIA = "/cgi-bin/media/get"


@dataclass(frozen=True, slots=True)
class Request:
    path: str
    token: str
    raw: bytes
    body: Any
    content_type: str


Prepared = dict[str, Any] | web.Response | Callable[[Request], Any]


@dataclass
class FakeWeChat:
    received: list[Request] = field(default_factory=list)
    queue: dict[str, deque[Prepared]] = field(default_factory=lambda: defaultdict(deque))
    always: dict[str, Prepared] = field(default_factory=dict)
    """The answer to a path whose queue is empty; without one, all is well."""
    base: str = ""
    tokens: int = 0
    slow: float = 0.0

    def prepare(self, path: str, *answers: Prepared) -> None:
        self.queue[path].extend(answers)

    def to(self, path: str) -> list[Request]:
        return [request for request in self.received if request.path == path]

    @property
    def sent(self) -> list[Any]:
        return [request.body for request in self.to(SEND)]

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        told = dict(request.query) if not raw or request.content_type.startswith("multipart/") else json.loads(raw)
        asked = Request(
            request.path, request.query.get("access_token", ""), raw, told, request.headers.get("Content-Type", "")
        )
        self.received.append(asked)
        if self.slow:
            await asyncio.sleep(self.slow)
        waiting = self.queue[asked.path]
        answer: Any = waiting.popleft() if waiting else self.always.get(asked.path, self._usual)
        if callable(answer):
            answer = answer(asked)
        return answer if isinstance(answer, web.StreamResponse) else web.json_response(answer)

    def _usual(self, asked: Request) -> dict[str, Any]:
        if asked.path != TOKEN:
            return {"errcode": 0, "errmsg": "ok"}
        self.tokens += 1
        return {"access_token": f"TOKEN-{self.tokens}", "expires_in": 7200}


@asynccontextmanager
async def fake_wechat() -> AsyncIterator[FakeWeChat]:
    fake = FakeWeChat()
    app = web.Application()
    app.router.add_post("/{path:.*}", fake._answer)
    app.router.add_get("/{path:.*}", fake._answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    fake.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield fake
    finally:
        await runner.cleanup()
