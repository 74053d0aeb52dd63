"""The app's door over real HTTP: client → gateway → scripted engine → outbox → client, on a real database."""

from __future__ import annotations

import asyncio
import io
import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

import aiohttp
import jwt
from aiohttp import web

from bot.clock import Clock, SystemClock
from bot.desk.desk import Desk
from bot.desk.paper_ports import Photos, Pictures
from bot.desk.ports import Store
from bot.desk.turns import Breaker, TurnWorker
from connectors import render
from connectors.app import App, AppSettings, mount_app
from connectors.app.assertions import AppKey
from connectors.app.sessions import Sessions
from connectors.channel import Channel
from connectors.doorbell import Doorbell
from connectors.engine import HttpEngine
from connectors.gateway import Gateway, listen
from connectors.loops import Loops
from connectors.media import ChannelMedia
from tests.connectors.door_to_door import TURN_SECONDS, address, regions
from tests.fakes.engine import FakeEngine
from tests.in_force import in_force, without_answers

SECRET = "5e" * 32
BUREAU = AppKey("bureau-1", "HS256", b"a shared secret of the bureau's app, for tests")
API = "/app/api/v1"
_keys = count(1)


def assertion(sub: str = "resident-17", key: AppKey = BUREAU, **bent: Any) -> str:
    """As the bureau's app signs it; what is given replaces a claim, None leaves it out."""
    headers = {"kid": bent.pop("kid", key.kid)}
    algorithm = bent.pop("algorithm", key.algorithm)
    claims = {"sub": sub, "aud": "jiuzhutong", "exp": int(time.time()) + 120, "jti": f"jti-{next(_keys):08}", **bent}
    told = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(told, bent.get("signed_with", key.key), algorithm, headers=headers)  # type: ignore[arg-type]


@dataclass
class Client:
    """One client with its session."""

    http: aiohttp.ClientSession
    url: str
    token: str = ""
    session: Mapping[str, Any] = field(default_factory=dict)

    @property
    def sender(self) -> str:
        """Who this is to the desk."""
        return Sessions(SECRET).read(self.token, SystemClock().now()).sender

    async def call(self, method: str, path: str, **how: Any) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers |= how.pop("headers", {})
        where = path if path.startswith("/app") else API + path
        async with self.http.request(method, self.url + where, headers=headers, **how) as response:
            self.headers = response.headers
            text = await response.text()
            return response.status, json.loads(text) if text and "json" in response.content_type else text

    async def get(self, path: str, **how: Any) -> tuple[int, Any]:
        return await self.call("GET", path, **how)

    async def post(self, path: str, body: Any = None, key: str = "", **how: Any) -> tuple[int, Any]:
        headers = {"Idempotency-Key": key or f"key-{next(_keys):08}"} | how.pop("headers", {})
        return await self.call("POST", path, json=body, headers=headers, **how)

    async def say(self, text: str, key: str = "") -> int:
        """Its number."""
        status, told = await self.post("/messages", {"type": "text", "text": text}, key)
        assert status == 202, told
        return int(told["seq"])

    async def read(self, after: int = 0) -> list[dict[str, Any]]:
        status, told = await self.get("/messages", params={"after": str(after)})
        assert status == 200, told
        return list(told["messages"])

    async def until(self, wanted: int, after: int = 0, seconds: float = 10.0) -> list[dict[str, Any]]:
        """So many messages of ours after a number."""
        async with asyncio.timeout(seconds):
            while True:
                ours = [one for one in await self.read(after) if one["author"] != "resident"]
                if len(ours) >= wanted:
                    return ours
                await asyncio.sleep(0.02)

    async def open(self, assertion: str = "") -> Client:
        status, told = await self.post("/sessions", {"assertion": assertion} if assertion else None)
        assert status == 201, told
        self.token, self.session = told["token"], told
        return self

    async def upload(self, content: bytes, kind: str = "image/jpeg", key: str = "") -> tuple[int, Any]:
        headers = {"Idempotency-Key": key or f"key-{next(_keys):08}", "Content-Type": kind}
        return await self.call("POST", "/pictures", data=io.BytesIO(content), headers=headers)

    @asynccontextmanager
    async def stream(self, **how: Any) -> AsyncIterator[Events]:
        headers = {"Authorization": f"Bearer {self.token}"} | how.pop("headers", {})
        async with self.http.get(self.url + API + "/stream", headers=headers, **how) as response:
            assert response.status == 200, await response.text()
            assert response.content_type == "text/event-stream"
            try:
                yield Events(response)
            finally:
                response.close()


