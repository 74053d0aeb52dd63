"""The platform's interfaces under /wx/cgi-bin: tokens, service messages, media, quotas, with the codes of its table."""

from __future__ import annotations

import asyncio
import base64
import hmac
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

from aiohttp import BodyPartReader, web

from bot.clock import today
from connectors.sandbox import media, service
from connectors.sandbox.injected import Prepared
from connectors.sandbox.mass import Mass
from connectors.sandbox.notices import Notices
from connectors.sandbox.platform import Platform
from connectors.sandbox.service import Refused

_Act = Callable[[web.Request, bytes], Awaitable[dict[str, Any] | web.StreamResponse]]
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_BODY_BYTES = 64 * 1024
_CLEARS_A_MONTH = 10


class Interfaces:
    """One method for each interface. Everything is HTTP 200 with an errcode, as there; only injected faults differ."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._calls: Counter[str] = Counter()
        self._day: date | None = None
        self._clears: Counter[tuple[int, int]] = Counter()
        self._mass = Mass(platform)
        self._notices = Notices(platform)

    def routes(self) -> list[web.RouteDef]:
        call = self._call
        return [
            web.get("/cgi-bin/token", call(self._token, token=False)),
            web.post("/cgi-bin/stable_token", call(self._stable_token, token=False)),
            web.post("/cgi-bin/message/custom/send", call(self._send)),
            web.post("/cgi-bin/message/custom/typing", call(self._typing)),
            web.post("/cgi-bin/media/upload", call(self._upload, body=False)),
            web.get("/cgi-bin/media/get", call(self._media)),
            web.post("/cgi-bin/openapi/quota/get", call(self._quota)),
            web.post("/cgi-bin/clear_quota", call(self._clear_quota)),
            web.get("/cgi-bin/tags/get", call(self._mass.tags, body=False)),
            web.post("/cgi-bin/message/mass/sendall", call(self._mass.send_all)),
            web.post("/cgi-bin/message/subscribe/send", call(self._notices.subscription)),
            web.post("/cgi-bin/message/template/send", call(self._notices.template)),
            web.get("/sns/jscode2session", call(self._login, token=False, body=False)),
            web.get("/picture/{media_id}", self._picture),
        ]

    def _call(self, act: _Act, *, token: bool = True, body: bool = True) -> _Handler:
        async def handler(request: web.Request) -> web.StreamResponse:
            path = _interface(request.path)
            prepared = self._platform.prepared.take(path)
            if prepared and prepared.delay:
                await asyncio.sleep(prepared.delay)
            answer: dict[str, Any] | web.StreamResponse = {}
            raw = b""
            if not prepared or prepared.done_first or _only_slow(prepared):
                try:
                    raw = await _read(request) if body else b""
                    self._count(path)
                    if token:
                        self._check_token(request)
                    answer = await act(request, raw)
                except Refused as refused:
                    answer = _error(refused.errcode, refused.errmsg)
            if prepared and not _only_slow(prepared):
                answer = _spoil(request, prepared)
            self._note(path, raw, answer, prepared)
            return answer if isinstance(answer, web.StreamResponse) else web.json_response(answer)

        return handler

    def _note(self, path: str, raw: bytes, answer: object, prepared: Prepared | None) -> None:
        code = answer.get("errcode", 0) if isinstance(answer, dict) else 0
        about: dict[str, Any] = {"path": path, "errcode": code}
        openid, bare = "", ""
        if "/message/" in path and raw:
            bare = raw.decode(errors="replace")
            try:
                openid = str(service.read_json(raw).get("touser") or "")
            except Refused:
                openid = ""
        resident = self._platform.residents.get(openid)
        if resident:
            about["left"] = resident.ledger.left
        if prepared:
            about["injected"] = True
        good = code == 0 and not (prepared and (prepared.drop or prepared.status >= 400))
        self._platform.travel.note(openid, "call", path.removeprefix("/cgi-bin/"), good=good, about=about, bare=bare)

    def _count(self, path: str) -> None:
        day = today(self._platform.clock)
        if day != self._day:
            self._day, self._calls = day, Counter()
        self._calls[path] += 1
        if self._calls[path] > self._platform.settings.daily_limit and path != "/cgi-bin/clear_quota":
            raise Refused(45009, "reach max api daily quota limit")

    def _check_token(self, request: web.Request) -> None:
        token = request.query.get("access_token", "")
        if not token:
            raise Refused(41001, "access_token missing")
        code = self._platform.tokens.refusal(token, self._platform.clock.now())
        if code:
            raise Refused(code, "access_token expired" if code == 42001 else "invalid credential, access_token invalid")

    def _check_account(self, appid: object, secret: object) -> None:
        settings = self._platform.settings
        if appid != settings.appid:
            raise Refused(40013, "invalid appid")
        if not hmac.compare_digest(str(secret).encode(), settings.secret.encode()):
            raise Refused(40125, "invalid appsecret")

    async def _token(self, request: web.Request, _: bytes) -> dict[str, Any]:
        if request.query.get("grant_type") != "client_credential":
            raise Refused(40002, "invalid grant_type")
        self._check_account(request.query.get("appid"), request.query.get("secret"))
        token, seconds = self._platform.tokens.plain(self._platform.clock.now())
        return {"access_token": token, "expires_in": seconds}

    async def _stable_token(self, _: web.Request, raw: bytes) -> dict[str, Any]:
        fields = service.read_json(raw)
        if fields.get("grant_type") != "client_credential":
            raise Refused(40002, "invalid grant_type")
        self._check_account(fields.get("appid"), fields.get("secret"))
        tokens, now = self._platform.tokens, self._platform.clock.now()
        made = tokens.forced(now) if fields.get("force_refresh") is True else tokens.stable(now)
        if made is None:
            raise Refused(45011, "api minute-quota reach limit")
        return {"access_token": made[0], "expires_in": made[1]}

    async def _login(self, request: web.Request, _: bytes) -> dict[str, Any]:
        self._check_account(request.query.get("appid"), request.query.get("secret"))
        openid = self._platform.redeem(request.query.get("js_code", ""))
        if not openid:
            raise Refused(40029, "invalid code")
        return {"openid": openid, "session_key": base64.b64encode(secrets.token_bytes(16)).decode()}

    async def _send(self, _: web.Request, raw: bytes) -> dict[str, Any]:
        fields = service.read_json(raw)
        platform, now = self._platform, self._platform.clock.now()
        bubble = service.bubble(fields, platform.settings.phone)
        resident = platform.residents.get(str(fields.get("touser") or ""))
        if resident is None:
            raise Refused(40003, "invalid openid")
        if not resident.follows:
            raise Refused(43004, "require subscribe")
        if resident.refuses:
            raise Refused(48002, "user refuses to accept msg")
        if bubble.media and platform.shelf.get(bubble.media, now) is None:
            raise Refused(40007, "invalid media_id")
        code = resident.ledger.refusal(now)
        if code:
            out_of = "response out of time limit or subscription is canceled"
            raise Refused(code, out_of if code == 45015 else "out of response count limit")
        platform.screens.spend(resident.openid)
        platform.screens.show(resident.openid, bubble)
        return _error(0, "ok")

    async def _typing(self, _: web.Request, raw: bytes) -> dict[str, Any]:
        fields = service.read_json(raw)
        command = fields.get("command")
        resident, now = self._platform.residents.get(str(fields.get("touser") or "")), self._platform.clock.now()
        if command not in ("Typing", "CancelTyping"):
            raise Refused(45072, "command out of enum")
        if resident is None:
            raise Refused(40003, "invalid openid")
        if resident.touched is None or (now - resident.touched).total_seconds() > 30:
            raise Refused(45080, "need last send msg")
        if command == "Typing" and resident.typing_until and now < resident.typing_until:
            raise Refused(45081, "typing status already set")
        self._platform.screens.show_typing(resident.openid, command == "Typing")
        return _error(0, "ok")

    async def _upload(self, request: web.Request, _: bytes) -> dict[str, Any]:
        kind = request.query.get("type", "")
        if kind not in media.LIMITS:
            raise Refused(40004, "invalid media type")
        content = bytearray()
        if request.content_type.startswith("multipart/"):
            async for part in await request.multipart():
                while isinstance(part, BodyPartReader) and part.name == "media" and part.filename:
                    chunk = await part.read_chunk()
                    content += chunk
                    if len(content) > media.LIMITS[kind]:
                        raise Refused(40006, "invalid media size")
                    if not chunk:
                        break
        if not content:
            raise Refused(41005, "media data missing")
        content_type = media.looks_like(bytes(content))
        if content_type not in media.KINDS[kind]:
            raise Refused(40005, "invalid file type")
        now = self._platform.clock.now()
        media_id = self._platform.shelf.keep(kind, content_type, bytes(content), now)
        name = "thumb_media_id" if kind == "thumb" else "media_id"
        return {"type": kind, name: media_id, "created_at": int(now.timestamp())}

    async def _media(self, request: web.Request, _: bytes) -> dict[str, Any] | web.StreamResponse:
        kept = self._platform.shelf.get(request.query.get("media_id", ""), self._platform.clock.now())
        if kept is None:
            raise Refused(40007, "invalid media_id")
        if kept.kind == "video":
            return {"video_url": f"{request.url.origin()}/wx/picture/{request.query['media_id']}"}
        return web.Response(body=kept.content, content_type=kept.content_type)

    async def _picture(self, request: web.Request) -> web.Response:
        """What PicUrl points to."""
        kept = self._platform.shelf.get(request.match_info["media_id"], self._platform.clock.now())
        if kept is None:
            raise web.HTTPNotFound
        nosniff = {"X-Content-Type-Options": "nosniff"}
        return web.Response(body=kept.content, content_type=kept.content_type, headers=nosniff)

    async def _quota(self, _: web.Request, raw: bytes) -> dict[str, Any]:
        path = str(service.read_json(raw).get("cgi_path") or "")
        if not path.startswith("/cgi-bin/"):
            raise Refused(76021, "cgi_path not found, please check")
        limit, used = self._platform.settings.daily_limit, self._calls[path]
        quota = {"daily_limit": limit, "used": min(used, limit), "remain": max(0, limit - used)}
        return {**_error(0, "ok"), "quota": quota}

    async def _clear_quota(self, _: web.Request, raw: bytes) -> dict[str, Any]:
        if service.read_json(raw).get("appid") != self._platform.settings.appid:
            raise Refused(40013, "invalid appid")
        day = today(self._platform.clock)
        if self._clears[(day.year, day.month)] >= _CLEARS_A_MONTH:
            raise Refused(48006, "forbid to clear quota because of reaching the limit")
        self._clears[(day.year, day.month)] += 1
        self._calls.clear()
        return _error(0, "ok")


def _interface(path: str) -> str:
    """What the caller asked for, wherever this is mounted."""
    return path[max(path.find("/cgi-bin/"), path.find("/sns/")) :]


def _error(code: int, message: str) -> dict[str, Any]:
    """The request's id ends the message, as there: nobody may match on the words."""
    rid = f" rid: {secrets.token_hex(4)}-{secrets.token_hex(4)}" if code else ""
    return {"errcode": code, "errmsg": message + rid}


def _only_slow(prepared: Prepared) -> bool:
    return not prepared.errcode and prepared.status == 200 and not prepared.drop


def _spoil(request: web.Request, prepared: Prepared) -> dict[str, Any] | web.StreamResponse:
    if prepared.drop and request.transport:
        request.transport.abort()
    if prepared.drop or prepared.status != 200:
        return web.Response(status=prepared.status if prepared.status != 200 else 500, text="injected")
    return _error(prepared.errcode, prepared.errmsg)


async def _read(request: web.Request) -> bytes:
    raw = bytearray()
    async for chunk in request.content.iter_chunked(8192):
        raw += chunk
        if len(raw) > _BODY_BYTES:
            raise Refused(45002, "content size out of limit")
    return bytes(raw)
