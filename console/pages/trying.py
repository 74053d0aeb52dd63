"""The test pane: ask as a resident of a place on a day on a channel, with drafts if wanted, and see why this answer came."""

from __future__ import annotations

from collections.abc import Iterable

from aiohttp import web

from bot.desk.publicity import ahead, expecting, explaining, in_words
from bot.desk.publicity.boxes import place_shown, place_typed
from bot.desk.publicity.places import offered
from bot.desk.publicity_ports import NAMES
from bot.errors import BadInput
from bot.knowledge.answers import CHANNELS
from bot.knowledge.entry import CALLED
from bot.knowledge.fields import knows
from bot.knowledge.workbook.sheets import CHANNEL_NAMES
from bot.staff import may
from console.pages.answers import entry_link
from console.pages.forms import day_typed
from console.rendering import page
from console.security import DESK, staff_of

_FIELDS = ("question", "place", "day", "channel")


def routes() -> list[web.RouteDef]:
    return [web.get("/try", show, allow_head=False), web.post("/try", ask)]


async def show(request: web.Request) -> web.StreamResponse:
    return await _page(request, {}, tried=_drafts(request.query.getall("draft", [])))


async def ask(request: web.Request) -> web.StreamResponse:
    """By POST: what somebody tries may be what a resident wrote."""
    desk, staff, sent = request.app[DESK], staff_of(request), await request.post()
    typed = {name: str(sent.get(name, "")).strip()[:200] for name in _FIELDS}
    tried = _drafts(sent.getall("draft", []))
    try:
        region = place_typed(desk, typed["place"]) if typed["place"] else ""
        if region and not knows(desk.regions, region):
            raise BadInput(f"没有找到“{typed['place'][:20]}”，从列表里选")
        day = day_typed(typed["day"]) if typed["day"] else desk.today()
        channel = typed["channel"] if typed["channel"] in CHANNELS else "wechat"
        will_be = await ahead.as_it_will_be(desk, staff, day, tried)
        found = await explaining.explain(desk, typed["question"], region, day, channel, will_be.edition)
        now = None
        if will_be.differs:
            now = await explaining.explain(desk, typed["question"], region, day, channel)
    except BadInput as wrong:
        return await _page(request, typed, str(wrong), 400, tried=tried)
    return await _page(request, typed, found=found, tried=tried, now=now, will_be=will_be)


def _protected(found: explaining.Explanation | None) -> str:
    """What a question that is protected now should get: what it gets of what is published."""
    return "" if found is None or found.met.startswith("stopped:") else found.met


def _drafts(given: Iterable[object]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(one)[:60] for one in given))


async def _page(
    request: web.Request,
    typed: dict[str, str],
    problem: str = "",
    status: int = 200,
    found: explaining.Explanation | None = None,
    tried: tuple[str, ...] = (),
    now: explaining.Explanation | None = None,
    will_be: ahead.Ahead | None = None,
) -> web.Response:
    desk, staff = request.app[DESK], staff_of(request)
    drafts = await ahead.open_to_try(desk, staff)
    return page(
        request,
        "publicity/try.html",
        status,
        typed={"question": "", "place": "", "day": desk.today().isoformat(), "channel": "wechat"} | typed,
        problem=problem,
        found=found,
        now=now,
        due=[in_words.title(desk, one.kind, one.key, one.data) for one in will_be.due] if will_be else [],
        drafts=[(one, in_words.title(desk, one.kind, one.key, one.data), NAMES[one.state]) for one in drafts],
        tried=tried,
        kinds=CALLED,
        published=desk.edition.answers,
        searches=desk.meaning is not None,
        channels=list(CHANNEL_NAMES.items()),
        provinces=[place_shown(desk, one.code) for one in offered(desk, staff.regions[0] if staff.regions else "")],
        link=entry_link,
        protects=_protected(now or found) if may(staff, "answers.write") else "",
        said=lambda code: expecting.said(desk.edition, code),
    )
