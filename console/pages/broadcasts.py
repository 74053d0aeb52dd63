"""Broadcasts: written by one, approved by another, with what the platform lets out shown before, and a stop until it goes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from aiohttp import web

from bot.clock import SHANGHAI
from bot.desk.broadcast_ports import KINDS, LIMITS, NAMES, WRITABLE, Broadcast, Limits, Stage
from bot.desk.publicity import broadcasting
from bot.desk.publicity.broadcasting import Room, Wanted
from bot.errors import BadInput, Conflict
from bot.staff import may
from console.pages.forms import whole_number
from console.rendering import page
from console.security import DESK, staff_of

BROADCAST_LIMITS: web.AppKey[Limits] = web.AppKey("broadcast_limits", Limits)
_STEPS = {stage.value: name for stage, name in NAMES.items()} | {"saved": "改过", "finished": "平台报告"}


def routes() -> list[web.RouteDef]:
    return [
        web.get("/broadcasts", show, allow_head=False),
        web.post("/broadcasts", write),
        web.get("/broadcasts/{broadcast}", one, allow_head=False),
        web.post("/broadcasts/{broadcast}", save),
        web.post("/broadcasts/{broadcast}/submit", submit),
        web.post("/broadcasts/{broadcast}/return", give_back),
        web.post("/broadcasts/{broadcast}/approve", approve),
        web.post("/broadcasts/{broadcast}/stop", stop),
    ]


async def show(request: web.Request) -> web.StreamResponse:
    return await _list(request)


async def write(request: web.Request) -> web.StreamResponse:
    sent = {name: str(value) for name, value in (await request.post()).items()}
    try:
        made = await broadcasting.write(request.app[DESK], staff_of(request), _wanted(sent))
    except BadInput as wrong:
        return await _list(request, str(wrong), 400, sent)
    raise web.HTTPSeeOther(f"/broadcasts/{made.id}")


async def one(request: web.Request) -> web.StreamResponse:
    return await _one(request)


async def save(request: web.Request) -> web.StreamResponse:
    """Keep it; and hand it over, where that button was pressed. What was typed stays on the page when it is refused."""
    sent = {name: str(value) for name, value in (await request.post()).items()}
    desk, staff, id = request.app[DESK], staff_of(request), request.match_info["broadcast"]
    try:
        kept = await broadcasting.save(desk, staff, id, whole_number(sent.get("version"), 8), _wanted(sent))
        if sent.get("then") == "submit":
            await broadcasting.submit(desk, staff, id, kept.version, request.app[BROADCAST_LIMITS])
    except BadInput as wrong:
        return await _one(request, str(wrong), 400, sent)
    except Conflict as late:
        return await _one(request, f"{late}；您写的还在下面，没有保存", 409, sent)
    raise web.HTTPSeeOther(f"/broadcasts/{id}")


async def submit(request: web.Request) -> web.StreamResponse:
    return await _step(request, "submit")


async def give_back(request: web.Request) -> web.StreamResponse:
    return await _step(request, "return")


async def approve(request: web.Request) -> web.StreamResponse:
    return await _step(request, "approve")


async def stop(request: web.Request) -> web.StreamResponse:
    return await _step(request, "stop")


async def _step(request: web.Request, step: str) -> web.StreamResponse:
    sent = await request.post()
    desk, staff, id = request.app[DESK], staff_of(request), request.match_info["broadcast"]
    version, why, limits = whole_number(sent.get("version"), 8), str(sent.get("why", "")), request.app[BROADCAST_LIMITS]
    try:
        if step == "submit":
            await broadcasting.submit(desk, staff, id, version, limits)
        elif step == "return":
            await broadcasting.return_(desk, staff, id, version, why)
        elif step == "approve":
            await broadcasting.approve(desk, staff, id, version, limits)
        else:
            await broadcasting.stop(desk, staff, id, why)
    except BadInput as wrong:
        return await _one(request, str(wrong), 400)
    except Conflict as late:
        return await _one(request, str(late), 409)
    raise web.HTTPSeeOther(f"/broadcasts/{id}")


async def _list(
    request: web.Request, problem: str = "", status: int = 200, sent: dict[str, str] | None = None
) -> web.Response:
    desk, staff, limits = request.app[DESK], staff_of(request), request.app[BROADCAST_LIMITS]
    listed = await broadcasting.listed(desk, staff)
    sent = sent or {}
    return page(
        request,
        "publicity/broadcasts.html",
        status,
        problem=problem,
        form=await _form(request, sent),
        rows=[_row(one) for one in listed],
        room=_room(await broadcasting.room(desk, limits, "")),
        limit=_limit(limits),
        may_write=may(staff, "answers.write"),
    )


async def _one(
    request: web.Request, problem: str = "", status: int = 200, sent: dict[str, str] | None = None
) -> web.Response:
    desk, staff, limits = request.app[DESK], staff_of(request), request.app[BROADCAST_LIMITS]
    found, steps = await broadcasting.show(desk, staff, request.match_info["broadcast"])
    async with desk.store.reading() as work:
        names = {person.id: person.name for person in await work.staff.list()}
    writes = found.stage in WRITABLE and may(staff, "answers.write")
    judges = found.stage is Stage.SUBMITTED and may(staff, "answers.approve")
    asked = sent or {
        "kind": found.kind,
        "text": found.text,
        "audience": found.audience,
        "send_at": _local(found.send_at),
    }
    return page(
        request,
        "publicity/broadcast.html",
        status,
        problem=problem,
        one=_row(found),
        form=await _form(request, asked),
        writes=writes,
        judges=judges and staff.id not in found.editors,
        own=judges and staff.id in found.editors,
        stops=found.stage in (Stage.SUBMITTED, Stage.APPROVED, *WRITABLE),
        hints=broadcasting.hints(asked.get("text", "")),
        wrong=broadcasting.problems(asked.get("text", ""), limits),
        room=_room(await broadcasting.room(desk, limits, found.audience, found.due_at or found.send_at)),
        limit=_limit(limits),
        place=desk.regions.full_name(found.region),
        steps=[
            {
                "what": _STEPS.get(step.what, step.what),
                "text": step.text,
                "who": names.get(step.actor, "系统"),
                "at": step.at,
            }
            for step in steps
        ],
        author=names.get(found.author, ""),
        approver=names.get(found.approver, ""),
    )


async def _form(request: web.Request, asked: dict[str, str]) -> dict[str, Any]:
    desk, staff, limits = request.app[DESK], staff_of(request), request.app[BROADCAST_LIMITS]
    return {
        "kind": asked.get("kind", "news"),
        "kinds": list(KINDS.items()),
        "text": asked.get("text", ""),
        "audience": asked.get("audience", ""),
        "audiences": await broadcasting.audiences(desk, staff),
        "send_at": asked.get("send_at", ""),
        "longest": limits.longest,
    }


def _row(one: Broadcast) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": KINDS.get(one.kind, one.kind),
        "text": one.text,
        "to": one.audience_name,
        "stage": one.stage,
        "state": NAMES[one.stage],
        "send_at": one.send_at,
        "due_at": one.due_at,
        "sent_at": one.sent_at,
        "said": one.said,
        "reached": one.reached,
        "missed": one.missed,
        "version": one.version,
        "created_at": one.created_at,
    }


def _room(room: Room) -> dict[str, Any]:
    return {"used": room.used, "left": room.left, "most": room.limits.most, "until": room.until}


def _limit(limits: Limits) -> str:
    kind = next(
        (name for code, name in (("service", "服务号"), ("subscription", "订阅号")) if LIMITS[code] == limits), ""
    )
    return f"{kind}：一个人{'每月' if limits.per == 'month' else '每天'}最多收到 {limits.most} 次群发"


def _wanted(sent: dict[str, str]) -> Wanted:
    return Wanted(
        sent.get("kind", ""),
        sent.get("text", "").replace("\r\n", "\n"),
        sent.get("audience", ""),
        _moment(sent.get("send_at", "")),
    )


def _moment(text: str) -> datetime | None:
    """A time of China as a browser's field writes it. Raises BadInput."""
    if not text.strip():
        return None
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%dT%H:%M").replace(tzinfo=SHANGHAI)
    except ValueError as error:
        raise BadInput("发送时间看不懂；写成 2026-12-01 09:30 这样，尽快发就空着") from error


def _local(at: datetime | None) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M") if at else ""
