"""一事一议: one case on one page for a meeting, to be printed."""

from __future__ import annotations

from aiohttp import web

from bot.desk.casework import summarising
from bot.desk.casework.listing import called
from bot.errors import BadInput, Conflict
from bot.staff import may
from console.pages.case import theirs
from console.rendering import page
from console.security import DESK, staff_of

_ONE = "/cases/{case}/summary"


def routes() -> list[web.RouteDef]:
    return [web.get(_ONE, theirs(show), allow_head=False), web.post(_ONE, theirs(whole))]


async def show(request: web.Request) -> web.StreamResponse:
    return await _masked(request)


async def whole(request: web.Request) -> web.StreamResponse:
    """In the answer to the form itself: what was shown is in no address, and gone with the page."""
    sent = await request.post()
    ask, reason = str(sent.get("ask", "")), str(sent.get("reason", ""))
    try:
        made = await summarising.whole(request.app[DESK], staff_of(request), request.match_info["case"], ask, reason)
    except (BadInput, Conflict) as wrong:
        return await _masked(request, str(wrong), ask, 409 if isinstance(wrong, Conflict) else 400)
    return _page(request, made)


async def _masked(request: web.Request, problem: str = "", ask: str = "", status: int = 200) -> web.Response:
    made = await summarising.masked(request.app[DESK], staff_of(request), request.match_info["case"])
    return _page(request, made, problem, ask, status)


def _page(
    request: web.Request, made: summarising.Summary, problem: str = "", ask: str = "", status: int = 200
) -> web.Response:
    return page(
        request,
        "summary.html",
        status,
        made=made,
        seen=made.seen,
        state_name=called(made.seen.case.state),
        problem=problem,
        typed=ask,
        today=request.app[DESK].today(),
        may_reveal=may(staff_of(request), "cases.reveal"),
    )
