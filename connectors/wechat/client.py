"""Calls to WeChat: one session, short timeouts, UTF-8 JSON, one refresh and one repeat, every failure by name.

Own code on aiohttp, not `wechatpy.client`: that blocks, has no timeout, and meets a lasting 40001 with recursion.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.clock import Clock
from bot.desk.ports import Store
from bot.errors import Misconfigured, TryAgain, Undeliverable
from connectors.calling import Line, object_of, picture
from connectors.verdicts import ALARM_SECONDS, Action, Alarm, Stops
from connectors.wechat.errors import UNCONFIRMED, verdict_of
from connectors.wechat.settings import WeChatSettings
from connectors.wechat.token import Fetched, TokenKeeper

LARGEST_ANSWER = 1024 * 1024
MEDIA, MATERIAL = "/cgi-bin/media/get", "/cgi-bin/material/add_material"
LOGIN = "/sns/jscode2session"


@dataclass(frozen=True, slots=True)
class Login:
    openid: str
    session_key: str = field(repr=False)
    """Opens what the mini program encrypts. It leaves this server never, and is not kept."""


def redact(text: str) -> str:
    """For anything that may hold one of WeChat's addresses: tokens and secrets travel in their queries."""
    return re.sub(
        r"(?i)\b(access_token|secret|session_key|js_code)([\"']?\s*[=:]\s*[\"']?)[^\s&\"',}]+", r"\1\2***", text
    )


