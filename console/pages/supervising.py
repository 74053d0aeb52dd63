"""The supervisor's pages: what is late, who has how much, who should take what waits; how waits went; large exports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from urllib.parse import urlencode

from aiohttp import web

from bot.desk.handoff.queue import listed
from bot.desk.supervising import exporting, figures, routing, showing
from bot.errors import BadInput, Conflict, NotYours
from console.charts import Bars, Lines, Point, Series, largest
from console.pages.cases import SHEET, download
from console.pages.forms import status_of, whole_number
from console.rendering import page
from console.security import DESK, staff_of
from console.talks.showing import SCORES

_SHOWN = 200
"""Rows of a list behind a number."""
_HELD = {"held": "正在接", "waiting": "等居民回话", "overdue": "已超时", "closed": "近24小时办结"}
_WHAT = {
    "came": "来找人工",
    "taken": "接了",
    "missed": "没有接",
    "first": "等到第一句话",
    "done": "办结",
    "reason": "原因",
    "place": "地区",
    "score": "办结后居民说",
}
_SCORES = SCORES | {figures.SILENT: "没有评价"}


def routes() -> list[web.RouteDef]:
    return [
        web.get("/supervising", show, allow_head=False),
        web.get("/supervising/figures", numbers, allow_head=False),
        web.get("/supervising/list", behind, allow_head=False),
        web.post("/conversations/{conversation}/assign", assign),
        web.get("/exports", exports, allow_head=False),
        web.post("/exports", ask),
        web.post("/exports/{export}/release", release),
        web.post("/exports/{export}/refuse", refuse),
        web.post("/exports/{export}/take", take),
    ]


async def show(request: web.Request) -> web.StreamResponse:
    return await _board(request)


async def assign(request: web.Request) -> web.StreamResponse:
    to = str((await request.post()).get("to", ""))[:64]
    try:
        await routing.assign(request.app[DESK], staff_of(request), request.match_info["conversation"][:64], to)
    except (BadInput, NotYours, Conflict) as refused:
        return await _board(request, str(refused), status_of(refused))
    raise web.HTTPSeeOther("/supervising")


async def numbers(request: web.Request) -> web.StreamResponse:
    desk, problem = request.app[DESK], ""
    try:
        made = await figures.figures(desk, staff_of(request), _span(request))
    except BadInput as wrong:
        made, problem = await figures.figures(desk, staff_of(request), 30), str(wrong)
    return page(
        request,
        "figures.html",
        400 if problem else 200,
        made=made,
        spans=list(figures.SPANS.items()),
        charts_shown=[_queue(made), _first(made), _done(made), _scores(made), _reasons(made), _places(request, made)],
        problem=problem,
    )


async def behind(request: web.Request) -> web.StreamResponse:
    """The conversations behind one number of the board or of the figures."""
    desk, staff, asked = request.app[DESK], staff_of(request), request.query
    what, value = asked.get("what", "")[:20], asked.get("value", "")[:64]
    if who := asked.get("who", "")[:64]:
        name, rows = await showing.held_by(desk, staff, who, what)
        return page(
            request,
            "behind.html",
            title=f"{name}：{_HELD[what]}",
            rows=rows[:_SHOWN],
            number=len(rows),
            back=("/supervising", "回到督办"),
        )
    made = await figures.figures(desk, staff, _span(request))
    ids = list(dict.fromkeys(one.conversation for one in made.chosen(what, value)))
    return page(
        request,
        "behind.html",
        title=f"{figures.SPANS[made.span]} · {_called(request, what, value)}",
        rows=await listed(desk, staff, ids[:_SHOWN]),
        number=len(ids),
        back=(f"/supervising/figures?span={made.span}", "回到图表"),
    )


async def exports(request: web.Request) -> web.StreamResponse:
    return await _exports(request)


async def ask(request: web.Request) -> web.StreamResponse:
    sent = {key: str(value)[:200] for key, value in (await request.post()).items()}
    try:
        await exporting.ask(request.app[DESK], staff_of(request), sent, sent.get("reason", ""))
    except (BadInput, Conflict) as refused:
        return await _exports(request, str(refused), status_of(refused))
    raise web.HTTPSeeOther("/exports")


async def release(request: web.Request) -> web.StreamResponse:
    return await _decide(request, True)


async def refuse(request: web.Request) -> web.StreamResponse:
    return await _decide(request, False)


async def take(request: web.Request) -> web.StreamResponse:
    desk, export = request.app[DESK], request.match_info["export"][:64]
    try:
        data = await exporting.take(desk, staff_of(request), export)
    except (BadInput, NotYours, Conflict) as refused:
        return await _exports(request, str(refused), status_of(refused))
    return download(data, SHEET, f"cases-{desk.today():%Y%m%d}.xlsx")


async def _decide(request: web.Request, release: bool) -> web.StreamResponse:
    try:
        await exporting.decide(request.app[DESK], staff_of(request), request.match_info["export"][:64], release)
    except (BadInput, NotYours, Conflict) as refused:
        return await _exports(request, str(refused), status_of(refused))
    raise web.HTTPSeeOther("/exports")


async def _board(request: web.Request, problem: str = "", status: int = 200) -> web.Response:
    board = await showing.board(request.app[DESK], staff_of(request))
    return page(request, "supervising.html", status, board=board, problem=problem, words=_HELD)


async def _exports(request: web.Request, problem: str = "", status: int = 200) -> web.Response:
    rows = await exporting.asked_for(request.app[DESK], staff_of(request))
    return page(request, "exports.html", status, rows=rows, states=exporting.STATES, problem=problem)


def _span(request: web.Request) -> int:
    return whole_number(request.query.get("span", "30"), 3)


def _link(made: figures.Figures, what: str, value: str = "") -> str:
    return "/supervising/list?" + urlencode({"span": made.span, "what": what, "value": value})


def _called(request: web.Request, what: str, value: str) -> str:
    """What a list is of, in words."""
    if what == "reason":
        return f"{_WHAT[what]}：{figures.reason_name(value)}"
    if what == "place":
        return f"{_WHAT[what]}：{figures.place_called(request.app[DESK], value)}"
    if what == "score":
        return f"{_WHAT[what]}：{_SCORES.get(whole_number(value), value)}"
    if not value:
        return _WHAT[what]
    day = date.fromisoformat(value)
    return f"{day.month}月{day.day}日{'起的一周' if _span(request) > 31 else ''}{_WHAT[what]}"


def _line(made: figures.Figures, what: str, name: str) -> Series:
    numbers = [(one, len(made.chosen(what, one.key))) for one in made.buckets]
    points = [Point(one.name, number, _link(made, what, one.key) if number else "") for one, number in numbers]
    return Series(name, points)


def _queue(made: figures.Figures) -> Lines:
    came, missed, before = len(made.now), len(made.chosen("missed", "")), len(made.before)
    change = came - before
    compared = "和再往前一样多" if not change else f"比再往前{'多' if change > 0 else '少'} {abs(change)} 次"
    left = f"{missed} 次没有接到" if missed else "都接到了"
    said = f"{figures.SPANS[made.span]}有 {came} 次来找人工，{compared}；{left}。" if came else ""
    return Lines("来找人工的", said, [_line(made, "came", "来的"), _line(made, "missed", "没接到的")], "次", _NOBODY)


def _times(made: figures.Figures, what: str, title: str, said: str) -> Lines:
    half: list[Point] = []
    most: list[Point] = []
    for one in made.buckets:
        minutes = made.minutes(what, one.key)
        for line, value in ((half, figures.middle(minutes)), (most, figures.nine_of_ten(minutes))):
            shown = "" if value is None else figures.long(value)
            line.append(Point(one.name, value, _link(made, what, one.key) if minutes else "", shown))
    return Lines(title, said, [Series("一半的人", half), Series("十个里九个", most)], "分钟", _NOBODY)


def _first(made: figures.Figures) -> Lines:
    return _times(made, "first", "多久等到第一句话", _spoken(made.minutes("first", ""), "等到同事的第一句话"))


def _done(made: figures.Figures) -> Lines:
    return _times(made, "done", "多久办结", _spoken(made.minutes("done", ""), "办结"))


def _spoken(minutes: Sequence[float], what: str) -> str:
    half, most = figures.middle(minutes), figures.nine_of_ten(minutes)
    if half is None or most is None:
        return ""
    return f"一半的人在 {figures.long(half)}内{what}，十个里九个在 {figures.long(most)}内。"


def _scores(made: figures.Figures) -> Bars:
    numbers = {score: made.score(score) for score in _SCORES}
    points = [
        Point(name, numbers[score], _link(made, "score", str(score)) if numbers[score] else "")
        for score, name in _SCORES.items()
    ]
    closed, rated = sum(numbers.values()), sum(numbers.values()) - numbers[figures.SILENT]
    said = f"办结 {closed} 次，{rated} 次有评价，其中 {numbers[3]} 次帮上了。" if closed else ""
    return Bars("帮上居民没有", said, points if closed else [], "次", "这段时间还没有办结的会话。")


def _reasons(made: figures.Figures) -> Bars:
    points = [Point(figures.reason_name(code), number, _link(made, "reason", code)) for code, number in made.reasons()]
    return Bars("为什么找人工", largest(points, len(made.now)), points, "次", _NOBODY)


def _places(request: web.Request, made: figures.Figures) -> Bars:
    desk = request.app[DESK]
    points = [
        Point(figures.place_called(desk, code), number, _link(made, "place", code))
        for code, number in made.places()[:20]
    ]
    return Bars("哪里的人", largest(points, len(made.now)), points, "次", _NOBODY)


_NOBODY = "这段时间还没有人来找人工。"
