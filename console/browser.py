"""What is known of the browser that asks: where it is, its cookies, and the token its forms must send back."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import secrets
from ipaddress import ip_address

from aiohttp import web

from bot.desk.staff_ports import Session
from bot.staff import Staff

SECURE: web.AppKey[bool] = web.AppKey("secure", bool)
STAFF: web.RequestKey[Staff] = web.RequestKey("staff", Staff)
SESSION: web.RequestKey[Session] = web.RequestKey("session", Session)
_FRESH: web.RequestKey[str] = web.RequestKey("fresh", str)
"""A cookie for forms that this answer brings first."""
_SESSION, _BEFORE = "console", "console-before"
"""The session's token; what proves a form that is sent before anybody is signed in. By https both are `__Host-` cookies, which
no other host of the same domain can set."""
_TWELVE_HOURS = 43_200


def address_of(request: web.Request) -> str:
    """Where a browser is. By https a proxy of ours stands in front: what it says last is true, what came with the request is
    only said."""
    peer = request.remote or ""
    if request.app[SECURE] and _loopback(peer):
        told = request.headers.get("X-Forwarded-For", "").rsplit(",", 1)[-1].strip()
        with contextlib.suppress(ValueError):
            return str(ip_address(told))
    return peer


def session_token(request: web.Request) -> str:
    return request.cookies.get(_named(request, _SESSION), "")


def begin_session(request: web.Request, response: web.StreamResponse, token: str) -> None:
    _set_cookie(request, response, _SESSION, token)


def end_session(request: web.Request, response: web.StreamResponse) -> None:
    secure = request.app[SECURE]
    response.del_cookie(_named(request, _SESSION), path="/", httponly=True, samesite="Strict", secure=secure)


def form_token(request: web.Request) -> str:
    """What a form of this page must send back. Bound to the session, or before that to a cookie of its own."""
    return _token(request.get(_FRESH) or _bound(request))


def form_token_fits(request: web.Request, sent: object) -> bool:
    bound = _bound(request)
    return bool(bound) and isinstance(sent, str) and hmac.compare_digest(sent.encode(), _token(bound).encode())


def begin_before(request: web.Request) -> None:
    """For a page with a form that is shown before anybody is signed in."""
    if not _bound(request):
        request[_FRESH] = secrets.token_urlsafe(24)


def before_signing_in(request: web.Request, response: web.Response) -> None:
    """The cookie that binds a form nobody is signed in for."""
    if fresh := request.get(_FRESH):
        _set_cookie(request, response, _BEFORE, fresh)


def _set_cookie(request: web.Request, response: web.StreamResponse, name: str, value: str) -> None:
    named, secure = _named(request, name), request.app[SECURE]
    response.set_cookie(named, value, path="/", httponly=True, samesite="Strict", secure=secure, max_age=_TWELVE_HOURS)


def _named(request: web.Request, name: str) -> str:
    return f"__Host-{name}" if request.app[SECURE] else name


def _bound(request: web.Request) -> str:
    """The cookie that proves forms: the session's, or the one from before."""
    return request.cookies.get(_named(request, _SESSION if SESSION in request else _BEFORE), "")


def _token(bound: str) -> str:
    return hashlib.sha256(b"form|" + bound.encode()).hexdigest()


def _loopback(peer: str) -> bool:
    try:
        return ip_address(peer).is_loopback
    except ValueError:
        return False
