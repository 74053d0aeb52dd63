"""举报: what was reported of offices below, for those above them; and who asked for another officer than the one they had."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.desk.cases.naming import place_name
from bot.desk.cases.rights import masked_phone
from bot.desk.desk import Desk
from bot.desk.handoff import tips
from bot.desk.officer_ports import Tip
from bot.errors import BadInput, Conflict
from console.pages.case import theirs
from console.pages.forms import status_of
from console.rendering import page
from console.security import DESK, staff_of

_ONE = "/complaints/{tip}"


def routes() -> list[web.RouteDef]:
    return [
        web.get("/complaints", show, allow_head=False),
        web.get(_ONE, theirs(one), allow_head=False),
        web.post(_ONE, theirs(move)),
        web.post(f"{_ONE}/contact", theirs(contact)),
    ]


async def show(request: web.Request) -> web.StreamResponse:
    desk = request.app[DESK]
    found = await tips.waiting(desk, staff_of(request))
    rows = [_shown(desk, one) for one in found]
    return page(request, "complaints.html", rows=rows, open=sum(one.state != "done" for one in found))


async def one(request: web.Request) -> web.StreamResponse:
    return await _page(request)


async def move(request: web.Request) -> web.StreamResponse:
    sent = await request.post()
    state, outcome = str(sent.get("state", "")), str(sent.get("outcome", ""))
    try:
        await tips.move(request.app[DESK], staff_of(request), _tip(request), state, outcome)
    except (BadInput, Conflict) as wrong:
        return await _page(request, str(wrong), typed=outcome, status=status_of(wrong))
    raise web.HTTPSeeOther(f"/complaints/{_tip(request)}")


async def contact(request: web.Request) -> web.StreamResponse:
    """The number stands on the page that answers, and nowhere after it."""
    reason = str((await request.post()).get("reason", ""))
    try:
        found = await tips.contact(request.app[DESK], staff_of(request), _tip(request), reason)
    except (BadInput, Conflict) as wrong:
        return await _page(request, str(wrong), status=status_of(wrong))
    return await _page(request, number=found.contact or "没有留")


async def _page(
    request: web.Request, problem: str = "", number: str = "", typed: str = "", status: int = 200
) -> web.Response:
    desk = request.app[DESK]
    found = await tips.opened(desk, staff_of(request), _tip(request))
    async with desk.store.reading() as work:
        names = {one.id: one.name for one in await work.staff.list()}
    return page(
        request,
        "complaint.html",
        status,
        one=found,
        shown=_shown(desk, found),
        by=names.get(found.actor, "") if found.actor else "",
        number=number or (masked_phone(found.contact) if found.contact else ""),
        hidden=bool(found.contact) and not number,
        problem=problem,
        typed=typed,
    )


def _shown(desk: Desk, one: Tip) -> Mapping[str, Any]:
    return {
        "id": one.id,
        "about": tips.ABOUT.get(one.about, one.about),
        "place": place_name(desk, one.region) or "地区还不知道",
        "level": place_name(desk, one.level) or "上一级",
        "state": tips.STATES.get(one.state, one.state),
        "flag": "done" if one.state == "done" else "waiting",
        "named": "留了联系方式" if one.named else "匿名",
        "at": one.created_at,
    }


def _tip(request: web.Request) -> str:
    return request.match_info["tip"][:64]
