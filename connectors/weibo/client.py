"""Calls to Weibo: one session, short timeouts, every failure by name."""

from __future__ import annotations

import json
from typing import Any

import aiohttp

from bot.clock import Clock
from bot.errors import TryAgain, Undeliverable
from connectors.verdicts import Action, Alarm, Stops
from connectors.weibo import reply
from connectors.weibo.errors import UNCONFIRMED, verdict_of
from connectors.weibo.settings import WeiboSettings

REPLY, MEDIA = "/2/messages/reply.json", "/2/mss/msget"
CONNECT_SECONDS, READ_SECONDS = 3.0, 5.0
LARGEST_ANSWER, LARGEST_MEDIA = 256 * 1024, 10 * 2**20
MEDIA_SECONDS = 12.0


class WeiboClient:
    def __init__(self, settings: WeiboSettings, clock: Clock, alarm: Alarm | None = None) -> None:
        self._settings = settings
        self.stops = Stops("weibo", clock, alarm)
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def send(self, fan: str, text: str) -> str:
        """Send one text outside an exchange; "unconfirmed" when Weibo did not say whether it has it. Raises what
        `verdicts.fault` names."""
        self.stops.check(REPLY)
        failed, status, content = "", 0, b""
        try:
            async with self._ready().post(
                self._settings.api_base + REPLY,
                data=reply.active(text, fan, self._settings.token),
                allow_redirects=False,
            ) as response:
                status, content = response.status, await response.content.read(LARGEST_ANSWER)
        except (aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectorError):
            failed = "unreachable"
        except (aiohttp.ClientError, TimeoutError, OSError):
            failed = "unconfirmed"
        if failed == "unreachable":
            raise TryAgain("unreachable: no connection to Weibo; it will be repeated", 1.0)
        answer = None if failed else _object(content)
        code = _code(answer)
        if code:
            self._raise(REPLY, code)
        if status >= 500:
            raise TryAgain(f"http_{status}: Weibo answered with HTTP {status}; it will be repeated", 1.0)
        return "" if answer is not None and answer.get("result") is True else UNCONFIRMED.name

    async def media(self, fid: str) -> bytes:
        """A picture somebody sent, by our copy's number. To ask twice changes nothing, so every fault is TryAgain."""
        self.stops.check(MEDIA)
        failed, kind, content = "", "", bytearray()
        try:
            async with self._ready().get(
                self._settings.upload_base + MEDIA,
                params={"access_token": self._settings.token, "fid": fid},
                timeout=aiohttp.ClientTimeout(MEDIA_SECONDS, sock_connect=CONNECT_SECONDS, sock_read=READ_SECONDS),
                allow_redirects=False,
            ) as response:
                status, kind = response.status, response.content_type
                while piece := await response.content.readany():
                    content += piece
                    if len(content) > LARGEST_MEDIA:
                        raise Undeliverable("too_large: Weibo gave more than 10 MB for one picture", "too_large")
        except (aiohttp.ClientError, TimeoutError, OSError):
            # Their words carry the address, and it the token: they are not kept.
            failed = "unreachable"
        if failed:
            raise TryAgain(f"{failed}: Weibo did not hand over a picture; it will be asked for again", 1.0)
        answer = _object(bytes(content)) if kind != "image/jpeg" else None
        if code := _code(answer):
            self._raise(MEDIA, code)
        if 400 <= status < 500:
            raise Undeliverable(f"gone: Weibo answered for a picture with HTTP {status}", "gone")
        if status != 200 or answer is not None or not content:
            raise TryAgain(f"http_{status}: Weibo did not hand over a picture; it will be asked for again", 1.0)
        return bytes(content)

    def _raise(self, path: str, code: int) -> None:
        verdict = verdict_of(code)
        if verdict.action is not Action.DONE:
            raise self.stops.fault(path, verdict)

    def _ready(self) -> aiohttp.ClientSession:
        if self._session is None:
            timeout = aiohttp.ClientTimeout(
                total=CONNECT_SECONDS + READ_SECONDS, sock_connect=CONNECT_SECONDS, sock_read=READ_SECONDS
            )
            self._session = aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar())
        return self._session


def _object(content: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _code(answer: dict[str, Any] | None) -> int:
    """0 where there is none; Weibo writes it as a number, older pages as text."""
    code = str((answer or {}).get("error_code", ""))
    return int(code) if code.isascii() and code.isdigit() and len(code) < 10 else 0
