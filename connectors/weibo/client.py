"""Calls to Weibo: one session, short timeouts, every failure by name."""

from __future__ import annotations

from typing import Any

import aiohttp

from bot.clock import Clock
from bot.errors import TryAgain, Undeliverable
from connectors.calling import Line, object_of, picture
from connectors.verdicts import Action, Alarm, Stops
from connectors.weibo import reply
from connectors.weibo.errors import UNCONFIRMED, verdict_of
from connectors.weibo.settings import WeiboSettings

REPLY, MEDIA = "/2/messages/reply.json", "/2/mss/msget"
LARGEST_ANSWER = 256 * 1024


class WeiboClient:
    def __init__(self, settings: WeiboSettings, clock: Clock, alarm: Alarm | None = None) -> None:
        self._settings = settings
        self.stops = Stops("weibo", clock, alarm)
        self._line = Line()

    async def close(self) -> None:
        await self._line.close()

    async def send(self, fan: str, text: str) -> str:
        """Send one text outside an exchange; "unconfirmed" when Weibo did not say whether it has it. Raises what
        `verdicts.fault` names."""
        self.stops.check(REPLY)
        failed, status, content = "", 0, b""
        try:
            async with self._line.session.post(
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
        answer = None if failed else object_of(content)
        code = _code(answer)
        if code:
            self._raise(REPLY, code)
        if status >= 500:
            raise TryAgain(f"http_{status}: Weibo answered with HTTP {status}; it will be repeated", 1.0)
        return "" if answer is not None and answer.get("result") is True else UNCONFIRMED.name

    async def media(self, fid: str) -> bytes:
        """A picture somebody sent, by our copy's number. To ask twice changes nothing, so every fault is TryAgain."""
        self.stops.check(MEDIA)
        address, asked = self._settings.upload_base + MEDIA, {"access_token": self._settings.token, "fid": fid}
        found = await picture(self._line, address, asked, "Weibo")
        answer = object_of(found.content) if found.kind != "image/jpeg" else None
        if code := _code(answer):
            self._raise(MEDIA, code)
        if 400 <= found.status < 500:
            raise Undeliverable(f"gone: Weibo answered for a picture with HTTP {found.status}", "gone")
        if found.status != 200 or answer is not None or not found.content:
            raise TryAgain(f"http_{found.status}: Weibo did not hand over a picture; it will be asked for again", 1.0)
        return found.content

    def _raise(self, path: str, code: int) -> None:
        verdict = verdict_of(code)
        if verdict.action is not Action.DONE:
            raise self.stops.fault(path, verdict)


def _code(answer: dict[str, Any] | None) -> int:
    """0 where there is none; Weibo writes it as a number, older pages as text."""
    code = str((answer or {}).get("error_code", ""))
    return int(code) if code.isascii() and code.isdigit() and len(code) < 10 else 0
