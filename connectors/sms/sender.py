"""One text message a letter, as a signed request; the gateway behind the address is the office's or its carrier's."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import aiohttp

from bot.clock import Clock
from bot.desk.cases.signing import OfficeKey, request_text
from bot.desk.notices.ports import Letter
from bot.errors import Misconfigured, TryAgain, Undeliverable
from connectors.calling import Line, object_of

SECONDS = 10.0
ANSWER_BYTES = 64 * 1024
MISCONFIGURED_SECONDS = 300.0


class SmsSender:
    """Answers it understands: 200 `{"id": …}` taken, 400 or 422 `{"reason": …}` never, 401 and 403 our key, all others
    later. The same token again is the same message: the gateway must not send it twice."""

    def __init__(self, url: str, key: OfficeKey, clock: Clock) -> None:
        self._url, self._key, self._clock = url, key, clock
        parts = urlsplit(url)
        self._path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._line = Line(SECONDS)

    async def send(self, letter: Letter) -> str:
        sent = {"to": letter.to, "template": letter.template.id, "values": dict(letter.values)}
        body = json.dumps(sent, ensure_ascii=False, separators=(",", ":")).encode()
        try:
            async with self._line.session.post(self._url, data=body, headers=self._headers(letter, body)) as answer:
                return _read(answer.status, await answer.content.read(ANSWER_BYTES))
        except aiohttp.ClientConnectorError as away:
            raise TryAgain("sms_away: the gateway for text messages cannot be reached", 30.0) from away
        except (aiohttp.ClientError, TimeoutError) as broken:
            # It may have heard us; under the same token a repeat is no second message.
            raise TryAgain("sms_silent: the gateway for text messages did not answer", 30.0) from broken

    async def close(self) -> None:
        await self._line.close()

    def _headers(self, letter: Letter, body: bytes) -> dict[str, str]:
        timestamp = str(int(self._clock.now().timestamp()))
        text = request_text("POST", self._path, timestamp, letter.token, body, self._key.digest)
        return {
            "Content-Type": "application/json",
            "X-Jzt-Key": self._key.name,
            "X-Jzt-Timestamp": timestamp,
            "X-Jzt-Signature": self._key.sign(text),
            "Idempotency-Key": letter.token,
        }


def _read(status: int, body: bytes) -> str:
    if status == 200:
        return str(_field(body, "id"))[:64]
    if status in (400, 422):
        reason = str(_field(body, "reason"))[:40] or "refused_number"
        raise Undeliverable(f"{reason}: the gateway for text messages refused one", reason)
    if status in (401, 403):
        raise Misconfigured("sms_key: the gateway for text messages refused our key", MISCONFIGURED_SECONDS)
    if status in (429, 503):
        raise TryAgain(f"sms_busy: the gateway for text messages is busy ({status})", 30.0)
    raise TryAgain(f"sms_{status}: the gateway for text messages said something unknown", 30.0)


def _field(body: bytes, name: str) -> object:
    return (object_of(body) or {}).get(name, "")
