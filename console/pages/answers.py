"""What the assistant knows: found by programme, place, state, document and day; one entry as it reads; drafts begin here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from aiohttp import web

from bot.desk.desk import Desk
from bot.desk.publicity import board, boxes, finding, overrides, previewing, proposals
from bot.desk.publicity.places import offered
from bot.desk.publicity.register import STANDINGS
from bot.desk.publicity.sheets import EDITABLE, NAMED_BY_PROGRAM
from bot.desk.questions import telling
from bot.errors import BadInput, Conflict
from bot.knowledge import entry as kinds
from bot.knowledge.answers import PROGRAMMES
from bot.knowledge.workbook.sheets import CHANNEL_NAMES
from bot.staff import covers, may
from console.pages.forms import whole_number
from console.rendering import page
from console.rights import may_open
from console.security import DESK, staff_of, watched

_FILTERS = ("words", "programme", "place", "state", "document", "channel", "day")
_KINDS = (
    kinds.ANSWER,
    kinds.STANDARD,
    kinds.SUBSIDY,
    kinds.HOTLINE,
    kinds.OFFICE,
    kinds.HOURS,
    kinds.DOCUMENT,
    kinds.PROTECTED,
    kinds.WORDS,
)
_OF_ONE = (("/history", "历史和退回"), ("/try", "试问"), ("/stops", "停用"))
"""What may be done with one entry elsewhere."""
PAGE = 100
_WAYS = (
    ("/publishing", "待审和发布"),
    ("/questions", "没答上来的问题"),
    ("/register", "文件和废止"),
    ("/try", "试问"),
    ("/stops", "停用"),
    ("/editions", "版本"),
    ("/workbooks", "Excel 进出"),
    ("/broadcasts", "群发"),
    ("/posters", "海报"),
)
"""The desk's other pages, for those who may open them."""


def routes() -> list[web.RouteDef]:
    return [
        web.get("/answers", watched(show), allow_head=False),
        web.get("/answers/one", watched(one), allow_head=False),
        web.post("/answers/start", watched(start)),
        web.post("/answers/another", watched(another)),
        web.post("/answers/remove", watched(remove)),
        web.get("/places", watched(places), allow_head=False),
    ]


def tabs() -> list[tuple[str, str]]:
    return [(kind, EDITABLE[kind].title) for kind in _KINDS]


async def show(request: web.Request) -> web.StreamResponse:
    desk, staff = request.app[DESK], staff_of(request)
    asked = {name: request.query[name].strip()[:60] for name in _FILTERS if request.query.get(name, "").strip()}
    kind, problem = request.query.get("kind", kinds.ANSWER), ""
    try:
        found = await finding.find(desk, staff, _wanted(desk, kind, asked))
    except BadInput as wrong:
        problem, kind, found = str(wrong), kinds.ANSWER, finding.Found((), 0, ())
    at = whole_number(request.query.get("after"), 6)
    more = at + PAGE if at + PAGE < len(found.rows) else 0
    return page(
        request,
        "publicity/answers.html",
        400 if problem else 200,
        kind=kind,
        tabs=tabs(),
        found=found,
        rows=found.rows[at : at + PAGE],
        more=_link(kind, asked | {"after": str(more)}) if more else "",
        first=_link(kind, asked) if at else "",
        asked=dict.fromkeys(_FILTERS, "") | asked,
        tree=[(code, name, count, _link(kind, asked | {"programme": code})) for code, name, count in found.tree],
        whole=_link(kind, {name: said for name, said in asked.items() if name != "programme"}),
        states=list(finding.STATES.items()),
        stands=finding.STATES,
        channels=list(CHANNEL_NAMES.items()),
        programmes=list(PROGRAMMES.items()),
        problem=problem,
        new=""
        if kind in NAMED_BY_PROGRAM
        else "/drafts/new?" + urlencode({"kind": kind, "programme": asked.get("programme", "")}),
        link=entry_link,
        may_write=may(staff, "answers.write"),
        ways=[(path, name) for path, name in _WAYS if may_open(staff, path)],
        documents=[(key, desk.edition.documents[key].title) for key, _ in documents_of(desk)],
        pressing=await board.pressing(desk, staff),
    )


async def one(request: web.Request) -> web.StreamResponse:
    return await _one(request, request.query.get("kind", ""), request.query.get("key", ""))


async def start(request: web.Request) -> web.StreamResponse:
    sent = await request.post()
    kind, key = str(sent.get("kind", "")), str(sent.get("key", ""))
    try:
        made = await proposals.start(request.app[DESK], staff_of(request), kind, key)
    except (BadInput, Conflict) as wrong:
        return await _one(request, kind, key, str(wrong))
    raise web.HTTPSeeOther(f"/drafts/{made.id}")


async def another(request: web.Request) -> web.StreamResponse:
    """A version of an answer for a place below, or for one channel."""
    sent, desk = await request.post(), request.app[DESK]
    key, place, channel = (str(sent.get(name, "")) for name in ("key", "place", "channel"))
    try:
        region = boxes.place_typed(desk, place)
        made = await overrides.write_another(desk, staff_of(request), key, region, channel)
    except (BadInput, Conflict) as wrong:
        return await _one(request, kinds.ANSWER, key, str(wrong))
    raise web.HTTPSeeOther(f"/drafts/{made.id}")


