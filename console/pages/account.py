"""One's own account: where one is signed in, and a new password."""

from __future__ import annotations

from aiohttp import web

from bot.desk.staff import accounts, signing_in
from bot.errors import BadInput
from bot.staff import NAMES
from console.rendering import page
from console.security import DESK, session_of, staff_of


def routes() -> list[web.RouteDef]:
    return [
        web.get("/me", show, allow_head=False),
        web.post("/me/password", change_password),
        web.post("/me/sessions/{session}/end", end_session),
    ]


async def show(request: web.Request) -> web.StreamResponse:
    return await _page(request)


async def change_password(request: web.Request) -> web.StreamResponse:
    sent = await request.post()
    old, new, again = (str(sent.get(name, ""))[:300] for name in ("old", "new", "again"))
    try:
        if new != again:
            raise BadInput("两次输入的新密码不一样，没有改")
        await accounts.change_password(request.app[DESK], staff_of(request), old, new, session_of(request).id)
    except BadInput as wrong:
        return await _page(request, str(wrong), 400)
    return await _page(request, done="密码改好了，别处的登录都已退出。")


async def end_session(request: web.Request) -> web.StreamResponse:
    await signing_in.end_session(request.app[DESK], staff_of(request), request.match_info["session"])
    raise web.HTTPSeeOther("/me")


async def _page(request: web.Request, problem: str = "", status: int = 200, done: str = "") -> web.Response:
    me = staff_of(request)
    async with request.app[DESK].store.reading() as work:
        sessions = [one for one in await work.sessions.of_staff(me.id) if one.ended_at is None]
    roles = [NAMES[role] for role in sorted(me.roles)]
    places = [request.app[DESK].regions.full_name(region) for region in me.regions]
    return page(
        request,
        "me.html",
        status,
        sessions=sessions,
        here=session_of(request).id,
        roles=roles,
        places=places,
        problem=problem,
        done=done,
    )
