"""Every edition and what it changed; every text an answer ever had; back to any of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from aiohttp import web

from bot.desk.desk import Desk
from bot.desk.publicity import expecting, going_back, in_words, publishing
from bot.desk.publicity.theirs import READ, needs
from bot.errors import BadInput, Conflict
from bot.knowledge.difference import difference
from bot.knowledge.entry import CALLED, KINDS, STOP, shelf_of
from bot.knowledge.problems import Refused
from bot.knowledge.side_by_side import SAME, Pair, side_by_side
from bot.staff import covers, may
from console.pages.answers import entry_link
from console.pages.forms import names_in
from console.pages.publishing import HOW
from console.rendering import page
from console.security import DESK, staff_of

_SHOWN = 200


def routes() -> list[web.RouteDef]:
    return [
        web.get("/editions", show, allow_head=False),
        web.get("/editions/{number}", one, allow_head=False),
        web.post("/editions/{number}/back", back),
        web.get("/history", history, allow_head=False),
        web.post("/history/back", history_back),
    ]


async def show(request: web.Request) -> web.StreamResponse:
    needs(staff_of(request), READ)
    async with request.app[DESK].store.reading() as work:
        found = list(await work.editions.list())[::-1]
        names = await names_in(work)
    return page(
        request, "publicity/editions.html", editions=found[:_SHOWN], names=names, done=request.query.get("done", "")
    )


async def one(request: web.Request) -> web.StreamResponse:
    return await _one(request)


async def back(request: web.Request) -> web.StreamResponse:
    desk, sent = request.app[DESK], await request.post()
    accepted = [str(id) for id in sent.getall("accept", [])]
    try:
        await going_back.whole(desk, staff_of(request), _number(request), str(sent.get("why", "")), accepted)
    except publishing.NotAccepted as left:
        return await _one(request, str(left), 409, left.changed, str(sent.get("why", "")))
    except Refused as wrong:
        said = "；".join(f"{each.entry}：{each.what}" for each in wrong.problems[:5])
        return await _one(request, f"有{len(wrong.problems)}处今天不能用，没有退回：{said}", 400)
    except (BadInput, Conflict) as wrong:
        return await _one(request, str(wrong), 400)
    await desk.editions.refresh()
    raise web.HTTPSeeOther("/editions?done=back")


async def history(request: web.Request) -> web.StreamResponse:
    return await _history(request, request.query.get("kind", ""), request.query.get("key", ""))


async def history_back(request: web.Request) -> web.StreamResponse:
    desk, sent = request.app[DESK], await request.post()
    kind, key, why = (str(sent.get(name, ""))[:300] for name in ("kind", "key", "why"))
    number, accepted = str(sent.get("edition", ""))[:9], [str(id) for id in sent.getall("accept", [])]
    if not (number.isascii() and number.isdigit()):
        raise BadInput("请选退回到哪一版")
    try:
        await going_back.one(desk, staff_of(request), kind, key, int(number), why, accepted)
    except publishing.NotAccepted as left:
        return await _history(request, kind, key, str(left), 409, left.changed, int(number), why)
    except Refused as wrong:
        said = "；".join(each.what for each in wrong.problems[:5])
        return await _history(request, kind, key, f"那一版今天不能用，没有退回：{said}", 400)
    except (BadInput, Conflict) as wrong:
        return await _history(request, kind, key, str(wrong), 400)
    await desk.editions.refresh()
    raise web.HTTPSeeOther("/publishing?done=published")


async def _one(
    request: web.Request, problem: str = "", status: int = 200, changed: Collection[object] = (), why: str = ""
) -> web.Response:
    desk, staff = request.app[DESK], staff_of(request)
    needs(staff, READ)
    async with desk.store.reading() as work:
        head = await work.editions.head()
        try:
            info = await work.editions.info(_number(request))
        except BadInput as gone:
            raise web.HTTPNotFound from gone
        after = await work.editions.read(info.number)
        before = await work.editions.read(info.base) if info.base else ()
        names = await names_in(work)
        accepted = await work.proposals.accepted(info.number)
    changes = difference(before, after) if info.base else ()
    old, new = shelf_of(before), shelf_of(after)
    shown = []
    for one in changes[:_SHOWN]:
        was, now = old.get((one.kind, one.key)), new.get((one.kind, one.key))
        shown.append((one, in_words.title(desk, one.kind, one.key, now or was), _pairs(desk, one.kind, was, now)))
    return page(
        request,
        "publicity/edition.html",
        status,
        info=info,
        head=head,
        changes=shown,
        more=max(0, len(changes) - _SHOWN),
        met=lambda code: expecting.said(desk.edition, code),
        names=names,
        kinds=CALLED,
        how=HOW,
        accepted=accepted,
        questions={key: each.question for key, each in desk.edition.content.protected.items()},
        link=entry_link,
        problem=problem,
        changed=changed,
        why=why,
        may_go_back=may(staff, "answers.approve") and info.number != head and covers(staff, "000000", desk.regions),
    )


async def _history(
    request: web.Request,
    kind: str,
    key: str,
    problem: str = "",
    status: int = 200,
    changed: Collection[object] = (),
    to: int = 0,
    why: str = "",
) -> web.Response:
    desk, staff = request.app[DESK], staff_of(request)
    if kind not in KINDS or not key:
        raise web.HTTPNotFound
    found = await going_back.history(desk, staff, kind, key)
    if not found:
        raise web.HTTPNotFound
    async with desk.store.reading() as work:
        names = await names_in(work)
    rows = []
    for at, version in enumerate(found):
        older = found[at + 1].data if at + 1 < len(found) else None
        rows.append((version, _pairs(desk, kind, older, version.data)))
    return page(
        request,
        "publicity/history.html",
        status,
        kind=kind,
        key=key,
        title=in_words.title(desk, kind, key, next((one.data for one in found if one.data), None)),
        met=lambda code: expecting.said(desk.edition, code),
        rows=rows,
        names=names,
        link=entry_link,
        problem=problem,
        changed=changed,
        to=to,
        why=why,
        may_go_back=may(staff, "answers.approve") and kind != STOP,
    )


def _pairs(desk: Desk, kind: str, was: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> list[Pair]:
    """What an entry said and says, where that differs."""
    pairs = side_by_side(in_words.lines(desk, kind, was), in_words.lines(desk, kind, now))
    return [pair for pair in pairs if pair.how != SAME]


def _number(request: web.Request) -> int:
    said = request.match_info["number"]
    if not (said.isascii() and said.isdigit() and len(said) < 10):
        raise web.HTTPNotFound
    return int(said)