async def remove(request: web.Request) -> web.StreamResponse:
    """A draft to take an entry away; somebody else approves that too."""
    sent = await request.post()
    kind, key, note = (str(sent.get(name, "")) for name in ("kind", "key", "note"))
    try:
        if len(note.strip()) < 2:
            raise BadInput("请写一句为什么去掉，审核的同事要看")
        made = await proposals.start(request.app[DESK], staff_of(request), kind, key, None, note=note)
    except (BadInput, Conflict) as wrong:
        return await _one(request, kind, key, str(wrong))
    raise web.HTTPSeeOther(f"/drafts/{made.id}")


async def places(request: web.Request) -> web.StreamResponse:
    """Options for a place's box, as a piece of a page."""
    desk = request.app[DESK]
    found = [boxes.place_shown(desk, region.code) for region in offered(desk, request.query.get("typed", ""))]
    return page(request, "publicity/places.html", places=found)


def entry_link(kind: str, key: str) -> str:
    return "/answers/one?" + urlencode({"kind": kind, "key": key})


def documents_of(desk: Desk) -> list[tuple[str, str]]:
    """The register to choose from, what is in force first; each says how it stands."""
    order = list(STANDINGS)
    found = [(order.index(one.standing(desk.today())), key, one) for key, one in desk.edition.documents.items()]
    return [(key, f"{one.name}（{STANDINGS[order[at]]}）") for at, key, one in sorted(found, key=lambda row: row[:2])]


def clauses_of(desk: Desk) -> list[tuple[str, list[str]]]:
    """Of each document the clauses others cite, to be picked: what is typed anew is easily typed wrong."""
    found: dict[str, set[str]] = {}
    for answer in desk.edition.answers.values():
        for one in (*answer.basis, *answer.history):
            if one.clause:
                found.setdefault(one.document, set()).add(one.clause)
    return [(document, sorted(clauses, key=_in_number)) for document, clauses in sorted(found.items())]


def _in_number(clause: str) -> tuple[int, str]:
    number = re.search(r"\d+", clause)
    return (int(number[0]) if number else 0, clause)


async def _one(request: web.Request, kind: str, key: str, problem: str = "") -> web.Response:
    desk, staff = request.app[DESK], staff_of(request)
    async with desk.store.reading() as work:
        entries = await work.editions.read(desk.edition.number) if desk.edition.number else ()
        found = next((entry for entry in entries if (entry.kind, entry.key) == (kind, key)), None)
        proposal = await work.proposals.open_for(kind, key)
    if found is None or kind not in EDITABLE:
        raise web.HTTPNotFound
    shown = finding.row(desk, desk.edition, found, proposal)
    theirs = covers(staff, shown.region, desk.regions)
    answer = desk.edition.answers.get(key) if kind == kinds.ANSWER else None
    wider = overrides.above(desk.edition, answer) if answer else None
    same = (await finding.find(desk, staff, finding.Wanted(kind, programme=shown.programme))).rows
    return page(
        request,
        "publicity/answer.html",
        400 if problem else 200,
        kind=kind,
        tabs=tabs(),
        row=shown,
        stands=finding.STATES,
        boxes=[_read_box(box) for box in boxes.boxes(desk, kind, found.data)],
        previews=previewing.previews(desk, found.data) if answer else (),
        removable=kind not in NAMED_BY_PROGRAM,
        versions=overrides.versions(desk.edition, answer) if answer else (),
        wider=wider,
        pairs=overrides.differing(answer, wider) if answer and wider else (),
        siblings=same,
        link=entry_link,
        place=desk.regions.full_name,
        provinces=[boxes.place_shown(desk, region.code) for region in offered(desk, shown.region)],
        use=await telling.use_of(desk, staff, key) if answer and may(staff, "questions.read") else None,
        channels=list(CHANNEL_NAMES.items()),
        problem=problem,
        proposal=proposal if theirs else None,
        may_write=may(staff, "answers.write") and theirs,
        ways=[
            (path + "?" + urlencode({"kind": kind, "key": key, "of": kind, "target": key}), name)
            for path, name in _OF_ONE
            if may_open(staff, path) and (kind == kinds.ANSWER or path == "/history")
        ],
        may_override=may(staff, "answers.write") and answer is not None,
    )


def _read_box(box: boxes.Box) -> Mapping[str, object]:
    """A value as people read it."""
    chosen = "、".join(said for _, said, chosen in box.choices if chosen)
    rows = [" ".join(filter(None, row)) for row in box.rows if any(row)]
    if box.how == "week":
        rows = [f"{day} {times or '休息'}" for day, times in box.rows]
    lines = box.value.split("\n") if box.how == "lines" else rows
    value = chosen if box.choices else box.value.partition(" ")[2] if box.how == "region" else box.value
    return {"name": box.name, "title": box.title, "value": value, "lines": lines}


def _wanted(desk: Desk, kind: str, asked: Mapping[str, str]) -> finding.Wanted:
    region = boxes.place_typed(desk, asked.get("place", "")) if asked.get("place") else ""
    if region and not region.isdigit():
        raise BadInput(f"“{asked['place']}”不知道是哪里，写全一点，比如“湖北省武汉市”")
    try:
        day = date.fromisoformat(asked["day"]) if asked.get("day") else None
    except ValueError as error:
        raise BadInput(f"“{asked['day']}”不是日期，写成 2026-07-01 这样") from error
    named = {name: asked.get(name, "") for name in ("words", "programme", "state", "document", "channel")}
    return finding.Wanted(kind, region=region, day=day, **named)


def _link(kind: str, asked: Mapping[str, str]) -> str:
    return "/answers?" + urlencode({"kind": kind} | {name: said for name, said in asked.items() if said})
