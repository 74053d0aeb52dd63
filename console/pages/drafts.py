"""The editor: boxes for what one entry holds, with what residents would read and what must be mended, while it is typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.desk.desk import Desk
from bot.desk.publicity import beginning, boxes, finding, hints, in_words, overrides, previewing, proposals
from bot.desk.publicity.places import offered
from bot.desk.publicity.sheets import EDITABLE, NAMED_BY_PROGRAM
from bot.desk.publicity_ports import NAMES, OPEN, WRITABLE, Proposal, State
from bot.errors import BadInput, Conflict
from bot.knowledge import entry as kinds
from bot.knowledge.answers import Answer
from bot.knowledge.fields import Fields, knows
from bot.knowledge.problems import Refused
from bot.knowledge.side_by_side import SAME, side_by_side
from bot.staff import covers, may
from console.pages.answers import clauses_of, documents_of, entry_link, tabs
from console.pages.forms import names_in, whole_number
from console.pages.publishing import STEPS
from console.rendering import page
from console.rights import may_open
from console.security import DESK, staff_of, watched

NEW = "new"


def routes() -> list[web.RouteDef]:
    return [
        web.get("/drafts/{draft}", watched(show), allow_head=False),
        web.post("/drafts/{draft}", watched(save)),
        web.post("/drafts/{draft}/look", watched(look)),
        web.post("/drafts/{draft}/step", watched(step)),
    ]


async def show(request: web.Request) -> web.StreamResponse:
    if _draft(request) == NEW:
        if _kind(request.query) in NAMED_BY_PROGRAM:
            raise web.HTTPNotFound
        return await _page(request, None, _kind(request.query), _blank(request))
    found = await _found(request)
    return await _page(request, found, found.kind, found.data)


async def save(request: web.Request) -> web.StreamResponse:
    """Keep what was typed and, if asked, hand it over to be approved. What cannot be kept stays in the boxes."""
    sent, desk, staff = await request.post(), request.app[DESK], staff_of(request)
    found = None if _draft(request) == NEW else await _found(request)
    kind = found.kind if found else _kind(sent)
    data, note = _typed(request, sent, kind, found), str(sent.get("note", ""))
    try:
        if found is None:
            made = beginning.named(kind, data or {})
            kept = await proposals.start(desk, staff, kind, str(made.get("id", NEW)), made, note=note)
        else:
            kept = await proposals.save(desk, staff, found.id, whole_number(sent.get("version")), data, note)
    except proposals.SavedByOther as late:
        return await _page(request, late.other, kind, data, str(late), 409, note=note, other=late.other)
    except (BadInput, Conflict) as wrong:
        return await _page(request, found, kind, data, str(wrong), 400, note=note)
    if sent.get("then") == "submit":
        try:
            await proposals.submit(desk, staff, {kept.id: kept.version}, note)
        except Refused as wrong:
            problem = f"已存成草稿，还不能送审：有{len(wrong.problems)}处要改"
            return await _page(request, kept, kind, kept.data, problem, 400, refused=wrong)
        except (BadInput, Conflict) as wrong:
            return await _page(request, kept, kind, kept.data, str(wrong), 400)
    raise web.HTTPSeeOther(f"/drafts/{kept.id}")


async def look(request: web.Request) -> web.StreamResponse:
    """What a page shows of what is typed, without keeping anything."""
    sent = await request.post()
    found = None if _draft(request) == NEW else await _found(request)
    kind = found.kind if found else _kind(sent)
    data = _typed(request, sent, kind, found)
    return page(request, "publicity/look.html", **await _looked(request, found, kind, data, str(sent.get("where", ""))))


async def step(request: web.Request) -> web.StreamResponse:
    """Take back what waits for approval, or give a draft up."""
    sent, desk, staff = await request.post(), request.app[DESK], staff_of(request)
    found = await _found(request)
    try:
        if sent.get("step") == "take_back":
            await proposals.take_back(desk, staff, found.id, whole_number(sent.get("version")))
        elif sent.get("step") == "withdraw":
            await proposals.withdraw(desk, staff, found.id, whole_number(sent.get("version")), str(sent.get("why", "")))
            raise web.HTTPSeeOther(f"/answers?kind={found.kind}")
        else:
            raise BadInput("请选一步")
    except (BadInput, Conflict) as wrong:
        return await _page(request, found, found.kind, found.data, str(wrong), 409)
    raise web.HTTPSeeOther(f"/drafts/{found.id}")


async def _page(
    request: web.Request,
    found: Proposal | None,
    kind: str,
    data: Mapping[str, Any] | None,
    problem: str = "",
    status: int = 200,
    note: str | None = None,
    other: Proposal | None = None,
    refused: Refused | None = None,
) -> web.Response:
    desk, staff = request.app[DESK], staff_of(request)
    theirs = found is None or covers(staff, found.region, desk.regions)
    writable = may(staff, "answers.write") and theirs and (found is None or found.state in WRITABLE)
    looked = await _looked(request, found, kind, data, "")
    fresh = found is None and not problem
    if fresh:
        # Nobody is scolded for boxes they have not come to yet.
        looked |= {"hints": hints.Hints(()), "loose": ()}
    return page(
        request,
        "publicity/draft.html",
        status,
        **looked,
        draft=found,
        action=f"/drafts/{found.id if found else NEW}",
        tabs=tabs(),
        title=EDITABLE[kind].title,
        name=finding.title_of(kind, data if data is not None else await _published(request, found)),
        fresh=fresh,
        about=EDITABLE[kind].about,
        state=NAMES[found.state] if found else "还没有保存",
        removes=data is None,
        said=found.note if found and note is None else note or "",
        documents=documents_of(desk),
        clauses=clauses_of(desk) if kind == kinds.ANSWER else [],
        provinces=[
            boxes.place_shown(desk, region.code) for region in offered(desk, staff.regions[0] if staff.regions else "")
        ],
        comments=(await proposals.show(desk, staff, found.id))[1] if found and theirs else (),
        names=await _names(request),
        steps=STEPS,
        problem=problem,
        elsewhere=in_words.told(
            desk, [one for one in refused.problems if not found or one.entry != found.key] if refused else ()
        ),
        clashes=_clashes(desk, kind, other, data),
        published=found is not None and bool(found.base),
        writable=writable,
        may_try=may_open(staff, "/try") and found is not None and found.state in OPEN,
        waiting=found is not None and found.state is State.SUBMITTED and theirs and may(staff, "answers.write"),
    )


async def _looked(
    request: web.Request, found: Proposal | None, kind: str, data: Mapping[str, Any] | None, where: str
) -> dict[str, Any]:
    """What depends on what is in the boxes."""
    desk = request.app[DESK]
    shown = data or {}
    key = found.key if found else str(shown.get("id", ""))
    judged = shown if found or data is None else beginning.named(kind, shown)
    said = await hints.hints(desk, kind, key, judged if data is not None else None, key if found and found.base else "")
    place = boxes.place_typed(desk, where) if where else ""
    all_boxes = boxes.boxes(desk, kind, shown, new=found is None)
    answer = Answer.read(Fields(judged, _silent), desk.regions) if kind == kinds.ANSWER and data is not None else None
    wider = overrides.above(desk.edition, answer) if answer else None
    there = place if knows(desk.regions, place) else ""
    return {
        "kind": kind,
        "boxes": {box.name: box for box in all_boxes},
        "hints": said,
        "loose": said.elsewhere(box.name for box in all_boxes),
        "previews": previewing.shown(desk, kind, key, judged, there) if data is not None else (),
        "where": where,
        "near": said.near,
        "wider": wider,
        "pairs": overrides.differing(answer, wider) if answer and wider else (),
        "place": desk.regions.full_name,
        "link": entry_link,
    }


def _clashes(desk: Desk, kind: str, other: Proposal | None, data: Mapping[str, Any] | None) -> tuple[Any, ...]:
    """What somebody else kept meanwhile beside what was typed here, where they differ."""
    if other is None:
        return ()
    pairs = side_by_side(in_words.lines(desk, kind, other.data), in_words.lines(desk, kind, data))
    return tuple(pair for pair in pairs if pair.how != SAME)


async def _published(request: web.Request, found: Proposal | None) -> Mapping[str, Any]:
    """What a draft that takes an entry away began from."""
    desk = request.app[DESK]
    async with desk.store.reading() as work:
        entries = await proposals.published_entries(work, desk.edition.number)
    entry = entries.get((found.kind, found.key)) if found else None
    return entry.data if entry else {}


async def _names(request: web.Request) -> Mapping[str, str]:
    async with request.app[DESK].store.reading() as work:
        return await names_in(work)


async def _found(request: web.Request) -> Proposal:
    """What another place writes is not shown."""
    return (await proposals.show(request.app[DESK], staff_of(request), _draft(request)))[0]


def _typed(request: web.Request, sent: Any, kind: str, found: Proposal | None) -> Mapping[str, Any] | None:
    if found is not None and found.data is None:
        return None
    before = found.data if found and found.data is not None else _blank_of(request, kind, sent)
    return boxes.read(request.app[DESK], kind, lambda name: [str(one) for one in sent.getall(name, [])], before)


def _blank(request: web.Request) -> Mapping[str, Any]:
    return _blank_of(request, _kind(request.query), request.query)


def _blank_of(request: web.Request, kind: str, asked: Any) -> Mapping[str, Any]:
    wanted = (str(asked.get(name, ""))[:40] for name in ("programme", "region"))
    return beginning.blank(request.app[DESK], staff_of(request), kind, *wanted)


def _kind(asked: Any) -> str:
    kind = str(asked.get("kind", kinds.ANSWER))
    if kind not in EDITABLE:
        raise web.HTTPNotFound
    return kind


def _draft(request: web.Request) -> str:
    return request.match_info["draft"]


def _silent(what: str, todo: str, at: str = "") -> None:
    """What cannot be read is said by the hints."""
