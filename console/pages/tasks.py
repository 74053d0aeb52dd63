"""What people must do because no message can: calls, visits, call-backs; and what was handed to other offices."""

from __future__ import annotations

from aiohttp import web

from bot.desk.cases.naming import number_of, place_name, programme_name
from bot.desk.casework import acting, revealing
from bot.errors import BadInput, Conflict
from bot.staff import may
from console.pages.case import theirs
from console.rendering import page
from console.security import DESK, staff_of


def routes() -> list[web.RouteDef]:
    return [
        web.get("/tasks", show, allow_head=False),
        web.post("/tasks/{task}/done", theirs(done)),
        web.post("/tasks/{task}/phone", theirs(phone)),
        web.get("/referrals", referrals, allow_head=False),
        web.post("/referrals/{referral}", theirs(answer)),
        web.get("/referrals/{referral}/letter", theirs(letter), allow_head=False),
    ]


async def show(request: web.Request) -> web.StreamResponse:
    return await _tasks(request)


async def done(request: web.Request) -> web.StreamResponse:
    outcome = str((await request.post()).get("outcome", ""))
    try:
        await acting.close(request.app[DESK], staff_of(request), request.match_info["task"], outcome)
    except (BadInput, Conflict) as wrong:
        return await _tasks(request, str(wrong), 409 if isinstance(wrong, Conflict) else 400)
    raise web.HTTPSeeOther("/tasks")


async def phone(request: web.Request) -> web.StreamResponse:
    reason, task = str((await request.post()).get("reason", "")), request.match_info["task"]
    try:
        number = await revealing.task_phone(request.app[DESK], staff_of(request), task, reason)
    except (BadInput, Conflict) as wrong:
        return await _tasks(request, str(wrong), 409 if isinstance(wrong, Conflict) else 400)
    return await _tasks(request, numbers={task: number or "没有留电话"})


async def referrals(request: web.Request) -> web.StreamResponse:
    return await _referrals(request)


async def answer(request: web.Request) -> web.StreamResponse:
    sent = await request.post()
    state, outcome = str(sent.get("state", "")), str(sent.get("outcome", ""))
    try:
        await acting.follow_up(request.app[DESK], staff_of(request), request.match_info["referral"], state, outcome)
    except (BadInput, Conflict) as wrong:
        return await _referrals(request, str(wrong), 409 if isinstance(wrong, Conflict) else 400)
    raise web.HTTPSeeOther("/referrals")


async def letter(request: web.Request) -> web.StreamResponse:
    desk = request.app[DESK]
    found, case, person, sender, receiver = await acting.letter(desk, staff_of(request), request.match_info["referral"])
    return page(
        request,
        "letter.html",
        one=found,
        case=case,
        number=number_of(case),
        programme=programme_name(desk, case.programme),
        person=person,
        sender=sender,
        receiver=receiver,
    )


async def _tasks(
    request: web.Request, problem: str = "", status: int = 200, numbers: dict[str, str] | None = None
) -> web.Response:
    desk, staff = request.app[DESK], staff_of(request)
    now = desk.clock.now()
    rows = [
        {
            "task": task,
            "kind": acting.TASKS.get(task.kind, task.kind),
            "place": place_name(desk, task.region) or "地区还不知道",
            "number": number_of(case) if case else "",
            "booked": task.kind in acting.BOOKED,
            "late": task.due_at < now,
        }
        for task, case in await acting.tasks(desk, staff)
    ]
    return page(
        request,
        "tasks.html",
        status,
        rows=rows,
        late=sum(bool(row["late"]) for row in rows),
        problem=problem,
        numbers=numbers or {},
        may_reveal=may(staff, "cases.reveal"),
        may_close=may(staff, "tasks.done"),
    )


async def _referrals(request: web.Request, problem: str = "", status: int = 200) -> web.Response:
    desk, staff = request.app[DESK], staff_of(request)
    rows = [
        {
            "one": one,
            "case": case,
            "name": name,
            "number": number_of(case),
            "programme": programme_name(desk, case.programme),
            "to": acting.addressed(desk, one, case),
            "late": one.due is not None and one.due < desk.today(),
        }
        for one, case, name in await acting.referrals(desk, staff)
    ]
    return page(
        request,
        "referrals.html",
        status,
        rows=rows,
        problem=problem,
        outcomes=list(acting.OUTCOMES.items()),
        may_write=may(staff, "referrals.write"),
        may_reveal=may(staff, "cases.reveal"),
    )