class Events:
    """What comes on an open stream, one event after the other."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def next(self, name: str = "", seconds: float = 5.0) -> tuple[str, str, Any]:
        """(name, id, data) of the next event of this name."""
        async with asyncio.timeout(seconds):
            while True:
                lines = await self._one()
                told = dict(line.split(": ", 1) for line in lines if not line.startswith(":"))
                if told and name in ("", told["event"]):
                    return told["event"], told.get("id", ""), json.loads(told["data"])

    async def _one(self) -> list[str]:
        lines: list[str] = []
        while line := (await self._response.content.readline()).decode():
            if line == "\n":
                return lines
            lines.append(line.rstrip("\n"))
        raise EOFError("the stream ended")


@dataclass
class Gate:
    """One gateway."""

    desk: Desk
    channel: App
    loops: Loops
    runner: web.AppRunner
    engine: HttpEngine
    breaker: Breaker
    url: str

    async def close(self) -> None:
        await self.loops.drain(2.0)
        await self.runner.cleanup()
        await self.engine.close()
        await self.channel.close()


@dataclass
class Town:
    store: Store
    engine: FakeEngine
    clock: Clock
    settings: AppSettings
    http: aiohttp.ClientSession
    pictures: Pictures | None = None
    gates: list[Gate] = field(default_factory=list)

    @property
    def gate(self) -> Gate:
        return self.gates[-1]

    @property
    def desk(self) -> Desk:
        return self.gate.desk

    async def open_gate(self, store: Store | None = None, workers: int = 2, **settings: Any) -> Gate:
        """Another gateway on the same database (asked for before the town, a second store outlives it)."""
        where = store or self.store
        channel = App(where)
        channels: dict[str, Channel] = {channel.name: channel}
        keeper = await in_force(where, without_answers(), self.clock, regions())
        desk = Desk(where, self.clock, regions(), keeper)
        if self.pictures:
            desk = replace(desk, photos=Photos(ChannelMedia(channels), self.pictures))
        bell, breaker = Doorbell(), Breaker()
        engine = HttpEngine(self.engine.url, self.engine.secret, TURN_SECONDS)
        name = f"gate{len(self.gates)}"

        def worker(n: int) -> TurnWorker:
            return TurnWorker(
                desk,
                engine,
                f"{name}-{n}",
                breaker,
                bell.answered,
                lambda _, reply: render.pages(reply, channel.capabilities),
            )

        loops = Loops(desk, workers, worker, engine.alive, channels, bell)
        app = Gateway(desk, {}, breaker, bell).app()
        mount_app(app, desk, channel, replace(self.settings, **settings), bell, breaker)
        runner = await listen(app, "127.0.0.1", 0)
        loops.start()
        gate = Gate(desk, channel, loops, runner, engine, breaker, address(runner))
        self.gates.append(gate)
        return gate

    def client(self, gate: Gate | None = None, **how: Any) -> Client:
        return Client(self.http, (gate or self.gate).url, **how)

    async def resident(self, sub: str = "", gate: Gate | None = None) -> Client:
        """Somebody with a session: of the bureau's app, or anonymous."""
        return await self.client(gate).open(assertion(sub) if sub else "")


@asynccontextmanager
async def a_town(
    store: Store, clock: Clock | None = None, pictures: Pictures | None = None, **settings: Any
) -> AsyncIterator[Town]:
    engine = await FakeEngine().start()
    told = AppSettings(SECRET, (BUREAU,), **{"per_address": 100_000, **settings})
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as http:
        town = Town(store, engine, clock or SystemClock(), told, http, pictures)
        try:
            await town.open_gate()
            yield town
        finally:
            for gate in town.gates:
                await gate.close()
            await engine.go()
