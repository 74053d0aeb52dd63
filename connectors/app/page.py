"""The resident's own page, at /app/: its files, the names of places, and nothing of anybody. All else it asks of api/v1."""

from __future__ import annotations

import gzip
import hashlib
import html
import json
import mimetypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aiohttp import hdrs, web

from bot.desk.desk import Desk
from bot.desk.referring import refer, rescue
from bot.knowledge.fields import NATION
from bot.regions import UnknownRegion

_STATIC = Path(__file__).with_name("static")
_FOR_A_YEAR = "public, max-age=31536000, immutable"
_FOR_A_DAY = "public, max-age=86400"

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors "
)


@dataclass(frozen=True, slots=True)
class _File:
    plain: bytes
    packed: bytes
    kind: str

    @classmethod
    def of(cls, name: str, plain: bytes) -> _File:
        return cls(plain, gzip.compress(plain, 9, mtime=0), mimetypes.guess_type(name)[0] or "application/octet-stream")


class Page:
    """`origins`: sites that may show the page inside their own (with ?embed=1) and hand it a signed assertion."""

    def __init__(self, desk: Desk, origins: Sequence[str] = ()) -> None:
        self._desk, self._origins = desk, tuple(origins)
        read = {path.name: path.read_bytes() for path in sorted(_STATIC.iterdir())}
        self._index, self._worker = read.pop("index.html").decode(), read.pop("sw.js").decode()
        whole = hashlib.sha256(b"".join((self._index.encode(), self._worker.encode(), *read.values())))
        self.version = whole.hexdigest()[:16]
        """Of all files together: a changed one gives all of them new addresses, so none is ever stale."""
        self._files = {name: _File.of(name, content) for name, content in read.items()}

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/app", self._to_page, allow_head=False),
            web.get("/app/", self._page, allow_head=False),
            web.get("/app/sw.js", self._sw, allow_head=False),
            web.get("/app/static/{version}/{name}", self._static, allow_head=False),
            web.get("/app/places", self._places, allow_head=False),
        ]

    async def _to_page(self, request: web.Request) -> web.Response:
        raise web.HTTPFound("/app/" + (f"?{request.query_string}" if request.query_string else ""))

    async def _page(self, request: web.Request) -> web.Response:
        """Framed only by the sites that were named, and only where it was asked for as a part of them. Whom to call stands in
        the page itself: it is kept with it for when there is no network."""
        embedded = request.query.get("embed") == "1" and self._origins
        filled = {
            "static": f"static/{self.version}",
            "origins": html.escape(" ".join(self._origins)),
            "help": html.escape(refer(self._desk, "help", NATION).number),
            "rescue": html.escape(rescue(self._desk, NATION)),
        }
        text = self._index
        for name, value in filled.items():
            text = text.replace("{{" + name + "}}", value)
        policy = _POLICY + (" ".join(self._origins) if embedded else "'none'")
        headers = {"Content-Security-Policy": policy, hdrs.CACHE_CONTROL: "no-cache"}
        return _sent(request, _File.of("index.html", text.encode()), headers)

    async def _sw(self, request: web.Request) -> web.Response:
        """The worker that keeps the page for days without a network, with the list of what to keep."""
        files = ["./", "./?embed=1", *(f"static/{self.version}/{name}" for name in self._files)]
        shell = json.dumps({"version": self.version, "files": files})
        headers = {"Content-Security-Policy": _POLICY + "'none'", hdrs.CACHE_CONTROL: "no-cache"}
        return _sent(request, _File.of("sw.js", f"const SHELL = {shell};\n{self._worker}".encode()), headers)

    async def _static(self, request: web.Request) -> web.Response:
        found = self._files.get(request.match_info["name"])
        if found is None or request.match_info["version"] != self.version:
            raise web.HTTPNotFound
        return _sent(request, found, {hdrs.CACHE_CONTROL: _FOR_A_YEAR})

    async def _places(self, request: web.Request) -> web.Response:
        """The divisions right below one, for a resident who chooses where they are from lists."""
        try:
            below = self._desk.regions.children(request.query.get("of", ""))
        except UnknownRegion as unknown:
            raise web.HTTPNotFound from unknown
        places = [{"code": one.code, "name": one.name} for one in below]
        told = json.dumps({"places": places}, ensure_ascii=False).encode()
        return _sent(request, _File.of("places.json", told), {hdrs.CACHE_CONTROL: _FOR_A_DAY})


def _sent(request: web.Request, file: _File, headers: Mapping[str, str]) -> web.Response:
    packs = "gzip" in request.headers.get(hdrs.ACCEPT_ENCODING, "").lower()
    response = web.Response(body=file.packed if packs else file.plain, headers={**HEADERS, **headers})
    response.content_type, response.charset = file.kind, "utf-8"
    response.headers[hdrs.VARY] = hdrs.ACCEPT_ENCODING
    if packs:
        response.headers[hdrs.CONTENT_ENCODING] = "gzip"
    return response


def mount_page(app: web.Application, desk: Desk, origins: Sequence[str] = ()) -> Page:
    """Add /app/ to the gateway's server."""
    page = Page(desk, origins)
    app.add_routes(page.routes())
    return page
