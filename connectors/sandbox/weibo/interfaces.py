"""Weibo's interfaces under /wb: a reply outside the exchange, and a picture by the account's copy of it."""

from __future__ import annotations

import asyncio
import hmac
import json
from urllib.parse import parse_qsl

from aiohttp import web

from connectors.sandbox.injected import Prepared
from connectors.sandbox.platform import Platform
from connectors.sandbox.weibo.dialect import bubble, refusal

REPLY, MEDIA = "/2/messages/reply.json", "/2/mss/msget"
EXPIRED, WRONG_TOKEN, WINDOW, ARGUMENT, NO_USER = 21327, 21332, 26403, 10008, 20003
_BODY_BYTES = 64 * 1024


class _Refused(Exception):
    def __init__(self, code: int, error: str) -> None:
        super().__init__(error)
        self.code = code


class WeiboInterfaces:
    """Failures are HTTP 400 with an error_code, as there. `expire` ends the page-issued token."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def routes(self) -> list[web.RouteDef]:
        return [web.post(REPLY, self._reply), web.get(MEDIA, self._media)]

    async def _reply(self, request: web.Request) -> web.StreamResponse:
        raw = await request.content.read(_BODY_BYTES)
        form = dict(parse_qsl(raw.decode(errors="replace"), keep_blank_values=True))
        prepared = self._platform.prepared.take(REPLY)
        if prepared and prepared.delay:
            await asyncio.sleep(prepared.delay)
        fan = form.get("receiver_id", "")
        answer = {"result": True, "receiver_id": fan, "sender_id": self._platform.settings.account, "type": "text"}
        code, error = 0, ""
        if prepared is None or prepared.done_first or not (prepared.errcode or prepared.drop or prepared.status != 200):
            try:
                self._send(form)
            except _Refused as refused:
                code, error = refused.code, str(refused)
        if prepared and prepared.errcode:
            code, error = prepared.errcode, prepared.errmsg
        told = {"path": REPLY, "errcode": code} | ({"injected": True} if prepared else {})
        self._platform.travel.note(
            fan, "call", "messages/reply", good=not code, about=told, bare=form.get("data", "")[:4000]
        )
        if prepared and (prepared.drop or prepared.status != 200):
            return _spoiled(request, prepared)
        if code:
            return web.json_response({"request": REPLY, "error_code": code, "error": error}, status=400)
        return web.json_response(answer | {"data": form.get("data", "")})

    def _send(self, form: dict[str, str]) -> None:
        platform, now = self._platform, self._platform.clock.now()
        self._check_token(form.get("access_token", ""))
        fan = platform.residents.get(form.get("receiver_id", ""))
        if fan is None:
            raise _Refused(NO_USER, "User does not exists!")
        try:
            # What was encoded twice arrives as percent signs and is no JSON.
            text = str(json.loads(form.get("data", ""))["text"]) if form.get("type") == "text" else ""
        except (ValueError, KeyError, TypeError):
            text = ""
        if refusal(text):
            raise _Refused(ARGUMENT, refusal(text))
        if fan.ledger.refusal(now):
            raise _Refused(WINDOW, "already replied or expired")
        platform.screens.spend(fan.openid)
        platform.screens.show(fan.openid, bubble(text, "service"))

    async def _media(self, request: web.Request) -> web.StreamResponse:
        platform = self._platform
        try:
            self._check_token(request.query.get("access_token", ""))
        except _Refused as refused:
            return web.json_response({"request": MEDIA, "error_code": refused.code, "error": str(refused)}, status=400)
        kept = platform.shelf.get(request.query.get("fid", ""), platform.clock.now())
        if kept is None:
            return web.json_response({"request": MEDIA, "error_code": ARGUMENT, "error": "no such fid"}, status=400)
        return web.Response(body=kept.content, content_type=kept.content_type)

    def _check_token(self, token: str) -> None:
        if self._platform.expired:
            raise _Refused(EXPIRED, "expired_token")
        if not hmac.compare_digest(token.encode(), self._platform.settings.token.encode()):
            raise _Refused(WRONG_TOKEN, "invalid_access_token")


def _spoiled(request: web.Request, prepared: Prepared) -> web.Response:
    if prepared.drop and request.transport:
        request.transport.abort()
    return web.Response(status=prepared.status if prepared.status != 200 else 500, text="injected")
