"""The bureau's app as a person's phone: its API and the stream of events, nothing else."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from bot.errors import BadInput
from connectors.sandbox.handset import Bubble, paper
from connectors.sandbox.screen import Option
from tests.connectors.app.town import Client


class AppPhone:
    """A `Handset` with one anonymous session, as the page opens it; what comes on its stream is its screen."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.told: list[Mapping[str, Any]] = []
        """Every message that came on the stream."""

    @classmethod
    @asynccontextmanager
    async def opened(cls, http: aiohttp.ClientSession, url: str) -> AsyncIterator[AppPhone]:
        phone = cls(await Client(http, url).open())
        async with phone.client.stream(params={"after": "0"}, timeout=aiohttp.ClientTimeout(total=None)) as events:
            follows = asyncio.create_task(phone._follow(events))
            try:
                yield phone
            finally:
                follows.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await follows

    async def _follow(self, events: Any) -> None:
        while True:
            _, _, message = await events.next("message", seconds=3600)
            self.told.append(message)

    async def screen(self) -> Sequence[Bubble]:
        return [_bubble(one) for one in self.told]

    async def do(self, deed: str, said: str) -> None:
        match deed:
            case "text":
                await self._say({"type": "text", "text": said})
            case "tap":
                await self._say({"type": "choice", "choice": said})
            case "location":
                await self._say({"type": "location", "place": said})
            case "enter" | "follow":
                await self._say({"type": "enter"})
            case "picture":
                status, laid = await self.client.upload(paper(said))
                assert status == 201, laid
                await self._say({"type": "image", "picture": laid["picture"]})
            case _:
                raise BadInput(f"nothing of the kind {deed!r} can be done in the app")

    async def _say(self, body: Mapping[str, Any]) -> None:
        status, taken = await self.client.post("/messages", body)
        assert status == 202, taken


def _bubble(message: Mapping[str, Any]) -> Bubble:
    """What stands on the page: the words, and the card with what they rest on."""
    card = message["card"] or {"sources": ()}
    rests = [f"依据：《{one['title']}》{one['clause']}" for one in card["sources"]]
    options = tuple(Option(one["id"], one["label"]) for one in message["options"])
    return Bubble(message["seq"], message["author"] == "resident", "\n".join([message["text"], *rests]), options)
