"""Around every call: who may ask from where, how often, and how every answer leaves."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from bot.desk.desk import Desk
from bot.errors import Forged, TryAgain
from connectors import metrics
from connectors.app.limits import Limits
from connectors.app.problems import STATUS, Problem, line
from connectors.app.sessions import Session, Sessions
from connectors.app.settings import AppSettings

_log = logging.getLogger(__name__)
Open = Callable[[web.Request], Awaitable[web.StreamResponse]]
Spoken = Callable[[web.Request, Session], Awaitable[web.StreamResponse]]

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}
_CORS_HEADERS = "Authorization, Content-Type, Idempotency-Key, Last-Event-ID"
NAMED_A_MINUTE, ANONYMOUS_A_MINUTE = 600, 240
"""Calls of one session, reading among them."""


class Guard:
    def __init__(self, desk: Desk, settings: AppSettings) -> None:
        self.desk, self.settings = desk, settings
        self.sessions, self.limits = Sessions(settings.secret), Limits()
        self.paths: set[str] = set()
        """Patterns of what is answered here, to tell a wrong method from a wrong path."""

    def open(self, handler: Open) -> Open:
        """For calls that need no session."""

        async def answer(request: web.Request) -> web.StreamResponse:
            response = await self._answered(request, handler)
            if not response.prepared:
                response.headers.update(self.headers(request))
            metrics.APP.labels(str(response.status)).inc()
            return response

        return answer

    def session(self, handler: Spoken, kind: str = "call", named: int = 0, anonymous: int = 0) -> Open:
        """For calls of somebody; `named`, `anonymous`: how many of this kind a minute, beside the limit of all."""

        async def known(request: web.Request) -> web.StreamResponse:
            session = self.bearer(request)
            self.take(f"all {session.sender}", NAMED_A_MINUTE if session.named else ANONYMOUS_A_MINUTE)
            if named:
                self.take(f"{kind} {session.sender}", named if session.named else anonymous)
            return await handler(request, session)

        return self.open(known)

    def bearer(self, request: web.Request) -> Session:
        given = request.headers.getall("Authorization", [])
        scheme, _, token = given[0].partition(" ") if len(given) == 1 else ("", "", "")
        if scheme.lower() != "bearer":
            raise Problem("unauthorized")
        try:
            return self.sessions.read(token.strip(), self.desk.clock.now())
        except Forged as error:
            raise Problem("unauthorized") from error

    def take(self, key: str, per_minute: int) -> None:
        if wait := self.limits.wait(key, per_minute):
            raise Problem("too_many", wait)

    def address(self, remote: str | None, share: int = 1) -> None:
        """Count a call of an address as it stands on the line; what a header says of it is nobody's word."""
        if self.settings.per_address:
            self.take(f"address {share} {remote}", max(1, self.settings.per_address // share))

    def allowed(self, origin: str) -> bool:
        return origin in self.settings.origins

    def headers(self, request: web.Request) -> dict[str, str]:
        origin = request.headers.get("Origin", "")
        told = dict(HEADERS)
        if self.settings.origins:
            told["Vary"] = "Origin"
        if self.allowed(origin):
            told |= {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": "Retry-After"}
        return told

    def problem(self, code: str, after: int = 0) -> web.Response:
        response = reply({"code": code, "message": line(self.desk, code)}, STATUS[code])
        if STATUS[code] in (429, 503):
            response.headers["Retry-After"] = str(max(1, after))
        if code == "unauthorized":
            response.headers["WWW-Authenticate"] = "Bearer"
        return response

    async def elsewhere(self, request: web.Request) -> web.StreamResponse:
        """Whatever no route answers: a browser's question before a call, a wrong method, a wrong path."""
        known = any(re.fullmatch(path, request.path) for path in self.paths)
        if request.method == "OPTIONS" and self.allowed(request.headers.get("Origin", "")):
            return web.Response(
                status=204,
                headers={
                    "Access-Control-Allow-Methods": "GET, POST",
                    "Access-Control-Allow-Headers": _CORS_HEADERS,
                    "Access-Control-Max-Age": "600",
                },
            )
        if known:
            response = self.problem("not_allowed")
            response.headers["Allow"] = "GET, POST"
            return response
        raise Problem("not_found")

    async def _answered(self, request: web.Request, handler: Open) -> web.StreamResponse:
        try:
            self.address(request.remote)
            return await handler(request)
        except Problem as problem:
            if problem.code == "unauthorized":
                metrics.REFUSED.labels("app").inc()
            response = self.problem(problem.code, problem.after)
        except TryAgain as busy:
            response = self.problem("busy", round(busy.after))
        except ConnectionError:
            return web.Response(status=499, text="gone")
        except web.HTTPException as error:
            response = self.problem("too_large" if error.status == 413 else "bad_request")
        except Exception as error:
            _log.error("a call of the app failed: %s", type(error).__name__, exc_info=error)
            response = self.problem("error")
        if request.can_read_body and not request.content.at_eof():
            response.force_close()  # its body was not read, and will not be
        return response


def reply(data: Mapping[str, Any] | list[Any], status: int = 200) -> web.Response:
    return web.json_response(data, status=status, dumps=lambda value: json.dumps(value, ensure_ascii=False))
