"""Sign in, sign out, and the page behind an invitation."""

from __future__ import annotations

import segno
from aiohttp import web

from bot.desk.staff import accounts, proofs, signing_in
from bot.errors import BadInput, NotYours
from console.browser import SESSION, address_of, before_signing_in, begin_before, begin_session, end_session
from console.rendering import page
from console.security import DESK, session_of


def routes() -> list[web.RouteDef]:
    return [
        web.get("/sign-in", show, allow_head=False),
        web.post("/sign-in", sign_in),
        web.post("/sign-out", sign_out),
        web.get("/invitation/{token}", invitation, allow_head=False),
        web.post("/invitation/{token}", set_up),
    ]


async def show(request: web.Request) -> web.StreamResponse:
    return _form(request, "")


async def sign_in(request: web.Request) -> web.StreamResponse:
    sent = await request.post()
    login, password, code = (str(sent.get(name, ""))[:300] for name in ("login", "password", "code"))
    address, agent = address_of(request), request.headers.get("User-Agent", "")
    try:
        done = await signing_in.sign_in(request.app[DESK], login, password, code, address, agent)
    except NotYours as refused:
        return _form(request, str(refused), login, 403)
    if SESSION in request:
        # Somebody else sat here: what they left open ends.
        await signing_in.sign_out(request.app[DESK], session_of(request))
    response = web.Response(status=303, headers={"Location": "/"})
    begin_session(request, response, done.token)
    return response


async def sign_out(request: web.Request) -> web.StreamResponse:
    await signing_in.sign_out(request.app[DESK], session_of(request))
    response = web.Response(status=303, headers={"Location": "/sign-in", "Clear-Site-Data": '"cache", "storage"'})
    end_session(request, response)
    return response


async def invitation(request: web.Request) -> web.StreamResponse:
    invited = await accounts.invited(request.app[DESK], request.match_info["token"])
    return _setting_up(request, accounts.setting_up(invited), "")


async def set_up(request: web.Request) -> web.StreamResponse:
    desk, token = request.app[DESK], request.match_info["token"]
    invited = await accounts.invited(desk, token)
    sent = await request.post()
    password, again, key, code = (str(sent.get(name, ""))[:300] for name in ("password", "again", "key", "code"))
    try:
        if password != again:
            raise BadInput("两次输入的密码不一样")
        codes = await accounts.set_up(desk, token, password, key, code)
    except BadInput as wrong:
        # The same key again: it may be in the phone already.
        known = proofs.is_key(key)
        shown = accounts.SettingUp(invited, key, proofs.key_uri(key, invited.login)) if known else None
        return _setting_up(request, shown or accounts.setting_up(invited), str(wrong), 400)
    return page(request, "recovery_codes.html", name=invited.name, codes=codes)


def _form(request: web.Request, problem: str, login: str = "", status: int = 200) -> web.Response:
    begin_before(request)
    response = page(request, "sign_in.html", status, problem=problem, login=login)
    before_signing_in(request, response)
    return response


def _setting_up(request: web.Request, shown: accounts.SettingUp, problem: str, status: int = 200) -> web.Response:
    begin_before(request)
    code = segno.make(shown.uri, error="m").svg_data_uri(scale=5, border=2)
    response = page(
        request, "invitation.html", status, staff_member=shown.staff, key=shown.key, picture=code, problem=problem
    )
    before_signing_in(request, response)
    return response
