"""Reports on what people asked: topics, places, what is missing; the list behind every number; the month on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import urlencode

from aiohttp import web

from bot.asking import NAMES, Ended
from bot.desk.asking_ports import FAILED, UNRESOLVED, Asked, Wanted
from bot.desk.questions import board, seeing, telling
from bot.errors import BadInput
from bot.knowledge.answers import PROGRAMMES
from console.charts import Bars, Lines, Point, Series
from console.pages.cases import SHEET, download, months
from console.rendering import page
from console.security import DESK, staff_of

_FILTERS = ("month", "week", "place", "outcome", "programme", "entry", "team", "weeks")
_MOST_BARS = 12


def routes() -> list[web.RouteDef]:
    return [
        web.get("/questions/report", show, allow_head=False),
        web.get("/questions/report/month", on_paper, allow_head=False),
        web.post("/questions/report/export", export),
        web.get("/questions/list", listed, allow_head=False),
        web.get("/questions/use", use, allow_head=False),
    ]


async def show(request: web.Request) -> web.StreamResponse:
    return await _report(request, "publicity/question_report.html")


async def on_paper(request: web.Request) -> web.StreamResponse:
    return await _report(request, "publicity/question_month.html")


async def export(request: web.Request) -> web.StreamResponse:
    desk, month = request.app[DESK], str((await request.post()).get("month", ""))[:20]
    data = await telling.export(desk, staff_of(request), month)
    return download(data, SHEET, f"questions-{desk.today():%Y%m%d}.xlsx")


async def listed(request: web.Request) -> web.StreamResponse:
    desk, staff = request.app[DESK], staff_of(request)
    asked = {name: request.query[name].strip()[:60] for name in _FILTERS if request.query.get(name, "").strip()}
    problem = ""
    rows: Sequence[tuple[Asked, str, str]] = ()
    try:
        rows = await telling.listed(desk, staff, _wanted(request, asked), asked)
    except BadInput as wrong:
        problem = str(wrong)
    return page(
        request,
        "publicity/question_list.html",
        400 if problem else 200,
        rows=rows,
        behind=_behind(request, asked),
        outcomes=board.NAMES_OF_KINDS,
        programmes=PROGRAMMES,
        problem=problem,
    )


async def use(request: web.Request) -> web.StreamResponse:
    desk, staff = request.app[DESK], staff_of(request)
    weeks = request.query.get("weeks", "4")
    weeks = weeks if weeks in {str(one) for one in board.SPANS} else "4"
    found = await telling.uses(desk, staff, int(weeks))
    link = {
        one.entry: {
            kind: "/questions/list?" + urlencode({"entry": one.entry, "outcome": kind, "weeks": weeks})
            for kind in (Ended.ANSWERED, UNRESOLVED, "disliked")
        }
        for one, _ in found
    }
    total, left = sum(one.given for one, _ in found), sum(one.unresolved for one, _ in found)
    said = f"答案一共用了{total}次，其中{left}次（{_percent(left, total)}）后面还在问。" if total else ""
    spans = [(str(one), name) for one, name in board.SPANS.items()]
    return page(
        request,
        "publicity/question_use.html",
        found=found,
        link=link,
        said=said,
        weeks=weeks,
        spans=spans,
        percent=_percent,
    )


async def _report(request: web.Request, template: str) -> web.Response:
    desk, staff = request.app[DESK], staff_of(request)
    month, problem = request.query.get("month", "").strip()[:20], ""
    try:
        made = await telling.report(desk, staff, month)
    except BadInput as wrong:
        problem, made = str(wrong), await telling.report(desk, staff, "")
    return page(
        request,
        template,
        400 if problem else 200,
        made=made,
        months=months(desk, made.month),
        said=_said(made),
        charts_of=[_weeks(made), _topics(made), _over_time(made), _outcomes(made), _places(made)],
        answered=made.ended.get(Ended.ANSWERED, 0),
        handed=made.ended.get(Ended.PERSON, 0),
        percent=_percent,
        names=NAMES,
        link=lambda **more: _list(made, **more),
        today=desk.today(),
        place="、".join(desk.regions.full_name(region) for region in staff.regions) or "（没有负责的地区）",
        problem=problem,
    )


def _said(made: telling.Report) -> str:
    now, then = _percent(made.failed, made.asked), _percent(made.failed_before, made.asked_before)
    compared = f"上月是{then}" if made.asked_before else "上月没有提问"
    return f"{made.month} 居民问了{made.asked}次，{now}没有答上来，{compared}。"


def _weeks(made: telling.Report) -> Lines:
    asked = [Point(f"{day:%m-%d}", number, _week(day)) for day, number, _ in made.weeks]
    missed = [Point(f"{day:%m-%d}", number, _week(day, outcome=FAILED)) for day, _, number in made.weeks]
    said = f"最近一周问了{made.weeks[-1][1]}次，{made.weeks[-1][2]}次没有答上来。"
    return Lines("提问有多少", said, [Series("提问", asked), Series("没答上来", missed)], unit="次")


def _topics(made: telling.Report) -> Bars:
    points = [Point(name, number, _list(made, programme=code)) for code, name, number in made.programmes[:_MOST_BARS]]
    said = f"问得最多的是“{points[0].name}”，{points[0].text}次。" if points else ""
    return Bars("居民在问什么", said, points, unit="次")


def _over_time(made: telling.Report) -> Lines:
    series = [
        Series(
            name,
            [
                Point(f"{day:%m-%d}", number, _week(day, programme=code))
                for (day, _, _), number in zip(made.weeks, numbers, strict=True)
            ],
        )
        for code, name, numbers in made.topics
    ]
    return Lines("问的事怎么变", _changing(made), series, unit="次")


def _changing(made: telling.Report) -> str:
    """The last whole week against the one before, of what changed most."""
    found = [(name, numbers[-2], numbers[-2] - numbers[-3]) for _, name, numbers in made.topics]
    if not found:
        return ""
    name, number, change = max(found, key=lambda one: abs(one[2]))
    said = f"比前一周{'多' if change > 0 else '少'}{abs(change)}次" if change else "和前一周一样"
    return f"上周问“{name}”{number}次，{said}。"


def _places(made: telling.Report) -> Bars:
    points = [
        Point(name, number, _list(made, place=code) if code else "") for code, name, number in made.places[:_MOST_BARS]
    ]
    said = f"提问最多的是{points[0].name}。人少的区县并到市里，免得认出人。" if points else ""
    return Bars("哪里的人在问", said, points, unit="次")


def _outcomes(made: telling.Report) -> Bars:
    points = [
        Point(NAMES[how], made.ended.get(how, 0), _list(made, outcome=how)) for how in Ended if made.ended.get(how)
    ]
    answered = _percent(made.ended.get(Ended.ANSWERED, 0), made.asked)
    return Bars("答得怎么样", f"{answered}的提问直接给了审核过的答案。" if points else "", points, unit="次")


def _list(made: telling.Report, **more: str) -> str:
    return "/questions/list?" + urlencode(
        {"month": made.month} | {name: str(value) for name, value in more.items() if value}
    )


def _week(day: date, **more: str) -> str:
    return "/questions/list?" + urlencode({"week": day.isoformat()} | more)


def _wanted(request: web.Request, asked: Mapping[str, str]) -> Wanted:
    desk, staff = request.app[DESK], staff_of(request)
    named = {name: asked.get(name, "") for name in ("outcome", "programme", "entry", "team")}
    if asked.get("month"):
        whole = telling.month_wanted(desk, staff, asked["month"])
        placed = seeing.wanted(desk, staff, 1, asked.get("place", ""), **named)
        return replace(placed, since=whole.since, until=whole.until)
    weeks = asked.get("weeks", "26")
    wanted = seeing.wanted(
        desk, staff, int(weeks) if weeks.isascii() and weeks.isdigit() else 26, asked.get("place", ""), **named
    )
    if not asked.get("week"):
        return wanted
    try:
        monday = date.fromisoformat(asked["week"])
    except ValueError as error:
        raise BadInput(f"“{asked['week']}”不是日期；写成 2026-11-23 这样") from error
    return replace(wanted, since=monday, until=monday + timedelta(days=6))


def _behind(request: web.Request, asked: Mapping[str, str]) -> str:
    """Which number this list stands behind, in words."""
    desk = request.app[DESK]
    when = asked.get("month") or (
        f"{asked['week']} 起的一周" if asked.get("week") else f"近{asked.get('weeks', '26')}周"
    )
    said = [when]
    if asked.get("place"):
        said.append(seeing.place_called(desk, asked["place"]))
    if asked.get("programme"):
        said.append(PROGRAMMES.get(asked["programme"], asked["programme"]))
    if asked.get("outcome"):
        said.append(board.NAMES_OF_KINDS.get(asked["outcome"], ""))
    if asked.get("entry"):
        found = desk.edition.answers.get(asked["entry"])
        said.append(f"“{found.title if found else asked['entry']}”之后")
    if asked.get("team"):
        said.append("这一组")
    return " · ".join(filter(None, said))


def _percent(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)}%" if whole else "0%"
