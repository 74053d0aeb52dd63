"""What stands before every page: who asks, whether they may, and that it was really them.

- Every answer carries the same headers; nothing is cached, nothing foreign is loaded, no script or style stands in a page.
- A route is served only if the table of rights names it, and to whom it names.
- A form counts only with the token of the session it was shown in, and from a page of ours.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import hdrs, web

from bot.desk.desk import Desk
from bot.desk.staff.signing_in import who
from bot.desk.staff_ports import Session
from bot.errors import BadInput, Conflict, NotYours, TryAgain
from bot.staff import Staff
from console import rights
from console.rendering import problem

DESK: web.AppKey[Desk] = web.AppKey("desk", Desk)
SECURE: web.AppKey[bool] = web.AppKey("secure", bool)
COOKIE = "console"
BEFORE = "console-before"
"""Proves a form that is sent before anybody is signed in."""
BODY_BYTES = 256 * 1024
_SAFE = {hdrs.METH_GET, hdrs.METH_HEAD}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}


async def harden(_: web.Request, response: web.StreamResponse) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The one way in. What goes wrong is one clear sentence on a page, never a trace."""
    try:
        return await _guarded(request, handler)
    except NotYours as refused:
        return problem(request, 403, str(refused))
    except BadInput as wrong:
        return problem(request, 400, str(wrong))
    except Conflict as late:
        return problem(request, 409, str(late))
    except TryAgain:
        return problem(request, 503, "系统正忙，刚才没有保存。请过一会儿再试。")
    except web.HTTPNotFound:
        return problem(request, 404, "没有这一页，或者不归您管。")
    except web.HTTPMethodNotAllowed:
        return problem(request, 405, "这一页不能这样用。")


async def _guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    resource = request.match_info.route.resource
    if resource is None:
        raise web.HTTPNotFound
    right = rights.table().get((request.method, resource.canonical))
    if right is None:
        raise web.HTTPNotFound
    found = await who(request.app[DESK], request.cookies.get(COOKIE, ""), request.headers.get("User-Agent", ""))
    if found:
        request["staff"], request["session"] = found
    if request.method not in _SAFE:
        await _really_them(request)
    if not rights.allowed(right, found[0] if found else None):
        if found is None and request.method in _SAFE:
            raise web.HTTPSeeOther("/sign-in")
        # What one may not see does not exist for one.
        return problem(request, 403 if found is None else 404, "没有这一页，或者不归您管。")
    return await handler(request)


def staff_of(request: web.Request) -> Staff:
    found: Staff = request["staff"]
    return found


def session_of(request: web.Request) -> Session:
    found: Session = request["session"]
    return found


def form_token(request: web.Request) -> str:
    """What a form of this page must send back. Bound to the session, or before that to a cookie of its own."""
    bound = (
        request.cookies.get(COOKIE) if "session" in request else request.get("before") or request.cookies.get(BEFORE)
    )
    return _token(bound or "")


def before_signing_in(request: web.Request, response: web.Response) -> None:
    """The cookie that binds a form nobody is signed in for."""
    if fresh := request.get("before"):
        set_cookie(request, response, BEFORE, fresh)


def begin_before(request: web.Request) -> None:
    if not request.cookies.get(BEFORE):
        request["before"] = secrets.token_urlsafe(24)


def set_cookie(request: web.Request, response: web.StreamResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, path="/", httponly=True, samesite="Strict", secure=request.app[SECURE], max_age=43_200
    )


async def _really_them(request: web.Request) -> None:
    """Raises NotYours for a form that another site sent, or that has no token of this session."""
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise NotYours("这个请求不是从本页面发出的，没有执行。")
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise NotYours("这个请求不是从本页面发出的，没有执行。")
    if request.content_type != "application/x-www-form-urlencoded":
        raise NotYours("这个请求不是从本页面发出的，没有执行。")
    sent = (await request.post()).get("form_token", "")
    bound = request.cookies.get(COOKIE) if "session" in request else request.cookies.get(BEFORE)
    if not bound or not isinstance(sent, str) or not hmac.compare_digest(sent.encode(), _token(bound).encode()):
        raise NotYours("这一页放得太久了，没有执行。请刷新后再试。")


def _token(bound: str) -> str:
    return hashlib.sha256(b"form|" + bound.encode()).hexdigest()
