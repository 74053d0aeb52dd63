"""The board of what waits, and the page on which somebody else than its writer looks at a change and decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from aiohttp import web

from bot.desk.publicity import board, expecting, in_words, previewing, proposals, publishing, rebasing, scheduling
from bot.desk.publicity.publishing import Preview
from bot.desk.publicity.sheets import EDITABLE
from bot.desk.publicity_ports import NAMES, READY, Proposal, State
from bot.errors import BadInput, Conflict
from bot.knowledge.difference import How
from bot.knowledge.entry import CALLED
from bot.knowledge.problems import Refused
from bot.knowledge.side_by_side import side_by_side
from bot.staff import may
from console.pages.answers import entry_link
from console.pages.forms import names_in
from console.rendering import page
from console.security import DESK, staff_of

HOW = {How.ADDED: "新增", How.CHANGED: "修改", How.REMOVED: "去掉"}
STEPS = {
    "comment": "留言",
    "draft": "撤回修改",
    "submitted": "送审",
    "returned": "退回",
    "approved": "通过",
    "scheduled": "通过，定时发布",
    "published": "发布，第",
    "withdrawn": "撤销",
    "failed": "没有发布成",
    "accepted": "确认了受保护的问题",
    "moved": "这一条被退回到旧文字，第",
}


def routes() -> list[web.RouteDef]:
    return [
        web.get("/publishing", show, allow_head=False),
        web.get("/publishing/together", together, allow_head=False),
        web.post("/reviews", decide),
        web.get("/publishing/{proposal}", one, allow_head=False),
        web.post("/publishing/{proposal}/comment", comment),
        web.post("/publishing/{proposal}/rebase", rebase),
    ]


async def show(request: web.Request) -> web.StreamResponse:
    desk, staff = request.app[DESK], staff_of(request)
    found = await board.board(desk, staff)
    return page(
        request,
        "publicity/board.html",
        board=found,
        states=[(state, NAMES[state], found.waiting[state]) for state in found.waiting],
        kinds=CALLED,
        bundles=board.bundles(found),
        name=lambda one: in_words.title(desk, one.kind, one.key, one.data),
        opens=lambda kind: kind in EDITABLE,
        titled=lambda stop: in_words.value(desk, "target", stop.target),
        place=_place(request),
        link=entry_link,
        may_approve=may(staff, "answers.approve"),
        may_stop=may(staff, "answers.stop"),
        done=request.query.get("done", "")[:20],
    )


async def one(request: web.Request) -> web.StreamResponse:
    return await _review(request, [request.match_info["proposal"]])


async def together(request: web.Request) -> web.StreamResponse:
    ids = list(dict.fromkeys(request.query.getall("id", [])))
    if source := request.query.get("source", "")[:300]:
        ids = [one.id for one in await board.of_source(request.app[DESK], staff_of(request), source)]
    if not ids:
        raise web.HTTPSeeOther("/publishing")
    return await _review(request, ids)


async def decide(request: web.Request) -> web.StreamResponse:
    """Approve, publish, schedule or return what the page showed, in the versions it showed."""
    desk, staff, sent = request.app[DESK], staff_of(request), await request.post()
    ids = [str(id) for id in sent.getall("id", [])]
    versions = [str(version) for version in sent.getall("version", [])]
    if not ids or len(ids) != len(versions) or not all(one.isascii() and one.isdigit() for one in versions):
        raise BadInput("请先选要办的内容")
    seen = {id: int(version[:9]) for id, version in zip(ids, versions, strict=True)}
    accepted = [str(id) for id in sent.getall("accept", [])]
    note, step = str(sent.get("note", "")).strip(), str(sent.get("do", ""))
    try:
        if step == "return":
            for id, version in seen.items():
                await proposals.return_(desk, staff, id, version, note)
            raise web.HTTPSeeOther("/publishing?done=returned")
        if step == "approve":
            await proposals.approve(desk, staff, seen, note)
            raise web.HTTPSeeOther(f"/publishing/{ids[0]}" if len(ids) == 1 else "/publishing?done=approved")
        if step == "schedule":
            await scheduling.schedule(desk, staff, seen, _day(str(sent.get("on", ""))), note, accepted)
            raise web.HTTPSeeOther("/publishing?done=scheduled")
        if step == "publish":
            await publishing.publish(desk, staff, seen, accepted, approving=True)
            await desk.editions.refresh()
            raise web.HTTPSeeOther("/publishing?done=published")
        raise BadInput("请选一步")
    except publishing.NotAccepted as left:
        return await _review(request, ids, str(left), 409, note=note)
    except Refused as wrong:
        return await _review(request, ids, f"有{len(wrong.problems)}处要改，没有发布", 400, note=note)
    except Conflict as late:
        return await _review(request, ids, str(late), 409, note=note)
    except BadInput as wrong:
        return await _review(request, ids, str(wrong), 400, note=note)


async def comment(request: web.Request) -> web.StreamResponse:
    id, sent = request.match_info["proposal"], await request.post()
    try:
        await proposals.comment(request.app[DESK], staff_of(request), id, str(sent.get("text", "")))
    except BadInput as wrong:
        return await _review(request, [id], str(wrong), 400)
    raise web.HTTPSeeOther(f"/publishing/{id}#said")


async def rebase(request: web.Request) -> web.StreamResponse:
    """The editor saw what was published meanwhile, and goes on from there."""
    id, sent = request.match_info["proposal"], await request.post()
    version = str(sent.get("version", ""))
    if not (version.isascii() and version.isdigit()):
        raise BadInput("这一页放得太久了，请刷新后再试")
    await rebasing.rebase(request.app[DESK], staff_of(request), id, int(version[:9]))
    raise web.HTTPSeeOther(f"/drafts/{id}")


async def _review(
    request: web.Request, ids: Sequence[str], problem: str = "", status: int = 200, note: str = ""
) -> web.Response:
    desk, staff = request.app[DESK], staff_of(request)
    shown = [await proposals.show(desk, staff, id) for id in ids]
    found = [one for one, _ in shown]
    async with desk.store.reading() as work:
        published = await proposals.published_entries(work, await work.editions.head())
        names = await names_in(work)
    ahead = await _ahead(request, found)
    theirs = any(staff.id in (*one.editors, one.author) for one in found)
    approver = may(staff, "answers.approve") and not theirs
    return page(
        request,
        "publicity/review.html",
        status,
        items=[_item(request, one, said, published) for one, said in shown],
        ahead=ahead,
        names=names,
        steps=STEPS,
        kinds=CALLED,
        place=_place(request),
        link=entry_link,
        met=lambda code: expecting.said(desk.edition, code),
        refusals=in_words.told(desk, ahead.refusals) if ahead else (),
        warnings=in_words.told(desk, ahead.warnings) if ahead else (),
        problem=problem,
        note=note,
        tomorrow=date.fromordinal(desk.today().toordinal() + 1).isoformat(),
        approver=approver,
        theirs=theirs,
        waits=approver and all(one.state is State.SUBMITTED for one in found),
        ready=approver and all(one.state in (*READY, State.SUBMITTED) for one in found),
        writer=may(staff, "answers.write"),
    )


def _item(request: web.Request, one: Proposal, said: object, published: object) -> dict[str, object]:
    before = published.get((one.kind, one.key))  # type: ignore[attr-defined]
    old = before.data if before else None
    desk = request.app[DESK]
    return {
        "proposal": one,
        "said": said,
        "state": NAMES[one.state],
        "title": in_words.title(desk, one.kind, one.key, one.data or old),
        "pairs": side_by_side(in_words.lines(desk, one.kind, old), in_words.lines(desk, one.kind, one.data)),
        "previews": previewing.shown(desk, one.kind, one.key, one.data) if one.data is not None else (),
        "how": HOW[How.REMOVED if one.data is None else How.ADDED if old is None else How.CHANGED],
    }


async def _ahead(request: web.Request, found: Sequence[Proposal]) -> Preview | None:
    """What publishing would bring; None for what is not open any more."""
    if any(one.state in (State.PUBLISHED, State.WITHDRAWN) for one in found):
        return None
    try:
        return await publishing.preview(request.app[DESK], staff_of(request), [one.id for one in found])
    except BadInput:
        return None


def _place(request: web.Request) -> object:
    regions = request.app[DESK].regions

    def said(code: str) -> str:
        return "全国" if code in ("", "000000") else regions.full_name(code)

    return said


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError as error:
        raise BadInput("请选哪一天发布，写成 2026-12-01 这样") from error
