"""The way to the dialogue engine on loopback: one turn in, its replies out."""

from __future__ import annotations

from collections.abc import Sequence

import aiohttp

from bot.desk.ports import Turn
from bot.errors import BadInput, TryAgain
from bot.messages import Reply
from bot.wire import reply_from_json, turn_to_json
from connectors.alive import alive

TURN_SECONDS = 9.0
"""One more than the engine gives itself."""
AGAIN_SECONDS = 1.0
"""How soon a failed turn is tried once more; later ones wait longer."""
SECRET_HEADER = "X-Engine-Secret"  # noqa: S105  # the header's name, not its value


class HttpEngine:
    """One engine process. Everything that goes wrong with it means: nothing was lost, ask again."""

    def __init__(self, base_url: str, secret: str, seconds: float = TURN_SECONDS) -> None:
        self._base = base_url.rstrip("/")
        self._timeout = aiohttp.ClientTimeout(total=seconds, connect=1.0)
        self._headers = {SECRET_HEADER: secret}
        self._session: aiohttp.ClientSession | None = None

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._timeout, headers=self._headers)
        return self._session

    async def turn(self, turn: Turn) -> Sequence[Reply]:
        url = f"{self._base}/webhooks/desk/webhook"
        try:
            async with self._open().post(url, json=turn_to_json(turn)) as response:
                if response.status != 200:
                    raise TryAgain(f"the engine answered {response.status}; it is asked again", AGAIN_SECONDS)
                data = await response.json()
            return [reply_from_json(reply) for reply in data["replies"]]
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError, BadInput) as error:
            raise TryAgain(f"the engine is away ({type(error).__name__}); it is asked again", AGAIN_SECONDS) from error

    async def alive(self) -> bool:
        return await alive(self._open(), self._base)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
