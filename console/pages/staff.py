"""Accounts: who works here, as what, and where. For operators."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from bot.desk.casework.listing import place_code
from bot.desk.desk import Desk
from bot.desk.staff import accounts
from bot.errors import BadInput, Conflict
from bot.staff import NAMES, Role, Staff
from console.rendering import page
from console.security import DESK, staff_of

_STATES = {"invited": "还没设置", "active": "在用", "disabled": "停用"}


def routes() -> list[web.RouteDef]:
    return [
        web.get("/staff", show, allow_head=False),
        web.post("/staff", invite),
        web.get("/staff/{staff}", one, allow_head=False),
        web.post("/staff/{staff}", change),
        web.post("/staff/{staff}/invitation", invite_again),
    ]


async def show(request: web.Request) -> web.StreamResponse:
    return await _list(request)


async def invite(request: web.Request) -> web.StreamResponse:
    sent = await request.post()
    desk = request.app[DESK]
    login, name = (str(sent.get(key, "")).strip()[:60] for key in ("login", "name"))
    try:
        places = _places(desk, str(sent.get("regions", "")))
        roles = [str(role) for role in sent.getall("roles", [])]
        skills = str(sent.get("skills", "")).split()
        made = await accounts.invite(desk, staff_of(request), login.lower(), name, roles, places, skills)
    except BadInput as wrong:
        return await _list(request, str(wrong), 400, login=login, name=name)
    return await _list(request, invitation=made)


async def one(request: web.Request) -> web.StreamResponse:
    return await _one(request)


async def change(request: web.Request) -> web.StreamResponse:
    sent = await request.post()
    desk = request.app[DESK]
    async with desk.store.reading() as work:
        before = await work.staff.get(request.match_info["staff"])
    # As it was when the page was shown: who saved meanwhile is not written over.
    if str(before.version) != sent.get("version"):
        raise Conflict(f"账号 {before.login} 刚刚被别人改过，请重新打开再改")
    try:
        await accounts.change(
            desk,
            staff_of(request),
            before,
            name=str(sent.get("name", "")).strip()[:60] or before.name,
            roles=[str(role) for role in sent.getall("roles", [])],
            regions=_places(desk, str(sent.get("regions", ""))),
            skills=str(sent.get("skills", "")).split(),
            state="disabled" if sent.get("disabled") else ("active" if before.state == "disabled" else before.state),
        )
    except BadInput as wrong:
        return await _one(request, str(wrong), 400)
    raise web.HTTPSeeOther("/staff")


async def invite_again(request: web.Request) -> web.StreamResponse:
    made = await accounts.invite_again(request.app[DESK], staff_of(request), request.match_info["staff"])
    return await _list(request, invitation=made)


def _places(desk: Desk, text: str) -> list[str]:
    """Names or codes, parted by blanks or commas. Raises BadInput for what is no place, or several."""
    places: list[str] = []
    for word in text[:2000].replace("，", " ").replace(",", " ").replace("、", " ").split():
        places.append("000000" if word in ("全国", "全部") else place_code(desk, word))
    return places


async def _list(
    request: web.Request,
    problem: str = "",
    status: int = 200,
    invitation: accounts.Invitation | None = None,
    login: str = "",
    name: str = "",
) -> web.Response:
    desk = request.app[DESK]
    async with desk.store.reading() as work:
        people = [_row(desk, each) for each in await work.staff.list()]
    link = f"{request.url.origin()}/invitation/{invitation.token}" if invitation else ""
    return page(
        request,
        "staff.html",
        status,
        people=people,
        roles=_roles(()),
        problem=problem,
        invitation=invitation,
        link=link,
        login=login,
        name=name,
    )


async def _one(request: web.Request, problem: str = "", status: int = 200) -> web.Response:
    desk = request.app[DESK]
    async with desk.store.reading() as work:
        found = await work.staff.get(request.match_info["staff"])
    return page(request, "staff_one.html", status, person=_row(desk, found), roles=_roles(found.roles), problem=problem)


def _roles(chosen: Sequence[Role] | frozenset[Role]) -> list[tuple[str, str, bool]]:
    return [(role.value, NAMES[role], role in chosen) for role in Role]


def _row(desk: Desk, staff: Staff) -> dict[str, object]:
    return {
        "id": staff.id,
        "login": staff.login,
        "name": staff.name,
        "roles": "、".join(NAMES[role] for role in sorted(staff.roles)),
        "places": "、".join(desk.regions.full_name(region) for region in staff.regions),
        "skills": " ".join(staff.skills),
        "version": staff.version,
        "state": _STATES[staff.state],
        "disabled": staff.state == "disabled",
    }
