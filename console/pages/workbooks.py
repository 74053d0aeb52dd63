"""Excel in and out: download, upload, the dry run row by row, and then all rows as drafts or none."""

from __future__ import annotations

from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from bot.desk.casework.listing import place_code
from bot.desk.desk import Desk
from bot.desk.publicity import importing, in_words, proposals
from bot.desk.publicity_ports import NAMES, WRITABLE, Proposal
from bot.desk.upload_ports import Upload, UploadState
from bot.errors import BadInput
from bot.knowledge.problems import Refused
from bot.knowledge.workbook.comparing import How, Outcome
from bot.knowledge.workbook.overriding import contact_of
from bot.knowledge.workbook.reading import LARGEST_FILE
from bot.knowledge.workbook.sheets import SHEETS
from bot.staff import may
from console.pages.cases import SHEET, download
from console.rendering import page
from console.security import DESK, staff_of

SHOWN = 300
"""Rows on a page; the marked file holds all of them."""
_STATES = {UploadState.OPEN: "试算过，还没确认", UploadState.DONE: "已成为草稿", UploadState.DROPPED: "没有用"}
_HOW = {How.REFUSED: "要改", How.NEW: "新增", How.CHANGED: "修改", How.REMOVED: "删去", How.UNCHANGED: "没变"}
_PACK = "pack"


def routes() -> list[web.RouteDef]:
    return [
        web.get("/workbooks", show, allow_head=False),
        web.post("/workbooks", upload),
        web.get("/workbooks/content", content, allow_head=False),
        web.get("/workbooks/template", template, allow_head=False),
        web.get("/workbooks/pack", pack, allow_head=False),
        web.get("/workbooks/files", files, allow_head=False),
        web.get("/workbooks/{upload}", one, allow_head=False),
        web.get("/workbooks/{upload}/errors", errors, allow_head=False),
        web.post("/workbooks/{upload}/land", land),
        web.post("/workbooks/{upload}/drop", drop),
        web.post("/workbooks/{upload}/submit", submit),
    ]


async def show(request: web.Request) -> web.StreamResponse:
    return await _list(request)


async def content(request: web.Request) -> web.StreamResponse:
    try:
        made = await importing.export(request.app[DESK], staff_of(request), request.query.getall("kind", []))
    except BadInput as wrong:
        return await _list(request, str(wrong), 400)
    return download(made, SHEET, f"content-{request.app[DESK].today():%Y%m%d}.xlsx")


async def files(request: web.Request) -> web.StreamResponse:
    try:
        made = await importing.plain_files(request.app[DESK], staff_of(request))
    except BadInput as wrong:
        return await _list(request, str(wrong), 400)
    return download(made, "application/zip", f"content-{request.app[DESK].today():%Y%m%d}.zip")


async def template(request: web.Request) -> web.StreamResponse:
    made = await importing.template(request.app[DESK], staff_of(request))
    return download(made, SHEET, "template.xlsx")


async def pack(request: web.Request) -> web.StreamResponse:
    desk, asked = request.app[DESK], request.query.get("place", "")
    try:
        region = place_code(desk, asked)
        if not region:
            raise BadInput("请写是哪个地方，比如“湖北省武汉市洪山区”")
        made = await importing.pack(desk, staff_of(request), region)
    except BadInput as wrong:
        return await _list(request, str(wrong), 400, asked)
    return download(made, SHEET, f"{_PACK}-{region}.xlsx")


async def upload(request: web.Request) -> web.StreamResponse:
    sent = (await request.post()).get("file")
    try:
        if not isinstance(sent, FileField) or not sent.filename:
            raise BadInput("请先选一个 .xlsx 文件")
        kept = await importing.upload(request.app[DESK], staff_of(request), sent.filename, sent.file.read())
    except BadInput as wrong:
        return await _list(request, str(wrong), 400)
    raise web.HTTPSeeOther(f"/workbooks/{kept.id}")


async def one(request: web.Request) -> web.StreamResponse:
    return await _one(request)


async def errors(request: web.Request) -> web.StreamResponse:
    id = request.match_info["upload"]
    made = await importing.errors(request.app[DESK], staff_of(request), id)
    return download(made, SHEET, "to-mend.xlsx")


async def land(request: web.Request) -> web.StreamResponse:
    note = str((await request.post()).get("note", ""))
    try:
        await importing.land(request.app[DESK], staff_of(request), request.match_info["upload"], note)
    except BadInput as wrong:
        return await _one(request, str(wrong), 400)
    raise web.HTTPSeeOther(f"/workbooks/{request.match_info['upload']}")


