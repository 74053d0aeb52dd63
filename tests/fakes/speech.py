"""A speech server on loopback that speaks both protocols and understands what its test tells it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import BodyPartReader, web


@dataclass
class FakeSpeech:
    says: str = "低保怎么申请"
    key: str = ""
    answers: deque[tuple[int, Any]] = field(default_factory=deque)
    """(status, body) in place of what it understands; status 0: nothing comes for `slow` seconds."""
    slow: float = 5.0
    got: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""

    async def take(self, request: web.Request) -> web.StreamResponse:
        if self.key and request.headers.get("Authorization") != f"Bearer {self.key}":
            return web.json_response({"error": {"message": "Incorrect API key"}}, status=401)
        parts: dict[str, Any] = {"path": request.path}
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader)
            content = await part.read()
            parts[str(part.name)] = (part.filename, bytes(content)) if part.filename else content.decode()
        self.got.append(parts)
        status, told = self.answers.popleft() if self.answers else (200, None)
        if status == 0:
            await asyncio.sleep(self.slow)
            status = 200
        if isinstance(told, bytes):
            return web.Response(body=told, status=status)
        if told is None:
            told = {"text": self.says}
            if request.path == "/recognition":
                told |= {"code": 0, "sentences": []}
        return web.json_response(told, status=status)


@asynccontextmanager
async def fake_speech() -> AsyncIterator[FakeSpeech]:
    fake = FakeSpeech()
    app = web.Application()
    for path in ("/v1/audio/transcriptions", "/recognition"):
        app.router.add_post(path, fake.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield fake
    finally:
        await runner.cleanup()
