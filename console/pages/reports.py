"""Reports: how many, where, and how long. Every number is a link to the cases behind it."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from aiohttp import web

from bot.desk.cases.naming import programme_name
from bot.desk.casework.listing import called
from bot.desk.casework.reporting import Bar, Report, report
from bot.errors import BadInput
from console.charts import Bars, Point, largest
from console.pages.cases import months
from console.rendering import page
from console.security import DESK, staff_of


def routes() -> list[web.RouteDef]:
    return [web.get("/reports", show, allow_head=False)]


async def show(request: web.Request) -> web.StreamResponse:
    desk, month = request.app[DESK], request.query.get("month", "").strip()[:20]
    problem = ""
    try:
        made = await report(desk, staff_of(request), month)
    except BadInput as wrong:
        made, problem = await report(desk, staff_of(request), ""), str(wrong)
    took = [
        {
            "programme": programme_name(desk, one.programme),
            "state": called(one.state),
            "took": one,
            "all": _link({"left": made.month, "programme": one.programme, "stage": one.state}),
            "late": _link({"left": made.month, "programme": one.programme, "stage": one.state, "late": "1"}),
        }
        for one in made.took
    ]
    groups = [
        ("按月份（提交）", made.months),
        ("按事项", made.programmes),
        ("按地区", made.places),
        ("按状态", made.states),
    ]
    shown = [_chart(name, bars) for name, bars in groups]
    return page(
        request,
        "reports.html",
        400 if problem else 200,
        made=made,
        charts_shown=shown,
        took=took,
        said=_said(made),
        months=months(desk, made.month),
        problem=problem,
    )


def _link(filtered: object) -> str:
    return "/cases?" + urlencode(filtered)  # type: ignore[arg-type]


def _chart(name: str, bars: Sequence[Bar]) -> Bars:
    points = [Point(bar.name, bar.number, _link(bar.filter)) for bar in bars]
    return Bars(name, largest(points, sum(bar.number for bar in bars)), points, "件", "还没有案件。")


def _said(made: Report) -> str:
    """What the month's number means, in a sentence."""
    change = made.received - made.received_before
    compared = "和上月一样多" if not change else f"比上月{'多' if change > 0 else '少'} {abs(change)} 件"
    return f"{made.month} 收到 {made.received} 件，{compared}。"
