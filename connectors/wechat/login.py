"""Opening the mini program is a login: its page sends the code it was given, and gets a session of ours for that person.

What WeChat says of them, the session key above all, stays here; the page learns our token and nothing else.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from bot.errors import Forged, TryAgain, Undeliverable
from connectors.wechat import mini
from connectors.wechat.client import Login, WeChatClient

PATH = "/mini/login"
BODY_BYTES = 16 * 1024
READ_SECONDS = 5.0

_log = logging.getLogger(__name__)
_HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}

Opened = Callable[[str], Mapping[str, Any]]
"""A session for this openid, as the app's API tells one: {session_id, token, expires_in, rights}."""
Allowed = Callable[[str], bool]
"""Whether this address may ask once more now."""


def mount_login(app: web.Application, client: WeChatClient, appid: str, opened: Opened, allowed: Allowed) -> None:
    """`POST /mini/login {code}`; `encrypted_data` and `iv`, or `raw_data` and `signature`, where given, must hold for it."""

    async def login(request: web.Request) -> web.Response:
        if not allowed(request.remote or ""):
            return _refused(429, "too_many", "请过一会儿再打开。")
        try:
            asked = await _asked(request)
            found = await client.login(asked["code"])
            _check(asked, found, appid)
        except Forged:
            return _refused(400, "bad_request", "请重新打开小程序。")
        except Undeliverable:
            # Wrong, used, too old, or a person WeChat thinks risky: all the same from outside.
            return _refused(401, "unauthorized", "请重新打开小程序。")
        except TryAgain as away:
            _log.warning("a mini program's login had to be put off: %s", str(away).partition(":")[0])
            return _refused(503, "try_again", "微信没有回应，请再试一次。")
        return web.json_response(opened(found.openid), status=201, headers=_HEADERS)

    app.router.add_post(PATH, login)


async def _asked(request: web.Request) -> Mapping[str, str]:
    try:
        async with asyncio.timeout(READ_SECONDS):
            body = await request.content.read(BODY_BYTES + 1)
            while not request.content.at_eof() and len(body) <= BODY_BYTES:
                body += await request.content.read(BODY_BYTES)
        asked = json.loads(body) if len(body) <= BODY_BYTES else None
    except (TimeoutError, ValueError, RecursionError):
        raise Forged("body") from None
    known = {"code", "encrypted_data", "iv", "raw_data", "signature"}
    if (
        not isinstance(asked, dict)
        or not set(asked) <= known
        or not all(isinstance(one, str) for one in asked.values())
    ):
        raise Forged("body")
    if not 1 <= len(asked.get("code", "")) <= 128 or not asked["code"].isascii() or not asked["code"].isprintable():
        raise Forged("body")
    return asked


def _check(asked: Mapping[str, str], found: Login, appid: str) -> None:
    if "encrypted_data" in asked or "iv" in asked:
        data = mini.user_data(appid, found.session_key, asked.get("iv", ""), asked.get("encrypted_data", ""))
        if data.get("openId", found.openid) != found.openid:
            raise Forged("person")
    if "raw_data" in asked or "signature" in asked:
        mini.check_raw_data(asked.get("raw_data", ""), found.session_key, asked.get("signature", ""))


def _refused(status: int, code: str, message: str) -> web.Response:
    return web.json_response({"code": code, "message": message}, status=status, headers=_HEADERS)
