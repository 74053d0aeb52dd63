"""Posters and share cards with a QR code, one page to print: for a village, a community or an office."""

from __future__ import annotations

import segno
from aiohttp import web

from bot.desk.publicity import boxes
from bot.desk.publicity.places import offered
from bot.desk.publicity.posters import Poster, offices, poster
from bot.errors import BadInput
from bot.knowledge.fields import knows
from bot.scenes import scene
from console.rendering import page
from console.security import DESK, staff_of, watched

_ASKED = ("place", "village", "name", "office", "link", "kind")
CARDS = 8
"""On a sheet of A4."""


def routes() -> list[web.RouteDef]:
    return [web.get("/posters", watched(show), allow_head=False)]


async def show(request: web.Request) -> web.StreamResponse:
    """The form; with a place and an address also the sheet."""
    desk, staff = request.app[DESK], staff_of(request)
    asked = {name: request.query.get(name, "").strip()[:200] for name in _ASKED}
    region = boxes.place_typed(desk, asked["place"])
    known = knows(desk.regions, region)
    made, problem = None, ""
    if asked["link"]:
        try:
            made = poster(desk, staff, region, asked["village"], asked["name"], asked["office"], asked["link"])
        except BadInput as wrong:
            problem = str(wrong)
    return page(
        request,
        "publicity/posters.html",
        400 if problem else 200,
        asked=asked,
        problem=problem,
        made=made,
        code=_code(made) if made else "",
        cards=range(CARDS),
        scene=_scene(region, asked) if known else "",
        offices=offices(desk, region) if known else (),
        provinces=[boxes.place_shown(desk, one.code) for one in offered(desk, next(iter(staff.regions), ""))],
    )


def _code(made: Poster) -> str:
    """Medium correction: a scratch does no harm, and the dots stay large."""
    return segno.make(made.link, error="m", micro=False).svg_data_uri(scale=4, border=4)


def _scene(region: str, asked: dict[str, str]) -> str:
    try:
        return scene(region, asked["village"], asked["office"])
    except BadInput:
        return ""
