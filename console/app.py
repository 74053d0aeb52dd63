"""The office's door: what officers, publicity teams, operators and auditors use in their browser."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from bot.desk.desk import Desk
from console.pages import account, audit, signing_in, staff
from console.rights import menu
from console.security import BODY_BYTES, DESK, SECURE, guard, harden, staff_of

_STATIC = Path(__file__).with_name("static")


def build_console(desk: Desk, secure: bool = False) -> web.Application:
    """`secure`: browsers come by https, so that cookies never travel in clear."""
    app = web.Application(client_max_size=BODY_BYTES, middlewares=[guard])
    app[DESK], app[SECURE] = desk, secure
    for part in (signing_in, account, staff, audit):
        app.add_routes(part.routes())
    app.add_routes([web.get("/", _home, allow_head=False), web.get("/static/{name}", _static, allow_head=False)])
    app.on_response_prepare.append(harden)
    return app


async def _home(request: web.Request) -> web.StreamResponse:
    """Everybody's first page is the first one they may open."""
    links = menu(staff_of(request))
    raise web.HTTPSeeOther(links[0][0] if links else "/me")


async def _static(request: web.Request) -> web.StreamResponse:
    names = {path.name: path for path in _STATIC.iterdir() if path.is_file()}
    found = names.get(request.match_info["name"])
    if found is None:
        raise web.HTTPNotFound
    return web.FileResponse(found)
