"""The list of cases: filters, search by whole numbers, and the same list as a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlencode

from aiohttp import web

from bot.cases import STATES
from bot.desk.cases.naming import place_name
from bot.desk.casework import listing, reporting
from bot.desk.desk import Desk
from bot.errors import BadInput
from bot.staff import may
from console.rendering import page
from console.security import DESK, staff_of

_FILTERS = ("state", "programme", "place", "due", "month", "at", "stage", "left", "late")
"""What the address may hold. `at`, `left`, `stage`, `late`: the cases behind a number of the reports."""
_DUES = {"overdue": "已超期", "today": "今天到期", "week": "7天内到期"}
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def routes() -> list[web.RouteDef]:
    return [
        web.get("/cases", show, allow_head=False),
        web.post("/cases/search", search),
        web.post("/cases/export", export),
    ]


async def show(request: web.Request) -> web.StreamResponse:
    desk, asked = request.app[DESK], _asked(request.query)
    try:
        which = await reporting.narrowed(desk, staff_of(request), asked)
        rows, after = await listing.page(
            desk, staff_of(request), replace(which, after=request.query.get("after", "")[:64])
        )
    except BadInput as wrong:
        return _page(request, asked, problem=str(wrong), status=400)
    more = "/cases?" + urlencode(asked | {"after": after}) if after else ""
    return _page(request, asked, rows, more=more)


async def search(request: web.Request) -> web.StreamResponse:
    """By POST: a number somebody typed is in no address and no log."""
    said = str((await request.post()).get("number", ""))[:60]
    try:
        rows = await listing.search(request.app[DESK], staff_of(request), said)
    except BadInput as wrong:
        return _page(request, {}, problem=str(wrong), status=400)
    return _page(request, {}, rows, searched=True)


async def export(request: web.Request) -> web.StreamResponse:
    desk, asked = request.app[DESK], _asked(await request.post())
    try:
        data, _ = await listing.export(
            desk, staff_of(request), await reporting.narrowed(desk, staff_of(request), asked)
        )
    except listing.NeedsRelease as large:
        return _page(request, asked, problem=str(large), status=400, ask=True)
    except BadInput as wrong:
        return _page(request, asked, problem=str(wrong), status=400)
    return download(data, SHEET, f"cases-{desk.today():%Y%m%d}.xlsx")


def download(data: bytes, kind: str, name: str) -> web.Response:
    """To be saved, never to be opened in place. `name` is ours: letters, digits, `-` and `.` only."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Type": kind}
    return web.Response(body=data, headers=headers)


def _asked(sent: Mapping[str, object]) -> dict[str, str]:
    return {key: str(sent[key]).strip()[:60] for key in _FILTERS if sent.get(key)}


def _page(
    request: web.Request,
    asked: Mapping[str, str],
    rows: Sequence[listing.Row] = (),
    problem: str = "",
    more: str = "",
    searched: bool = False,
    status: int = 200,
    ask: bool = False,
) -> web.Response:
    desk = request.app[DESK]
    return page(
        request,
        "cases.html",
        status,
        rows=rows,
        asked=dict.fromkeys(_FILTERS, "") | dict(asked),
        filtered=bool(asked),
        problem=problem,
        more=more,
        searched=searched,
        states=[("open", "在办")] + [(code, listing.called(code)) for code in STATES if code != "draft"],
        programmes=_programmes(desk),
        months=months(desk, asked.get("month", "")),
        dues=list(_DUES.items()),
        behind=_behind(desk, asked),
        first=not request.query.get("after"),
        may_export=may(staff_of(request), "reports.export"),
        may_open=may(staff_of(request), "cases.open"),
        ask=ask,
    )


def months(desk: Desk, chosen: str) -> list[tuple[str, str]]:
    """The last two years' months to choose from, and the one that is chosen."""
    newest = desk.today().year * 12 + desk.today().month - 1
    found = [f"{month // 12}-{month % 12 + 1:02}" for month in range(newest, newest - 24, -1)]
    found += [chosen] if re.fullmatch("[0-9]{4}-[0-9]{2}", chosen) and chosen not in found else []
    return [(month, f"{month[:4]}年{int(month[5:])}月") for month in found]


def _programmes(desk: Desk) -> list[tuple[str, str]]:
    return [(key, one.name) for key, one in desk.edition.programmes.items()]


def _behind(desk: Desk, asked: Mapping[str, str]) -> str:
    """Which number of the reports this list stands behind, in words."""
    if at := asked.get("at"):
        return f"{place_name(desk, at) or '地区还不知道'}的案件"
    if not asked.get("left") or asked.get("stage", "") not in STATES:
        return ""
    late = "、超过规定期限" if asked.get("late") else ""
    return f"{asked['left']} 办完“{listing.called(asked['stage'])}”这一步{late}的案件"
