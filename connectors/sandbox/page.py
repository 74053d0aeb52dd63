"""The page that looks like a phone, under /sandbox: its files, its JSON, and what happens as it happens."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.errors import BadInput
from connectors.sandbox import media, pushes
from connectors.sandbox.platform import Platform
from connectors.sandbox.pushes import Act
from connectors.sandbox.residents import Resident
from connectors.sandbox.settings import Phone, is_loopback

_STATIC = Path(__file__).with_name("static")
_PICTURE_BYTES = 2 * 2**20
_BODY_BYTES = 64 * 1024
# A line every 15 s tells the browser, and anything between, that the stream is alive.
_BEAT = 15.0
_BUBBLES = 300
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@web.middleware
async def guard(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Only this machine, and no other site's script: a foreign Host or Origin is a rebinding or a forged form."""
    host = request.url.host or ""
    origin = request.headers.get("Origin")
    same = origin is None or origin == str(request.url.origin())
    if not is_loopback(host) or not is_loopback(request.remote or "127.0.0.1") or not same:
        raise web.HTTPForbidden(text="the sandbox answers only on this machine: open http://127.0.0.1\n")
    return await handler(request)


async def harden(_: web.Request, response: web.StreamResponse) -> None:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


class Page:
    """`all`: every simulated platform here, which share a day; `phones`: where their pages are."""

    def __init__(self, platform: Platform, all: Sequence[Platform], phones: Mapping[Phone, str]) -> None:
        self._platform, self._all, self._phones = platform, all, phones

    def routes(self) -> list[web.RouteDef]:
        person = "/api/residents/{openid}"
        return [
            web.get("", self._to_page),
            web.get("/", self._index),
            web.get("/static/{name}", self._static),
            web.get("/api/state", self._state),
            web.post("/api/day", self._day),
            web.get(person, self._resident),
            web.post(person + "/acts", self._act),
            web.post(person + "/picture", self._picture),
            web.get("/api/media/{media_id}", self._media),
            web.get("/api/live", self._live),
        ]

    async def _to_page(self, request: web.Request) -> web.Response:
        raise web.HTTPFound(request.path + "/")

    async def _index(self, _: web.Request) -> web.StreamResponse:
        return web.FileResponse(_STATIC / "index.html")

    async def _static(self, request: web.Request) -> web.StreamResponse:
        names = {path.name: path for path in _STATIC.iterdir()}
        found = names.get(request.match_info["name"])
        if found is None:
            raise web.HTTPNotFound
        return web.FileResponse(found)

    def _person(self, request: web.Request) -> Resident:
        found = self._platform.residents.get(request.match_info["openid"])
        if found is None or found.sample is None:
            raise web.HTTPNotFound(text="no such resident\n")
        return found

    async def _state(self, _: web.Request) -> web.Response:
        people = [
            {"id": p.openid, "name": p.name, "about": s.about, "city": s.city, "large": s.large, "follows": p.follows}
            for p in self._platform.residents.values()
            if (s := p.sample)
        ]
        settings = self._platform.settings
        menu = [{"key": b.key, "label": b.label} for b in settings.menu]
        day = self._platform.as_of.isoformat() if self._platform.as_of else ""
        phones = [{"phone": phone, "page": f"{page}/"} for phone, page in self._phones.items()]
        told = {"residents": people, "menu": menu, "mode": settings.mode, "appid": settings.appid, "day": day}
        told |= {"phone": settings.phone, "phones": phones}
        return web.json_response(told)

    async def _day(self, request: web.Request) -> web.Response:
        """From now on everybody is answered as of this day; empty: as of today."""
        try:
            said = json.loads(await _read(request, _BODY_BYTES))["day"]
            for one in self._all:
                one.as_of = date.fromisoformat(said) if said else None
        except (KeyError, TypeError, ValueError) as e:
            raise web.HTTPBadRequest(text='send {"day": "2026-12-31"}, or an empty day for today\n') from e
        return web.json_response({"day": said})

    async def _resident(self, request: web.Request) -> web.Response:
        person, now = self._person(request), self._platform.clock.now()
        sample = person.sample
        if sample is None:
            raise web.HTTPNotFound
        return web.json_response(
            {
                "id": person.openid,
                "name": person.name,
                "place": sample.place,
                "questions": sample.questions,
                "follows": person.follows,
                "typing": bool(person.typing_until and now < person.typing_until),
                "budget": person.budget(now),
                "messages": [s.as_json() for s in person.screen[-_BUBBLES:]],
                "travelled": [e.as_json() for e in self._platform.travel.of(person.openid)][-_BUBBLES:],
            }
        )

    async def _act(self, request: web.Request) -> web.Response:
        person = self._person(request)
        try:
            wanted = json.loads(await _read(request, _BODY_BYTES))
            act = self._wanted(person, wanted)
            self._platform.start(person.openid, act)
        except (BadInput, KeyError, TypeError, ValueError) as e:
            reason = str(e) if isinstance(e, BadInput) else "send a JSON object with a known kind and its fields"
            raise web.HTTPBadRequest(text=reason + "\n") from e
        return web.json_response({}, status=202)

    def _wanted(self, person: Resident, wanted: Mapping[str, Any]) -> Act:
        """The act the page asks for, by the one word `kind`."""
        kind, platform = wanted["kind"], self._platform
        if kind == "text":
            return pushes.text(_words(wanted, "text", 20_000))
        if kind == "tap":
            option = platform.option(person.openid, _words(wanted, "option", 300))
            return pushes.tap(option.id, option.label)
        if kind == "voice":
            return platform.speaking()
        if kind == "location":
            sample = person.sample
            where = (sample.latitude, sample.longitude) if sample else (30.52, 114.36)
            return pushes.location(_words(wanted, "label", 200), *where)
        if kind == "link":
            return pushes.link(_words(wanted, "title", 200), "", _words(wanted, "url", 1000))
        if kind == "menu":
            return platform.clicking(_words(wanted, "key", 128))
        if kind == "scan":
            return platform.scanning(person.openid, _words(wanted, "scene", 64))
        if kind == "enter":
            return pushes.enter()
        if kind == "mention":
            return pushes.mention(_words(wanted, "text", 2000))
        if kind == "follow":
            return pushes.follow()
        if kind == "unfollow":
            return pushes.unfollow()
        raise KeyError(kind)

    async def _picture(self, request: web.Request) -> web.Response:
        person = self._person(request)
        content = await _read(request, _PICTURE_BYTES)
        if not media.looks_like(content).startswith("image/"):
            raise web.HTTPBadRequest(text="only PNG, JPEG and GIF pictures\n")
        try:
            self._platform.start(person.openid, self._platform.picturing(content))
        except BadInput as e:
            raise web.HTTPBadRequest(text=f"{e}\n") from e
        return web.json_response({}, status=202)

    async def _media(self, request: web.Request) -> web.Response:
        kept = self._platform.shelf.get(request.match_info["media_id"], self._platform.clock.now())
        if kept is None:
            raise web.HTTPNotFound
        return web.Response(body=kept.content, content_type=kept.content_type)

    async def _live(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events. A page that (re)connects loads its conversation afresh, so nothing needs replaying."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        with self._platform.travel.watching() as happenings, contextlib.suppress(ConnectionError):
            # A page that was closed is nobody's fault.
            await response.write(b"retry: 1000\n\n")
            while True:
                try:
                    async with asyncio.timeout(_BEAT):
                        happening = await happenings.get()
                except TimeoutError:
                    await response.write(b": still here\n\n")
                    continue
                if happening is None:
                    break
                await response.write(f"data: {json.dumps(happening, ensure_ascii=False)}\n\n".encode())
        return response


def _words(wanted: Mapping[str, Any], name: str, most: int) -> str:
    value = wanted[name]
    if not isinstance(value, str) or not value.strip() or len(value) > most:
        raise BadInput(f"{name} must be 1 to {most} characters")
    return value


async def _read(request: web.Request, most: int) -> bytes:
    content = bytearray()
    async for chunk in request.content.iter_chunked(8192):
        content += chunk
        if len(content) > most:
            raise web.HTTPRequestEntityTooLarge(max_size=most, actual_size=len(content))
    return bytes(content)
