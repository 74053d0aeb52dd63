"""What stands before every page: who asks, whether they may, and that it was really them.

- Every answer carries the same headers; nothing is cached, nothing foreign is loaded, no script or style stands in a page.
- A route is served only if the table of rights names it, and to whom it names.
- A form counts only with the token of the session it was shown in, and from a page of ours.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import structlog
from aiohttp import hdrs, web

from bot.audit import Deed
from bot.desk.desk import Desk
from bot.desk.staff.signing_in import who
from bot.desk.staff_ports import Session
from bot.errors import BadInput, Conflict, NotYours, TryAgain
from bot.staff import Staff
from console import rights
from console.browser import SECURE, SESSION, STAFF, address_of, form_token_fits, session_token
from console.rendering import problem

DESK: web.AppKey[Desk] = web.AppKey("desk", Desk)
BODY_BYTES = 256 * 1024
UPLOADS = {"/workbooks": 6 * 2**20}
"""Forms that carry a file, and how large they may be; all others carry words only."""
_SAFE = {hdrs.METH_GET, hdrs.METH_HEAD}
_NOT_HERE = "没有这一页，或者不归您管。"
_NOT_OURS = "这个请求不是从本页面发出的，没有执行。"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_log = structlog.get_logger()

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # With `no-referrer` Chromium calls the origin of our own forms `null`, and none of them would count.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}


async def harden(_: web.Request, response: web.StreamResponse) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    # What serves is nobody's business.
    response.headers["Server"] = "jiuzhutong"


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
        return problem(request, 404, _NOT_HERE)
    except web.HTTPMethodNotAllowed:
        return problem(request, 405, "这一页不能这样用。")
    except web.HTTPRequestEntityTooLarge:
        return problem(request, 413, "发来的内容太大了，没有保存。请减少一些再试。")
    except web.HTTPException:
        raise
    except Exception:
        _log.exception("a page failed", route=_route(request))
        return problem(request, 500, "系统出错了，已经记下。刚才的事请看看做成没有，再试一次。")


async def _guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
    right = rights.table().get((request.method, _route(request)))
    if right is None:
        raise web.HTTPNotFound
    agent = request.headers.get("User-Agent", "")
    address, counts = address_of(request), not refreshes_itself(request)
    found = await who(request.app[DESK], session_token(request), agent, address, counts=counts)
    staff = found[0] if found else None
    if found:
        request[STAFF], request[SESSION] = found
    if request.method in _SAFE or _route(request) not in UPLOADS or not rights.allowed(right, staff):
        return await _answered(request, right, staff, handler)
    # For those who may: anybody else is stopped at the size of an ordinary form.
    larger = request.clone(client_max_size=UPLOADS[_route(request)])
    try:
        return await _answered(larger, right, staff, handler)
    finally:
        larger._finish()  # closes the file; the server does so for the request it knows only


async def _answered(request: web.Request, right: str, staff: Staff | None, handler: Handler) -> web.StreamResponse:
    if request.method not in _SAFE:
        try:
            await _really_them(request)
        except NotYours:
            await _record_refusal(request, staff)
            raise
    if not rights.allowed(right, staff):
        if staff is None and request.method in _SAFE:
            raise web.HTTPSeeOther("/sign-in")
        await _record_refusal(request, staff)
        # What one may not see does not exist for one.
        return problem(request, 403 if staff is None else 404, _NOT_HERE)
    return await handler(request)


def refreshes_itself(request: web.Request) -> bool:
    """Asked by an open page, not by somebody who sits before it."""
    return request.headers.get("X-Live") == "1" or _route(request) == "/live"


def staff_of(request: web.Request) -> Staff:
    return request[STAFF]


def session_of(request: web.Request) -> Session:
    return request[SESSION]


async def _really_them(request: web.Request) -> None:
    """Raises NotYours for a form that another site sent, or that has no token of this session."""
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise NotYours(_NOT_OURS)
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise NotYours(_NOT_OURS)
    files = {"multipart/form-data"} if _route(request) in UPLOADS else set()
    if request.content_type not in {"application/x-www-form-urlencoded", *files}:
        raise NotYours(_NOT_OURS)
    if not form_token_fits(request, (await request.post()).get("form_token", "")):
        raise NotYours("这一页放得太久了，没有执行。请刷新后再试。")


async def _record_refusal(request: web.Request, staff: Staff | None) -> None:
    """What somebody who works here tried and may not. Strangers are no lines: they could fill the log."""
    if staff is None:
        return
    desk = request.app[DESK]
    async with desk.store.writing() as work:
        await work.audit.add(staff.id, Deed.REFUSED, f"route:{request.method} {_route(request)}", desk.clock.now())
        await work.commit()


def watched(handler: Handler) -> Handler:
    """That somebody asked for what is another place's stands in the log."""

    async def asked(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except NotYours:
            await _record_refusal(request, staff_of(request))
            raise

    return asked


def _route(request: web.Request) -> str:
    """The path as the table of rights writes it; empty for one that is none of ours. What a visitor typed is in no log."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else ""


__all__ = ["DESK", "SECURE", "guard", "harden", "refreshes_itself", "session_of", "staff_of", "watched"]
