"""The register of documents, and what would have to be decided if one of them ends."""

from __future__ import annotations

from aiohttp import web

from bot.desk.publicity import register
from bot.errors import BadInput
from bot.knowledge.entry import CALLED
from console.pages.answers import entry_link
from console.rendering import page
from console.security import DESK, staff_of


def routes() -> list[web.RouteDef]:
    return [
        web.get("/register", show, allow_head=False),
        web.get("/register/one", one, allow_head=False),
    ]


async def show(request: web.Request) -> web.StreamResponse:
    words, standing = request.query.get("words", "")[:60], request.query.get("standing", "")
    found = register.rows(request.app[DESK], staff_of(request), words, standing)
    return page(
        request,
        "publicity/register.html",
        rows=found,
        words=words,
        standing=standing,
        standings=register.STANDINGS,
        link=entry_link,
    )


async def one(request: web.Request) -> web.StreamResponse:
    desk, staff = request.app[DESK], staff_of(request)
    document, on = request.query.get("document", ""), request.query.get("on", "")[:20]
    problem = ""
    try:
        found = register.fall(desk, staff, document, on)
    except BadInput as wrong:
        if document not in desk.edition.documents:
            raise web.HTTPNotFound from wrong
        problem, found = str(wrong), register.fall(desk, staff, document)
    return page(
        request,
        "publicity/fall.html",
        400 if problem else 200,
        fall=found,
        standings=register.STANDINGS,
        kinds=CALLED,
        link=entry_link,
        problem=problem,
        groups=_groups(found),
    )


def _groups(found: register.Fall) -> list[tuple[str, list[object]]]:
    """What falls, by kind: whoever decides goes through answers first, then figures."""
    by: dict[str, list[object]] = {}
    for citation in found.falls:
        by.setdefault(CALLED.get(citation.kind, citation.kind), []).append(citation)
    return list(by.items())
