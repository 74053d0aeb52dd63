"""The register of documents, and what would have to be decided if one of them ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from multidict import MultiDictProxy

from bot.desk.publicity import deciding, in_words, register
from bot.desk.publicity.sheets import EDITABLE
from bot.desk.publicity_ports import NAMES
from bot.errors import BadInput, Conflict
from bot.knowledge.entry import CALLED
from bot.knowledge.problems import Refused
from bot.staff import may
from console.pages.answers import documents_of, entry_link
from console.pages.forms import day_typed, whole_number
from console.rendering import page
from console.security import DESK, staff_of


def routes() -> list[web.RouteDef]:
    return [
        web.get("/register", show, allow_head=False),
        web.get("/register/one", one, allow_head=False),
        web.post("/register/decide", decide),
        web.post("/register/hand-over", hand_over),
    ]


async def show(request: web.Request) -> web.StreamResponse:
    words, standing = request.query.get("words", "")[:60], request.query.get("standing", "")
    staff = staff_of(request)
    found = register.rows(request.app[DESK], staff, words, standing)
    return page(
        request,
        "publicity/register.html",
        rows=found,
        words=words,
        standing=standing,
        standings=register.STANDINGS,
        may_write=may(staff, "answers.write"),
    )


async def one(request: web.Request) -> web.StreamResponse:
    return await _one(request, request.query.get("document", ""), request.query.get("on", "")[:20])


async def decide(request: web.Request) -> web.StreamResponse:
    """What was chosen for each row, as drafts; rows nobody chose for are left, or all go one way."""
    sent, desk = await request.post(), request.app[DESK]
    document, on = str(sent.get("document", "")), str(sent.get("on", ""))[:20]
    try:
        choices, rest = _choices(sent), str(sent.get("rest", ""))
        chosen = [replace(one, how=one.how or rest) for one in choices]
        made = await deciding.decide(
            desk,
            staff_of(request),
            document,
            day_typed(on),
            str(sent.get("by", "")),
            [one for one in chosen if one.how],
            str(sent.get("note", "")),
        )
    except (BadInput, Conflict) as wrong:
        return await _one(request, document, on, str(wrong))
    raise web.HTTPSeeOther("/register/one?" + urlencode({"document": document, "on": on, "made": len(made)}))


async def hand_over(request: web.Request) -> web.StreamResponse:
    document = str((await request.post()).get("document", ""))
    try:
        await deciding.hand_over(request.app[DESK], staff_of(request), document)
    except Refused as wrong:
        return await _one(request, document, "", f"还不能送审：有{len(wrong.problems)}处要改", wrong)
    except (BadInput, Conflict) as wrong:
        return await _one(request, document, "", str(wrong))
    raise web.HTTPSeeOther("/register/one?" + urlencode({"document": document}))


async def _one(
    request: web.Request, document: str, on: str, problem: str = "", refused: Refused | None = None
) -> web.Response:
    desk, staff = request.app[DESK], staff_of(request)
    if document not in desk.edition.documents:
        raise web.HTTPNotFound
    try:
        found = await deciding.falling(desk, staff, document, on)
    except BadInput as wrong:
        problem, found = str(wrong), await deciding.falling(desk, staff, document)
    return page(
        request,
        "publicity/fall.html",
        400 if problem else 200,
        found=found,
        rows=_numbered(found.rows, may(staff, "answers.write")),
        fall=found.fall,
        standings=register.STANDINGS,
        kinds=CALLED,
        states=NAMES,
        hows=deciding.HOWS,
        link=entry_link,
        place=lambda code: in_words.value(desk, "region", code),
        documents=[(key, said) for key, said in documents_of(desk) if key != document],
        problem=problem,
        refusals=in_words.told(desk, refused.problems) if refused else (),
        made=whole_number(request.query.get("made")),
        may_write=may(staff, "answers.write"),
        may_approve=may(staff, "answers.approve"),
        opens=lambda kind: kind in EDITABLE,
    )


def _numbered(rows: Sequence[deciding.Row], writes: bool) -> list[tuple[deciding.Row, int | None]]:
    """Each row with its place among those that can be decided, by which its boxes are told apart."""
    at = iter(range(len(rows)))
    return [(row, next(at) if writes and row.may and row.proposal is None else None) for row in rows]


def _choices(sent: MultiDictProxy[Any]) -> list[deciding.Choice]:
    rows = zip(*(map(str, sent.getall(name, [])) for name in ("kind", "key", "how")), strict=False)
    return [
        deciding.Choice(kind, key, how, tuple(str(said)[:120] for said in sent.getall(f"clause.{at}", [])))
        for at, (kind, key, how) in enumerate(rows)
    ]
