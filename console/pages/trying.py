"""The test pane: ask as a resident of a place on a day on a channel, and see why this answer came."""

from __future__ import annotations

from datetime import date

from aiohttp import web

from bot.desk.publicity import explaining
from bot.desk.publicity.boxes import place_shown, place_typed
from bot.desk.publicity.places import offered
from bot.errors import BadInput
from bot.knowledge.answers import CHANNELS
from bot.knowledge.fields import knows
from bot.knowledge.workbook.sheets import CHANNEL_NAMES
from console.pages.answers import entry_link
from console.rendering import page
from console.security import DESK, staff_of

_FIELDS = ("question", "place", "day", "channel")


def routes() -> list[web.RouteDef]:
    return [web.get("/try", show, allow_head=False), web.post("/try", ask)]


async def show(request: web.Request) -> web.StreamResponse:
    return await _page(request, {})


async def ask(request: web.Request) -> web.StreamResponse:
    """By POST: what somebody tries may be what a resident wrote."""
    desk, sent = request.app[DESK], await request.post()
    typed = {name: str(sent.get(name, "")).strip()[:200] for name in _FIELDS}
    try:
        region = place_typed(desk, typed["place"]) if typed["place"] else ""
        if region and not knows(desk.regions, region):
            raise BadInput(f"没有找到“{typed['place'][:20]}”，从列表里选")
        day = _day(typed["day"]) if typed["day"] else desk.today()
        channel = typed["channel"] if typed["channel"] in CHANNELS else "wechat"
        found = await explaining.explain(desk, typed["question"], region, day, channel)
    except BadInput as wrong:
        return await _page(request, typed, str(wrong), 400)
    return await _page(request, typed, found=found)


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError as error:
        raise BadInput("日期写成 2026-12-31 这样") from error


async def _page(
    request: web.Request,
    typed: dict[str, str],
    problem: str = "",
    status: int = 200,
    found: explaining.Explanation | None = None,
) -> web.Response:
    desk, staff = request.app[DESK], staff_of(request)
    return page(
        request,
        "publicity/try.html",
        status,
        typed={"question": "", "place": "", "day": desk.today().isoformat(), "channel": "wechat"} | typed,
        problem=problem,
        found=found,
        searches=desk.meaning is not None,
        channels=list(CHANNEL_NAMES.items()),
        provinces=[place_shown(desk, one.code) for one in offered(desk, staff.regions[0] if staff.regions else "")],
        link=entry_link,
    )
