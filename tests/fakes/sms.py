"""The office's gateway for text messages, on loopback: proves what it gets, and sends nothing twice under one token."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.desk.cases.signing import OfficeKey, Signed, prove
from bot.errors import Forged


@dataclass
class FakeSms:
    key: OfficeKey
    now: datetime
    sent: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What phones got, by token."""
    asked: int = 0
    answers: deque[tuple[int, Any]] = field(default_factory=deque)
    """(status, body) to answer with in place of sending; status 0: hang up."""
    url: str = ""

    async def take(self, request: web.Request) -> web.StreamResponse:
        self.asked += 1
        body = await request.read()
        names = ("X-Jzt-Key", "X-Jzt-Timestamp", "X-Jzt-Signature", "Idempotency-Key")
        key, timestamp, signature, token = (request.headers.get(name, "") for name in names)
        try:
            prove([self.key], Signed("POST", request.path_qs, key, timestamp, signature, token, body), self.now)
        except Forged:
            return web.json_response({}, status=401)
        status, told = self.answers.popleft() if self.answers else (200, None)
        if status == 0:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if status == 200 and told is None:
            self.sent.setdefault(token, json.loads(body))
            told = {"id": f"sms-{token}"}
        return web.json_response(told, status=status) if not isinstance(told, bytes) else web.Response(body=told)


@asynccontextmanager
async def fake_sms(key: OfficeKey, now: datetime) -> AsyncIterator[FakeSms]:
    fake = FakeSms(key, now)
    app = web.Application()
    app.router.add_post("/send", fake.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}/send?from=office"
    try:
        yield fake
    finally:
        await runner.cleanup()
