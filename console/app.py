"""The office's door: what officers, publicity teams, operators and auditors use in their browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from aiohttp import web

from bot.desk.broadcast_ports import LIMITS, Limits
from bot.desk.cases.signing import OfficeKey
from bot.desk.desk import Desk
from console.pages import (
    account,
    answers,
    audit,
    broadcasts,
    case,
    cases,
    complaints,
    conversations,
    drafts,
    editions,
    hotlines,
    live,
    opening,
    posters,
    publishing,
    question_reports,
    questions,
    referrals,
    register,
    reports,
    signing_in,
    staff,
    stops,
    summary,
    supervising,
    talk_deeds,
    tasks,
    trying,
    workbooks,
)
from console.pages.talk_page import OPENINGS, REFUSALS, WATCHERS
from console.rights import menu
from console.security import BODY_BYTES, DESK, SECURE, guard, harden, staff_of
from console.talks.watching import Openings, Watchers

_STATIC = Path(__file__).with_name("static")


def build_console(
    desk: Desk,
    secure: bool = False,
    office_keys: Sequence[OfficeKey] = (),
    broadcast_limits: Limits = LIMITS["service"],
    refusals: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
) -> web.Application:
    """`secure`: browsers come by https, so that cookies never travel in clear. `office_keys`: those that packages for the
    office's own system are signed with. `broadcast_limits`: what the platform lets out. `refusals`: what each platform's mean,
    by channel and the reason a message keeps."""
    app = web.Application(client_max_size=BODY_BYTES, middlewares=[guard])
    app[DESK], app[SECURE], app[case.OFFICE_KEYS] = desk, secure, office_keys
    app[WATCHERS], app[live.STREAMS] = Watchers(), live.Streams()
    app[OPENINGS], app[REFUSALS] = Openings(), refusals
    app[broadcasts.BROADCAST_LIMITS] = broadcast_limits
    app[questions.GROUPER] = questions.Grouper()
    app.on_shutdown.append(live.stop)
    app.on_shutdown.append(app[questions.GROUPER].stop)
    for part in (
        signing_in,
        account,
        staff,
        audit,
        conversations,
        talk_deeds,
        live,
        cases,
        case,
        tasks,
        referrals,
        reports,
        supervising,
        complaints,
        opening,
        hotlines,
        summary,
        answers,
        drafts,
        posters,
        workbooks,
        broadcasts,
        publishing,
        question_reports,
        questions,
        stops,
        editions,
        register,
        trying,
    ):
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