async def drop(request: web.Request) -> web.StreamResponse:
    await importing.drop(request.app[DESK], staff_of(request), request.match_info["upload"])
    raise web.HTTPSeeOther("/workbooks")


async def submit(request: web.Request) -> web.StreamResponse:
    """All drafts of the file that are still drafts, as they stand."""
    desk, staff = request.app[DESK], staff_of(request)
    found = await importing.theirs(desk, staff, request.match_info["upload"])
    drafts = [one for one in await importing.made_of(desk, staff, found) if one.state in WRITABLE]
    try:
        await proposals.submit(desk, staff, {one.id: one.version for one in drafts})
    except Refused as refused:
        said = (f"{name}：{what}；{todo}。" for name, what, todo in in_words.told(desk, refused.problems[:20]))
        return await _one(request, "\n".join(said), 400)
    except BadInput as wrong:
        return await _one(request, str(wrong), 400)
    raise web.HTTPSeeOther(f"/workbooks/{found.id}")


async def _list(request: web.Request, problem: str = "", status: int = 200, place: str = "") -> web.Response:
    desk, staff = request.app[DESK], staff_of(request)
    sent = await importing.uploads(desk, staff)
    return page(
        request,
        "publicity/import.html",
        status,
        problem=problem,
        place=place or _own_place(desk, staff.regions),
        kinds=[(sheet.kind, sheet.title) for sheet in SHEETS.values()],
        sent=[_row(upload) for upload in sent],
        megabytes=LARGEST_FILE // 2**20,
        may_write=may(staff, "answers.write"),
    )


async def _one(request: web.Request, problem: str = "", status: int = 200) -> web.Response:
    desk, staff = request.app[DESK], staff_of(request)
    found, run = await importing.dry_run(desk, staff, request.match_info["upload"])
    shown: dict[str, Any] = {"upload": _row(found), "problem": problem, "run": None, "drafts": []}
    if run is None:
        made = await importing.made_of(desk, staff, found)
        shown["drafts"] = [_draft(desk, one) for one in made]
        shown["waiting"] = sum(one.state in WRITABLE for one in made)
        return page(request, "publicity/import_one.html", status, **shown)
    outcomes = run.comparison.outcomes
    listed = sorted(
        (one for one in outcomes if one.how is not How.UNCHANGED), key=lambda one: one.how is not How.REFUSED
    )
    shown["run"] = {
        "lands": run.lands,
        "refused": run.comparison.refused,
        "counts": [(how, name, run.comparison.count(how)) for how, name in _HOW.items()],
        "rows": [_outcome(one) for one in listed[:SHOWN]],
        "more": max(0, len(listed) - SHOWN),
        "elsewhere": run.comparison.elsewhere[:50],
        "edition": run.book.about.edition,
        "head": run.head,
        "place": desk.regions.full_name(run.book.about.region) if run.book.about.region else "",
        "contact": {"unit": "", "phone": "", **contact_of(run.book)},
    }
    return page(request, "publicity/import_one.html", status, **shown)


def _row(upload: Upload) -> dict[str, Any]:
    return {
        "id": upload.id,
        "name": upload.name,
        "at": upload.created_at,
        "state": _STATES[upload.state],
        "open": upload.state is UploadState.OPEN,
        "changed": upload.changed,
    }


def _outcome(one: Outcome) -> dict[str, Any]:
    return {
        "sheet": one.row.sheet,
        "line": one.row.line,
        "how": one.how,
        "said": _HOW[one.how],
        "name": _called(one),
        "reasons": one.reasons,
        "hints": one.hints,
        "lines": one.lines,
    }


def _called(one: Outcome) -> str:
    """As people know it: a title, a name, or place and matter."""
    cells = one.row.cells
    said = (
        cells.get("title")
        or cells.get("name")
        or " ".join(filter(None, map(cells.get, ("region_name", "programme", "month"))))
    )
    return said or cells.get("region", "") or one.key


def _draft(desk: Desk, one: Proposal) -> dict[str, Any]:
    kind = SHEETS[one.kind].title if one.kind in SHEETS else one.kind
    title, place = in_words.title(desk, one.kind, one.key, one.data), in_words.value(desk, "region", one.region)
    return {
        "id": one.id,
        "kind": kind,
        "title": title,
        "place": place,
        "state": NAMES[one.state],
        "removes": one.removes,
    }


def _own_place(desk: Desk, regions: tuple[str, ...]) -> str:
    """The place of somebody who has one only."""
    return desk.regions.full_name(regions[0]) if len(regions) == 1 and regions[0] != "000000" else ""
