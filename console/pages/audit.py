"""The audit log, for auditors: newest last, and whether the chain holds."""

from __future__ import annotations

from aiohttp import web

from bot.desk.staff import auditing
from console.rendering import page
from console.security import DESK

_PAGE = 200


def routes() -> list[web.RouteDef]:
    return [web.get("/audit", show, allow_head=False)]


async def show(request: web.Request) -> web.StreamResponse:
    after = request.query.get("after", "")
    shown = await auditing.page(request.app[DESK], int(after) if after.isdigit() else None, _PAGE)
    return page(request, "audit.html", shown=shown, verified=await auditing.verify(request.app[DESK]))