class WeChatClient:
    """`platform`: how logs call it; an official account and a mini program each have one."""

    def __init__(
        self,
        settings: WeChatSettings,
        store: Store,
        clock: Clock,
        alarm: Alarm | None = None,
        platform: str = "wechat",
    ) -> None:
        self._settings = settings
        self._stops = Stops(platform, clock, alarm)
        self.tokens = TokenKeeper(f"wechat:{settings.appid}", store, clock, self._fetch_token)
        self._line = Line()

    async def close(self) -> None:
        await self._line.close()

    async def post(self, path: str, payload: Mapping[str, Any], *, bearable: str = "") -> Mapping[str, Any]:
        """WeChat's answer when its code says done. Raises what `errors.fault` names.

        `bearable`: the name of a verdict the caller has an answer to; it is Undeliverable then, and nobody is alarmed.
        """
        answer = await self._with_token(
            path, lambda token: self._call(path, payload, {"access_token": token}), bearable
        )
        assert isinstance(answer, Mapping)
        return answer

    async def look(self, path: str) -> Mapping[str, Any]:
        """As `post`, for what only asks."""
        answer = await self._with_token(path, lambda token: self._call(path, None, {"access_token": token}))
        assert isinstance(answer, Mapping)
        return answer

    async def login(self, code: str) -> Login:
        """Who opened the mini program, for the code its page was given. Raises Undeliverable when the code is no good.

        https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/code2Session.html
        """
        self._stops.check(LOGIN)
        asked = {"appid": self._settings.appid, "secret": self._settings.secret, "js_code": code}
        try:
            answer = await self._call(LOGIN, None, {**asked, "grant_type": "authorization_code"})
        except Undeliverable:
            raise TryAgain("login_unconfirmed: WeChat did not answer for a login; repeat it", 2.0) from None
        verdict = verdict_of(_code(answer))
        if verdict.action is not Action.DONE:
            raise self._stops.fault(LOGIN, verdict)
        openid, key = answer.get("openid"), answer.get("session_key")
        if not (isinstance(openid, str) and openid and isinstance(key, str)):
            raise TryAgain("login_unreadable: WeChat answered a login with something else; repeat it", 2.0)
        return Login(openid, key)

    async def add_material(self, content: bytes, kind: str, name: str) -> str:
        """A file of ours, kept by WeChat for good (pictures of articles); its id. Raises what `verdicts.fault` names.

        https://developers.weixin.qq.com/doc/service/api/material/permanent/api_addmaterial.html
        """

        async def call(token: str) -> Mapping[str, Any]:
            # Names in other letters are refused by some of their servers, so ours are plain.
            form = aiohttp.FormData(quote_fields=False)
            form.add_field("media", content, filename=name, content_type="application/octet-stream")
            return await self._call(MATERIAL, form, {"access_token": token, "type": kind})

        answer = await self._with_token(MATERIAL, call)
        assert isinstance(answer, Mapping)
        found = answer.get("media_id")
        if not isinstance(found, str) or not found:
            raise Undeliverable("unreadable: WeChat took a file and named no id for it", "unreadable")
        return found

    async def media(self, media: str) -> bytes:
        """A picture somebody sent, kept by WeChat for three days. Raises what `errors.fault` names: Undeliverable when it
        will never come (gone, too large, no picture).

        https://developers.weixin.qq.com/doc/service/api/material/temporary/api_getmedia.html
        """
        answer = await self._with_token(MEDIA, lambda token: self._download(media, token))
        if not isinstance(answer, bytes):
            # What a video is answered with.
            raise Undeliverable("not_a_picture: WeChat gave an address instead of a picture", "not_a_picture")
        return answer

    async def _with_token(
        self, path: str, call: Callable[[str], Awaitable[Mapping[str, Any] | bytes]], bearable: str = ""
    ) -> Mapping[str, Any] | bytes:
        """One refresh of the token and one repeat; every other code of failure by its name."""
        self._stops.check(path)
        token = await self.tokens.get()
        answer = await call(token)
        verdict = verdict_of(_code(answer))
        if verdict.action is Action.REFRESH:
            token = await self.tokens.replace(token)
            answer = await call(token)
            verdict = verdict_of(_code(answer))
            if verdict.action is Action.REFRESH:
                self._stops.alarm("token_refused")
                await self.tokens.force(token)
        if verdict.name == bearable:
            raise Undeliverable(f"{verdict.name}: {verdict.staff}", verdict.name)
        if verdict.action is not Action.DONE:
            raise self._stops.fault(path, verdict)
        return answer

    async def _fetch_token(self, force: bool) -> Fetched:
        path = "/cgi-bin/stable_token"
        self._stops.check(path)
        asked = {
            "grant_type": "client_credential",
            "appid": self._settings.appid,
            "secret": self._settings.secret,
            "force_refresh": force,
        }
        try:
            answer = await self._call(path, asked, {})
        except Undeliverable:
            # A token asked for twice is the same token.
            raise TryAgain("token_unconfirmed: WeChat did not answer our wish for a token; repeat later", 2.0) from None
        verdict = verdict_of(_code(answer))
        if verdict.action is Action.DONE:
            return _fetched(answer)
        if verdict.action is Action.REFRESH:
            # For this call 40001 means the secret.
            verdict = verdict_of(40125)
        found = self._stops.fault(path, verdict)
        raise found if isinstance(found, TryAgain) else Misconfigured(str(found), ALARM_SECONDS)

    async def _call(
        self, path: str, payload: Mapping[str, Any] | aiohttp.FormData | None, params: Mapping[str, str]
    ) -> Mapping[str, Any]:
        # \uXXXX would be shown to the resident as such, so the body is made here, not by aiohttp.
        typed = isinstance(payload, Mapping)
        body = json.dumps(payload, ensure_ascii=False).encode() if isinstance(payload, Mapping) else payload
        # aiohttp's errors carry the address, and the address the token: what happened is kept, the exception is not.
        failed = ""
        try:
            async with self._line.session.request(
                "GET" if body is None else "POST",
                self._settings.api_base + path,
                params=params,
                data=body,
                headers={"Content-Type": "application/json; charset=utf-8"} if typed else {},
                allow_redirects=False,
            ) as response:
                status, text = response.status, await response.content.read(LARGEST_ANSWER)
        except (aiohttp.ConnectionTimeoutError, aiohttp.ClientConnectorError):
            failed = "unreachable"
        except (aiohttp.ClientError, TimeoutError, OSError):
            failed = "unconfirmed"
        if failed == "unreachable":
            raise TryAgain(f"unreachable: no connection to WeChat for {path}; it will be repeated", 1.0)
        if failed:
            raise Undeliverable(f"{UNCONFIRMED.name}: {UNCONFIRMED.staff}", UNCONFIRMED.name)
        if status != 200:
            raise TryAgain(f"http_{status}: WeChat answered {path} with HTTP {status}; it will be repeated", 1.0)
        answer = object_of(text)
        if answer is None:
            raise Undeliverable(f"{UNCONFIRMED.name}: {UNCONFIRMED.staff}", UNCONFIRMED.name)
        return answer

    async def _download(self, media: str, token: str) -> Mapping[str, Any] | bytes:
        """The bytes, or the JSON that came in their place. To ask twice changes nothing, so every fault is TryAgain."""
        asked = {"access_token": token, "media_id": media}
        found = await picture(self._line, self._settings.api_base + MEDIA, asked, "WeChat")
        if found.status != 200:
            raise TryAgain(f"http_{found.status}: WeChat did not hand over a picture; it will be asked for again", 1.0)
        if found.kind not in ("application/json", "text/plain", "text/json", "text/html"):
            return found.content
        answer = object_of(found.content)
        if answer is None:
            raise TryAgain("unreadable: WeChat answered for a picture with something else; it will be asked for again")
        return answer


def _fetched(answer: Mapping[str, Any]) -> Fetched:
    token, seconds = answer.get("access_token"), answer.get("expires_in")
    if not isinstance(token, str) or not token or not isinstance(seconds, int) or seconds <= 0:
        raise TryAgain("token_unreadable: WeChat answered our wish for a token with something else; repeat later", 2.0)
    return Fetched(token, float(seconds))


def _code(answer: Mapping[str, Any] | bytes) -> int:
    if isinstance(answer, bytes):
        return 0
    code = answer.get("errcode", 0)
    return code if isinstance(code, int) else -1
