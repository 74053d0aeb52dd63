"""An official account's server, small but real: it proves and reads pushes with `connectors.wechat`, which is written
apart from the simulator, and answers what a test prepared."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.clock import Clock
from bot.errors import Forged
from bot.messages import Inbound, Reply
from connectors.sandbox import PLATFORM, Form, Mode, Platform, SandboxSettings, mount_sandbox
from connectors.wechat.channel import WeChat
from connectors.wechat.settings import WeChatSettings

Answering = Callable[[Inbound], Sequence[Reply] | bytes | web.Response]


@dataclass(frozen=True, slots=True)
class Slow:
    """Wait before answering with `then`."""

    seconds: float
    then: Any


class OneToken:
    """As much of the store as our client needs for its access token, kept in memory."""

    def __init__(self) -> None:
        self.tokens = self
        self._kept: tuple[str, datetime] | None = None

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[OneToken]:
        yield self

    writing = reading

    async def commit(self) -> None:
        return None

    async def get(self, account: str) -> tuple[str, datetime] | None:
        return self._kept

    async def lock(self, account: str, holder: str, now: datetime, seconds: float) -> bool:
        return True

    async def put(self, account: str, token: str, expires_at: datetime, now: datetime) -> None:
        self._kept = (token, expires_at)

    async def drop(self, account: str, token: str) -> None:
        if self._kept and self._kept[0] == token:
            self._kept = None


@dataclass
class Account:
    """`queue` holds the next answers: replies, raw bytes, a Response, Slow, or "drop"; then `always` answers."""

    settings: SandboxSettings
    clock: Clock
    queue: deque[Any] = field(default_factory=deque)
    always: Answering = lambda inbound: [Reply(f"收到：{inbound.text or inbound.event or inbound.kind}")]
    inbox: list[Inbound] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    queries: list[dict[str, str]] = field(default_factory=list)
    forged: list[str] = field(default_factory=list)
    base: str = ""
    platform: Platform = field(init=False)
    channel: WeChat = field(init=False)

    def app(self) -> web.Application:
        # The gateway's own bound: pictures and uploads must pass beside it.
        app = web.Application(client_max_size=64 * 1024)
        app.router.add_get("/wechat", self._echo)
        app.router.add_post("/wechat", self._receive)
        return app

    def connect(self, base: str) -> None:
        self.base = base
        s = self.settings
        self.channel = WeChat(
            WeChatSettings(
                s.appid,
                s.secret,
                s.token,
                s.aes_key,
                account=s.account,
                mode=s.mode,
                api_base=f"{base}/wx",  # type: ignore[arg-type]
            ),
            OneToken(),  # type: ignore[arg-type]
            self.clock,
        )

    async def _echo(self, request: web.Request) -> web.Response:
        try:
            return web.Response(text=self.channel.verify_url(request.query.items(), self.clock.now()))
        except Forged:
            return web.Response(status=403)

    async def _receive(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.bodies.append(body)
        self.queries.append(dict(request.query))
        try:
            callback = self.channel.read(request.query.items(), request.headers, body, self.clock.now())
        except Forged as e:
            self.forged.append(str(e))
            return web.Response(status=403)
        (inbound,) = callback.inbounds
        self.inbox.append(inbound)
        said = self.queue.popleft() if self.queue else self.always(inbound)
        while isinstance(said, Slow):
            await asyncio.sleep(said.seconds)
            said = said.then
        if said == "drop":
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if isinstance(said, web.Response):
            return said
        if isinstance(said, bytes):
            return web.Response(body=said)
        answer = callback.respond(said)
        return web.Response(body=answer.body, content_type=answer.content_type)


@asynccontextmanager
async def an_account(clock: Clock, **settings: Any) -> AsyncIterator[Account]:
    """The account's server with the platform mounted on it, as the gateway does."""
    made = SandboxSettings.fresh(**{"cut_off": 0.25, "mode": Mode.SECURE, "form": Form.XML, **settings})
    account = Account(made, clock)
    app = account.app()
    mount_sandbox(app, made, "http://127.0.0.1/wechat", clock)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    base = str(server.make_url("")).rstrip("/")
    account.connect(base)
    account.platform = app[PLATFORM]
    account.platform.deliver_to = f"{base}/wechat"
    try:
        yield account
    finally:
        await account.channel.close()
        await server.close()
