"""Published telephone lines: which were not answered, where, when and by whom it was tried; and that one works again."""

from __future__ import annotations

from aiohttp import web

from bot.desk.cases.naming import place_name
from bot.desk.desk import Desk
from bot.desk.handoff import lines
from bot.errors import BadInput, NotYours
from bot.knowledge.fields import NATION
from console.rendering import page
from console.security import DESK, staff_of

_ONE = "/hotlines/{hotline}"


def routes() -> list[web.RouteDef]:
    return [
        web.get("/hotlines", show, allow_head=False),
        web.post(f"{_ONE}/silent", silent),
        web.post(f"{_ONE}/works", works),
    ]


async def show(request: web.Request) -> web.StreamResponse:
    return await _page(request)


async def silent(request: web.Request) -> web.StreamResponse:
    """From the list, or beside a conversation, which is gone back to."""
    sent = await request.post()
    region, back = str(sent.get("region", ""))[:12], str(sent.get("back", ""))[:64]
    try:
        await lines.mark(request.app[DESK], staff_of(request), request.match_info["hotline"][:80], region)
    except (BadInput, NotYours) as wrong:
        return await _page(request, str(wrong), 403 if isinstance(wrong, NotYours) else 400)
    raise web.HTTPSeeOther(f"/conversations/{back}" if back.isalnum() else "/hotlines")


async def works(request: web.Request) -> web.StreamResponse:
    try:
        await lines.works(request.app[DESK], staff_of(request), request.match_info["hotline"][:80])
    except (BadInput, NotYours) as wrong:
        return await _page(request, str(wrong), 403 if isinstance(wrong, NotYours) else 400)
    raise web.HTTPSeeOther("/hotlines")


async def _page(request: web.Request, problem: str = "", status: int = 200) -> web.Response:
    desk, staff = request.app[DESK], staff_of(request)
    found = sorted(await lines.listed(desk, staff), key=lambda one: (not one.reports, one.line.number))
    return page(
        request,
        "hotlines.html",
        status,
        problem=problem,
        rows=[_row(desk, one) for one in found],
        places=[(code, place_name(desk, code)) for code in staff.regions],
    )


def _row(desk: Desk, one: lines.Line) -> dict[str, object]:
    line = one.line
    return {
        "id": line.id,
        "number": line.number,
        "name": line.name,
        "place": "全国" if line.region == NATION else place_name(desk, line.region),
        "purpose": line.purpose,
        "silent": one.silent,
        "reports": [
            {"who": who, "place": place_name(desk, report.region) or "地区不知道", "at": report.at}
            for report, who in one.reports
        ],
    }
