"""The two systems as the load sees them: one question in, the words of the answer out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import uuid4

import aiohttp

from bot.desk.ports import Turn
from bot.wire import turn_to_json

SECONDS = aiohttp.ClientTimeout(total=60)


class System(Protocol):
    @property
    def name(self) -> str: ...

    async def ask(self, session: aiohttp.ClientSession, conversation: str, text: str) -> list[str]:
        """Every reply's words; raises when it does not answer."""
        ...


@dataclass(frozen=True)
class Ours:
    """The engine's desk channel: understanding, dialogue, action and store."""

    base: str
    secret: str
    name: str = "ours"
    again: list[str] = field(default_factory=list, compare=False)
    """What the engine asked to have repeated, and it was: the gateway does the same."""

    async def ask(self, session: aiohttp.ClientSession, conversation: str, text: str) -> list[str]:
        return await self.turn(session, Turn(conversation, uuid4().hex, text, None, "wechat", ""))

    async def turn(self, session: aiohttp.ClientSession, asked: Turn) -> list[str]:
        turn = turn_to_json(asked)
        headers = {"X-Engine-Secret": self.secret}
        url = f"{self.base}/webhooks/desk/webhook"
        for last in (False, False, True):
            async with session.post(url, json=turn, headers=headers, timeout=SECONDS) as response:
                if response.status == 503 and not last:
                    self.again.append((await response.json())["error"])
                    continue
                response.raise_for_status()
                return [reply["text"] for reply in (await response.json())["replies"]]
        raise AssertionError("the last try returns or raises")


@dataclass(frozen=True)
class Stock:
    """Rasa's REST channel: understanding, dialogue and ResponseSelector."""

    base: str
    name: str = "stock"

    async def ask(self, session: aiohttp.ClientSession, conversation: str, text: str) -> list[str]:
        message: dict[str, Any] = {"sender": conversation, "message": text}
        async with session.post(f"{self.base}/webhooks/rest/webhook", json=message, timeout=SECONDS) as response:
            response.raise_for_status()
            return [reply["text"] for reply in await response.json()]
