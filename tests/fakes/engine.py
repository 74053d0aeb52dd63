"""The dialogue engine as a server on loopback that says what a test tells it to, or fails in one of the ways engines fail.

Like the real one it answers a message it has seen with the replies it gave before. Alone, for the kill proofs:
`python -m tests.fakes.engine PORT SECRET FILE`; the file then is its memory, so a killed one goes on where it was.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.desk.ports import Turn
from bot.messages import Outcome, Reply
from bot.wire import reply_to_json, turn_from_json

PATH = "/webhooks/desk/webhook"
SECRET = "a secret for tests only"


class Mood(StrEnum):
    WELL = "well"
    SLOW = "slow"
    """Answers after `slow_seconds`."""
    BROKEN = "broken"
    """HTTP 500; nothing was done."""
    LOST = "lost"
    """The turn is done and recorded, and its answer lost: HTTP 500."""
    CUT = "cut"
    """The turn is done and recorded, and the line cut."""
    GARBLED = "garbled"
    """HTTP 200 with something that is no JSON."""
    SILENT = "silent"
    """HTTP 200 without replies: an action failed unseen."""
    HANGS = "hangs"
    """Takes the turn and never answers."""


def echo(turn: Turn) -> list[Reply]:
    return [Reply(f"答：{turn.text}", outcome=Outcome.ANSWERED, entry="dibao-apply")]


@dataclass
class FakeEngine:
    secret: str = SECRET
    mood: Mood = Mood.WELL
    says: Callable[[Turn], Sequence[Reply]] = echo
    slow_seconds: float = 1.0
    asked: list[Turn] = field(default_factory=list)
    """Every turn that came, repeats among them."""
    effects: Counter[str] = field(default_factory=Counter)
    """How often each message was really worked on; never more than once."""
    memory: Path | None = None
    port: int = 0
    most_at_once: Counter[str] = field(default_factory=Counter)
    """The most turns of one conversation at the same moment; more than one is an overlap."""
    _recorded: dict[str, list[Any]] = field(default_factory=dict)
    _running: Counter[str] = field(default_factory=Counter)
    _runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> FakeEngine:
        """Listen, on the same port as before if it was gone."""
        if self.memory and self.memory.exists():
            self._recorded = dict(map(json.loads, self.memory.read_text("utf-8").splitlines()))
        app = web.Application()
        app.router.add_post(PATH, self._turn)
        app.router.add_get("/health", self._health)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.05)  # 0 would be for ever
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def go(self) -> None:
        """Stop listening and cut every line, as a dead process does."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _health(self, request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def _turn(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("X-Engine-Secret") != self.secret:
            return web.Response(status=401)
        turn = turn_from_json(await request.json())
        self.asked.append(turn)
        self._running[turn.conversation] += 1
        self.most_at_once[turn.conversation] = max(
            self.most_at_once[turn.conversation], self._running[turn.conversation]
        )
        try:
            return await self._in_its_mood(request, turn)
        finally:
            self._running[turn.conversation] -= 1

    async def _in_its_mood(self, request: web.Request, turn: Turn) -> web.StreamResponse:
        match self.mood:
            case Mood.BROKEN:
                return web.Response(status=500)
            case Mood.GARBLED:
                return web.Response(text="{replies: oops", content_type="application/json")
            case Mood.SILENT:
                return web.json_response({"replies": []})
            case Mood.HANGS:
                await asyncio.sleep(3600)
            case Mood.SLOW:
                await asyncio.sleep(self.slow_seconds)
        replies = self._done(turn)
        if self.mood is Mood.LOST:
            return web.Response(status=500)
        if self.mood is Mood.CUT:
            assert request.transport is not None
            request.transport.abort()
        return web.json_response({"replies": replies})

    def _done(self, turn: Turn) -> list[Any]:
        if turn.message_id not in self._recorded:
            self.effects[turn.message_id] += 1
            replies = [reply_to_json(reply) for reply in self.says(turn)]
            if self.memory:
                # One write, so that a kill leaves whole lines.
                with self.memory.open("a", encoding="utf-8") as file:
                    file.write(json.dumps([turn.message_id, replies], ensure_ascii=False) + "\n")
            self._recorded[turn.message_id] = replies
        return self._recorded[turn.message_id]


async def _alone(port: str, secret: str, memory: str) -> None:
    await FakeEngine(secret=secret, port=int(port), memory=Path(memory)).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_alone(*sys.argv[1:4]))
