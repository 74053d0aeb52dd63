"""What all our calls to other people's servers share: one session, short timeouts, a JSON object or none, a picture of at most
ten megabytes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.errors import TryAgain, Undeliverable

CONNECT_SECONDS, READ_SECONDS = 3.0, 5.0
LARGEST_MEDIA = 10 * 2**20
MEDIA_SECONDS = 12.0
"""For ten megabytes, in all; a resident waits for it, so it is not more."""


class Line:
    """A session that is opened when it is first needed, and keeps no cookies."""

    def __init__(self, total: float = 0.0) -> None:
        """`total`: seconds a call may take in all; 0: what connecting and one wait for bytes may take."""
        self._total = total
        self._session: aiohttp.ClientSession | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        if self._session is None:
            short = aiohttp.ClientTimeout(
                CONNECT_SECONDS + READ_SECONDS, sock_connect=CONNECT_SECONDS, sock_read=READ_SECONDS
            )
            timeout = aiohttp.ClientTimeout(self._total) if self._total else short
            self._session = aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar())
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


@dataclass(frozen=True, slots=True)
class Download:
    status: int
    kind: str
    """The content type, without parameters."""
    content: bytes


async def picture(line: Line, address: str, params: Mapping[str, str], whose: str) -> Download:
    """What stands at a platform's address for a picture. To ask twice changes nothing, so every fault is TryAgain, but for
    one that is too large."""
    content = bytearray()
    try:
        async with line.session.get(
            address,
            params=params,
            timeout=aiohttp.ClientTimeout(MEDIA_SECONDS, sock_connect=CONNECT_SECONDS, sock_read=READ_SECONDS),
            allow_redirects=False,
        ) as response:
            while piece := await response.content.readany():
                content += piece
                if len(content) > LARGEST_MEDIA:
                    raise Undeliverable(f"too_large: {whose} gave more than 10 MB for one picture", "too_large")
            return Download(response.status, response.content_type, bytes(content))
    except (aiohttp.ClientError, TimeoutError, OSError):
        pass
    # aiohttp's errors carry the address, and the address the token: the exception is not kept.
    raise TryAgain(f"unreachable: {whose} did not hand over a picture; it will be asked for again", 1.0)


def object_of(content: bytes) -> dict[str, Any] | None:
    """The JSON object these bytes are; None for everything else."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
