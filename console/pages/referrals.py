"""What was handed to other offices: what is waited for, what residents said of it, and the letter that goes along."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aiohttp import web

from bot.desk.case_ports import Case, Referral
from bot.desk.cases.naming import number_of, programme_name
from bot.desk.casework import letters, relying, sharing
from bot.desk.casework import referrals as handed
from bot.desk.casework.asking_after import SAID
from bot.desk.desk import Desk
from bot.errors import BadInput, Conflict
from bot.staff import may
from console.pages.case import theirs
from console.pages.forms import status_of
from console.rendering import page
from console.security import DESK, staff_of


def routes() -> list[web.RouteDef]:
    return [
        web.get("/referrals", show, allow_head=False),
        web.post("/referrals/{referral}", theirs(answer)),
        web.get("/referrals/{referral}/letter", theirs(letter), allow_head=False),
    ]


async def show(request: web.Request) -> web.StreamResponse:
    """The open ones; with `office` and `said` those behind one number of what residents said."""
    office = request.query.get("office", "")[:80]
    return await (_behind(request, office) if office else _open(request))


async def answer(request: web.Request) -> web.StreamResponse:
    """What the office answered; or what the person said to being handed on, on the telephone or at the counter."""
    sent = await request.post()
    state, outcome, said = (str(sent.get(key, "")) for key in ("state", "outcome", "said"))
    desk, staff, which = request.app[DESK], staff_of(request), request.match_info["referral"]
    try:
        if said:
            await sharing.told(desk, staff, which, said, outcome)
        else:
            await handed.follow_up(desk, staff, which, state, outcome)
    except (BadInput, Conflict) as wrong:
        return await _open(request, str(wrong), status_of(wrong))
    raise web.HTTPSeeOther("/referrals")


async def letter(request: web.Request) -> web.StreamResponse:
    made = await letters.letter(request.app[DESK], staff_of(request), request.match_info["referral"])
    return page(request, "letter.html", letter=made)


async def _open(request: web.Request, problem: str = "", status: int = 200) -> web.Response:
    desk, staff = request.app[DESK], staff_of(request)
    return page(
        request,
        "referrals.html",
        status,
        rows=_rows(desk, await handed.waiting(desk, staff)),
        problem=problem,
        agreed=list(sharing.ANSWERS.items()),
        outcomes=list(handed.OUTCOMES.items()),
        offices=await relying.offices(desk, staff),
        answers=list(relying.ANSWERS.items()),
        may_write=may(staff, "referrals.write"),
        may_reveal=may(staff, "cases.reveal"),
    )


async def _behind(request: web.Request, office: str) -> web.Response:
    desk, staff, said = request.app[DESK], staff_of(request), request.query.get("said", relying.ASKED)
    try:
        found = await relying.behind(desk, staff, office, said)
    except BadInput as wrong:
        return await _open(request, str(wrong), 400)
    rows = _rows(desk, found)
    what = f"{relying.name_of(office)}：{relying.ANSWERS[said]}"
    return page(request, "referrals_behind.html", rows=rows, what=what)


def _rows(desk: Desk, found: Iterable[tuple[Referral, Case, str]]) -> list[dict[str, Any]]:
    return [
        {
            "one": one,
            "case": case,
            "name": name,
            "number": number_of(case),
            "programme": programme_name(desk, case.programme),
            "to": handed.addressed(desk, one, case),
            "late": one.helped in ("no", "nobody") or (one.due and one.due < desk.today() and not one.asked_at),
            "said": SAID.get(one.helped, ""),
            "asking": one.state == handed.ASKING,
        }
        for one, case, name in found
    ]
