"""Carries pushes to the account's webhook over loopback HTTP, signed and sealed afresh for every delivery."""

from __future__ import annotations

import secrets
import time
from urllib.parse import urlencode

import aiohttp

from bot.clock import Clock
from connectors.sandbox.dialect import Dialect
from connectors.sandbox.injected import LineFault
from connectors.sandbox.passive import Answer
from connectors.sandbox.pushes import Push
from connectors.sandbox.settings import SandboxSettings
from connectors.sandbox.travel import Travel
from connectors.sandbox.wire import Sealed

# The platform reads no more of an answer than any valid one can hold.
_ANSWER_BYTES = 64 * 1024
# Long enough for the push to arrive, too short for an answer that needs any work.
_DROP_AFTER = 0.02


class Courier:
    def __init__(self, settings: SandboxSettings, dialect: Dialect, clock: Clock, travel: Travel) -> None:
        self._settings = settings
        self._dialect = dialect
        self._clock = clock
        self._travel = travel
        self._session: aiohttp.ClientSession | None = None

    def _line(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            # trust_env off: a proxy in the environment must never see a push.
            self._session = aiohttp.ClientSession(trust_env=False, connector=aiohttp.TCPConnector(limit=0))
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def deliver(self, push: Push, url: str, number: int, fault: LineFault | None = None) -> Answer | None:
        """One delivery. None: no answer came in time, so the platform will deliver again."""
        settings = self._settings
        sealed = self._dialect.seal(push, self._clock.now())
        about = {"id": push.id, "delivery": number, "mode": settings.mode, "bytes": len(sealed.body)}
        sender = push.openid
        plain = self._dialect.plain(push)
        self._travel.note(sender, "push", push.act.name, about=about, bare=sealed.body.decode(), plain=plain)
        begun = time.perf_counter()
        status, body, why = 0, b"", "the push was lost on the way"
        if fault is not LineFault.UNSENT:
            limit = _DROP_AFTER if fault is LineFault.DROPPED else settings.cut_off
            status, body, why = await self._post(url, sealed, limit)
        spent = round((time.perf_counter() - begun) * 1000, 1)
        if fault is LineFault.DROPPED or fault is LineFault.LOST:
            status, why = 0, "the line broke before the answer was read"
        if status != 200:
            why = why or f"HTTP {status}"
            self._travel.note(sender, "answer", "没有应答", good=False, milliseconds=spent, about={"why": why} | about)
            return None
        answer = self._dialect.judge(body, push)
        title = "被动回复" if answer.bubble else "应答" if not answer.fault else "无效的应答"
        told = {"id": push.id, "delivery": number, "status": status, "bytes": len(body)}
        if answer.fault:
            told["why"] = answer.fault
        bare = body.decode(errors="replace")
        good, plain = not answer.fault, answer.plain
        self._travel.note(sender, "answer", title, good=good, milliseconds=spent, about=told, bare=bare, plain=plain)
        return answer

    async def _post(self, url: str, sealed: Sealed, limit: float) -> tuple[int, bytes, str]:
        """(status, body, why not): status 0 when the line gave no whole answer."""
        try:
            async with self._line().post(
                url,
                params=sealed.query,
                data=sealed.body,
                headers={"Content-Type": sealed.content_type},
                timeout=aiohttp.ClientTimeout(total=limit),
                allow_redirects=False,
            ) as response:
                body = bytearray()
                async for chunk in response.content.iter_chunked(8192):
                    body += chunk
                    if len(body) > _ANSWER_BYTES:
                        return 0, b"", f"the answer is larger than {_ANSWER_BYTES} bytes"
                return response.status, bytes(body), ""
        except TimeoutError:
            return 0, b"", f"no answer within {limit:g} s"
        except (aiohttp.ClientError, OSError) as e:
            return 0, b"", f"the line broke: {type(e).__name__}"

    async def check_url(self, url: str) -> bool:
        """The check at the moment the address is saved: the echo must come back unchanged, in every mode."""
        echo = str(secrets.randbelow(9 * 10**18) + 10**18)
        query = self._dialect.check(self._clock.now(), echo)
        status, body, why = 0, b"", ""
        try:
            timeout = aiohttp.ClientTimeout(total=self._settings.cut_off)
            async with self._line().get(url, params=query, timeout=timeout, allow_redirects=False) as response:
                status, body = response.status, await response.read()
        except (TimeoutError, aiohttp.ClientError, OSError) as e:
            why = type(e).__name__
        good = status == 200 and body == echo.encode()
        about = {"status": status, "why": why} if not good else {"status": status}
        self._travel.note("", "push", "网址校验", good=good, about=about, bare=f"GET ?{urlencode(query)}")
        return good
