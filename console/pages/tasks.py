"""What people must do because no message can: calls, visits, call-backs."""

from __future__ import annotations

from aiohttp import web

from bot.desk.cases.naming import number_of, place_name
from bot.desk.casework import acting, revealing
from bot.desk.handoff.asking import call_back_in
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
            "talk": call_back_in(task.text),
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
