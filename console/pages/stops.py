"""Stop an answer or a programme at once, and give it again."""

from __future__ import annotations

from aiohttp import web

from bot.desk.publicity import stopping
from bot.desk.publicity.boxes import place_shown, place_typed
from bot.desk.publicity.places import offered
from bot.errors import BadInput, Conflict
from bot.knowledge.answers import PROGRAMMES
from bot.knowledge.problems import Refused
from bot.staff import covers, may
from console.pages.answers import entry_link
from console.rendering import page
from console.security import DESK, staff_of

_FIELDS = ("of", "target", "programme", "place", "reason", "instead", "words")


def routes() -> list[web.RouteDef]:
    return [
        web.get("/stops", show, allow_head=False),
        web.post("/stops", stop),
        web.post("/stops/lift", lift),
    ]


async def show(request: web.Request) -> web.StreamResponse:
    asked = {name: request.query.get(name, "")[:200] for name in _FIELDS}
    return await _page(request, asked)


async def stop(request: web.Request) -> web.StreamResponse:
    desk, staff, sent = request.app[DESK], staff_of(request), await request.post()
    typed = {name: str(sent.get(name, "")).strip()[:1000] for name in _FIELDS}
    try:
        region = place_typed(desk, typed["place"]) if typed["place"] else ""
        target = typed["programme"] if typed["of"] == "programme" else _answer(request, typed["target"])
        instead = _answer(request, typed["instead"]) if typed["instead"] else ""
        await stopping.stop(desk, staff, typed["of"], target, region, typed["reason"], instead, typed["words"])
    except Refused as wrong:
        return await _page(request, typed, "；".join(one.what for one in wrong.problems), 400)
    except (BadInput, Conflict) as wrong:
        return await _page(request, typed, str(wrong), 400)
    await desk.editions.refresh()
    raise web.HTTPSeeOther("/stops?done=stopped")


async def lift(request: web.Request) -> web.StreamResponse:
    desk, sent = request.app[DESK], await request.post()
    try:
        await stopping.lift(desk, staff_of(request), str(sent.get("id", ""))[:200], str(sent.get("reason", "")))
    except Refused as wrong:
        return await _page(request, {}, "；".join(one.what for one in wrong.problems), 400)
    except (BadInput, Conflict) as wrong:
        return await _page(request, {}, str(wrong), 400)
    await desk.editions.refresh()
    raise web.HTTPSeeOther("/stops?done=lifted")


def _answer(request: web.Request, said: str) -> str:
    """An id, or a title as the list offers it."""
    answers = request.app[DESK].edition.answers
    if said in answers:
        return said
    found = [one.id for one in answers.values() if one.title == said or f"{one.title}（{one.id}）" == said]
    if len(found) != 1:
        raise BadInput(f"没有找到答案“{said[:40]}”，请从列表里选")
    return found[0]


async def _page(request: web.Request, typed: dict[str, str], problem: str = "", status: int = 200) -> web.Response:
    desk, staff = request.app[DESK], staff_of(request)
    content, regions = desk.edition.content, desk.regions
    typed = dict.fromkeys(_FIELDS, "") | typed
    if typed["target"] in content.answers and typed["of"] != "programme":
        typed["target"] = f"{content.answers[typed['target']].title}（{typed['target']}）"
    stops = [one for one in content.stops.values() if covers(staff, one.region, regions)]
    titles = {key: one.title for key, one in content.answers.items()}
    return page(
        request,
        "publicity/stops.html",
        status,
        stops=sorted(stops, key=lambda one: (one.first, one.id), reverse=True),
        typed=typed,
        problem=problem,
        done=request.query.get("done", ""),
        answers=[f"{title}（{key}）" for key, title in titles.items()],
        titles=titles | dict(PROGRAMMES),
        programmes=list(PROGRAMMES.items()),
        place=lambda code: "全国" if code == "000000" else regions.full_name(code),
        own=place_shown(desk, staff.regions[0]) if staff.regions else "",
        provinces=[place_shown(desk, one.code) for one in offered(desk, staff.regions[0] if staff.regions else "")],
        words=stopping.WORDS,
        link=entry_link,
        may_stop=may(staff, "answers.stop"),
    )
