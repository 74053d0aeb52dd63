"""The office's own system asks for cases and tells what became of them. Every request is signed; docs/office-exchange.md
is the contract. Whoever cannot prove themselves gets one answer, whatever was wrong."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from aiohttp import web

from bot.desk.cases import exchange
from bot.desk.cases.signing import IDEMPOTENCY, OfficeKey, Signed, plain_hash, prove
from bot.desk.desk import Desk
from bot.errors import BadInput, Conflict, Forged, TryAgain
from connectors import metrics

READ_SECONDS = 5.0
_HEADERS = ("X-Jzt-Key", "X-Jzt-Timestamp", "X-Jzt-Signature")
_IDEMPOTENCY_HEADER = "Idempotency-Key"
_log = logging.getLogger(__name__)
Handler = Callable[[web.Request, OfficeKey, bytes], Awaitable[web.Response]]


def mount_office(app: web.Application, desk: Desk, keys: Sequence[OfficeKey]) -> None:
    """Add /office/cases to the gateway's server, for the holders of these keys."""
    door = _Office(desk, tuple(keys))
    for method, path, handler in (
        ("GET", "/office/cases", door.waiting),
        ("GET", "/office/cases/{number}/package", door.package),
        ("POST", "/office/cases/{number}/acknowledgement", door.acknowledge),
        ("POST", "/office/cases/{number}/moves", door.move),
    ):
        app.router.add_route(method, path, door.guarded(handler))


class _Office:
    def __init__(self, desk: Desk, keys: tuple[OfficeKey, ...]) -> None:
        self._desk, self._keys = desk, keys

    def guarded(self, handler: Handler) -> Callable[[web.Request], Awaitable[web.Response]]:
        """Size, proof, then the handler; errors as status codes that say what to do next."""

        async def answer(request: web.Request) -> web.Response:
            try:
                body = await self._body(request)
                key = prove(self._keys, _signed(request, body), self._desk.clock.now())
                response = await handler(request, key, body)
            except Forged:
                metrics.REFUSED.labels("office").inc()
                response = web.Response(status=403, text="forbidden")
            except BadInput as bad:
                response = _json({"error": str(bad)}, 400)
            except Conflict as conflict:
                response = _json({"error": str(conflict)}, 409)
            except TryAgain:
                response = _json({"error": "try again"}, 503)
            except web.HTTPException as error:
                response = web.Response(status=error.status, text=error.reason)
                response.force_close()  # its body was not read, and will not be
            except Exception as error:
                _log.error("a request of the office failed: %s", type(error).__name__, exc_info=error)
                response = web.Response(status=500, text="error")
            response.headers.update({"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"})
            metrics.OFFICE.labels(str(response.status)).inc()
            return response

        return answer

    async def _body(self, request: web.Request) -> bytes:
        if request.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise web.HTTPUnsupportedMediaType
        try:
            return await asyncio.wait_for(request.read(), READ_SECONDS)
        except TimeoutError as late:
            raise web.HTTPRequestTimeout from late

    async def waiting(self, request: web.Request, key: OfficeKey, body: bytes) -> web.Response:
        """What the office has not acknowledged yet, oldest first."""
        unknown = set(request.query) - {"after", "limit"}
        if unknown:
            raise BadInput(f"the query has the unknown name {sorted(unknown)[0]!r}; give only after and limit")
        return _json(await exchange.waiting(self._desk, key, request.query.get("after", ""), _limit(request)))

    async def package(self, request: web.Request, key: OfficeKey, body: bytes) -> web.Response:
        made = await exchange.fetch(self._desk, key, request.match_info["number"])
        if made is None:
            return _json(exchange.NOT_FOUND, 404)
        return web.Response(
            body=made.data,
            content_type="application/zip",
            headers={"Content-Disposition": f'attachment; filename="{made.name}"', "X-Jzt-Package": made.id},
        )

    async def acknowledge(self, request: web.Request, key: OfficeKey, body: bytes) -> web.Response:
        return await self._once(request, key, body, exchange.acknowledge)

    async def move(self, request: web.Request, key: OfficeKey, body: bytes) -> web.Response:
        return await self._once(request, key, body, exchange.move)

    async def _once(self, request: web.Request, key: OfficeKey, body: bytes, change: exchange.Change) -> web.Response:
        """A change, done once for each idempotency key; the same request again gets the first one's answer."""
        idempotency = request.headers.get(_IDEMPOTENCY_HEADER, "")
        if not IDEMPOTENCY.fullmatch(idempotency):
            raise BadInput("the header Idempotency-Key is missing or not 8 to 128 letters, digits, or ._:-; send one")
        told = await exchange.once(
            self._desk,
            key,
            idempotency,
            plain_hash("sha256", request.raw_path.encode() + b"\n" + body),
            request.match_info["number"],
            _read(body),
            change,
        )
        return _json(told.body, told.status)


def _signed(request: web.Request, body: bytes) -> Signed:
    """Raises Forged when a header that proves is missing or stands there twice."""
    values = []
    for name in _HEADERS:
        given = request.headers.getall(name, [])
        if len(given) != 1:
            raise Forged(f"{name} is there {len(given)} times")
        values.append(given[0])
    idempotency = request.headers.getall(_IDEMPOTENCY_HEADER, [""])
    if len(idempotency) != 1:
        raise Forged("more than one idempotency key")
    return Signed(request.method, request.raw_path, values[0], values[1], values[2], idempotency[0], body)


def _read(body: bytes) -> Mapping[str, Any]:
    try:
        data = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadInput("the body is not JSON in UTF-8; send an object") from error
    if not isinstance(data, dict):
        raise BadInput("the body is not a JSON object; send an object")
    return data


def _limit(request: web.Request) -> int:
    said = request.query.get("limit", "50")
    if not (said.isascii() and said.isdecimal() and 1 <= int(said[:6]) <= 200 and len(said) <= 3):
        raise BadInput("limit is not a whole number from 1 to 200; send one, or leave it out")
    return int(said)


def _json(data: Mapping[str, Any], status: int = 200) -> web.Response:
    return web.json_response(dict(data), status=status, dumps=lambda value: json.dumps(value, ensure_ascii=False))
