"""What people asked and did not get: groups by meaning, one of them in full, and the ways from there to an answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import urlencode

from aiohttp import web

from bot.desk.asking_ports import UNHELPED
from bot.desk.desk import Desk
from bot.desk.publicity.board import pressing
from bot.desk.publicity_ports import NAMES as PROPOSAL_STATES
from bot.desk.questions import board, handing_on, making
from bot.desk.questions.grouping import regroup
from bot.errors import BadInput, Conflict, TryAgain
from bot.staff import may
from console.charts import Lines, Point, Series
from console.rendering import page
from console.security import DESK, staff_of

FRESH = timedelta(minutes=10)
"""A grouping as young as this is not made again by itself."""
_log = logging.getLogger(__name__)


class Grouper:
    """One grouping at a time, beside the pages."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None

    @property
    def busy(self) -> bool:
        return self._task is not None and not self._task.done()

    def begin(self, desk: Desk) -> None:
        if not self.busy:
            self._task = asyncio.create_task(self._group(desk))

    async def stop(self, _: web.Application) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def finished(self) -> None:
        if self._task:
            await self._task

    async def _group(self, desk: Desk) -> None:
        try:
            await regroup(desk)
        except TryAgain as trouble:
            _log.warning("grouping what was asked waits: %s", trouble)
        except Exception as error:  # told in the log; the page shows the groups of before
            _log.error("grouping what was asked failed: %s", type(error).__name__, exc_info=error)


GROUPER: web.AppKey[Grouper] = web.AppKey("grouper", Grouper)


def routes() -> list[web.RouteDef]:
    return [
        web.get("/questions", show, allow_head=False),
        web.post("/questions/group", group),
        web.get("/questions/groups/{team}", one, allow_head=False),
        web.post("/questions/groups/{team}/draft", draft),
        web.post("/questions/groups/{team}/suggest", suggest),
        web.post("/questions/groups/{team}/refuse", refuse),
        web.post("/questions/groups/{team}/drop", drop),
        web.post("/questions/handed-on/{proposed}/draft", take_up),
        web.post("/questions/handed-on/{proposed}/drop", put_aside),
        web.post("/questions/from-talk", from_talk),
        web.post("/questions/hand-on", hand_on),
    ]


async def show(request: web.Request) -> web.StreamResponse:
    return await _board(request, request.query)


async def group(request: web.Request) -> web.StreamResponse:
    """Begin, and come back to the board, which says that it is under way."""
    request.app[GROUPER].begin(request.app[DESK])
    raise web.HTTPSeeOther("/questions")


async def one(request: web.Request) -> web.StreamResponse:
    return await _one(request)


async def draft(request: web.Request) -> web.StreamResponse:
    desk, staff = request.app[DESK], staff_of(request)
    try:
        made = await making.draft(desk, staff, await _looked(request))
    except (BadInput, Conflict) as wrong:
        return await _one(request, str(wrong))
    raise web.HTTPSeeOther(f"/drafts/{made.id}")


async def suggest(request: web.Request) -> web.StreamResponse:
    sent, desk = await request.post(), request.app[DESK]
    chosen = [str(said) for said in sent.getall("wording", [])]
    try:
        made = await making.suggest(desk, staff_of(request), await _looked(request), str(sent.get("entry", "")), chosen)
    except (BadInput, Conflict) as wrong:
        return await _one(request, str(wrong))
    raise web.HTTPSeeOther(f"/drafts/{made.id}")


async def refuse(request: web.Request) -> web.StreamResponse:
    entry = str((await request.post()).get("entry", ""))[:80]
    await making.refuse(request.app[DESK], staff_of(request), await _looked(request), entry)
    raise web.HTTPSeeOther(_link(request))


async def drop(request: web.Request) -> web.StreamResponse:
    back = (await request.post()).get("back") == "1"
    await making.drop(request.app[DESK], staff_of(request), await _looked(request), back)
    raise web.HTTPSeeOther(_link(request) if back else "/questions")


async def take_up(request: web.Request) -> web.StreamResponse:
    try:
        made = await handing_on.take_up(request.app[DESK], staff_of(request), request.match_info["proposed"])
    except (BadInput, Conflict) as wrong:
        return await _board(request, {}, str(wrong))
    raise web.HTTPSeeOther(f"/drafts/{made.id}")


async def put_aside(request: web.Request) -> web.StreamResponse:
    try:
        await handing_on.put_aside(request.app[DESK], staff_of(request), request.match_info["proposed"])
    except (BadInput, Conflict) as wrong:
        return await _board(request, {}, str(wrong))
    raise web.HTTPSeeOther("/questions#handed-on")


async def from_talk(request: web.Request) -> web.StreamResponse:
    """What an officer would hand on, to be looked over before it goes."""
    talk = str((await request.post()).get("conversation", ""))[:40]
    try:
        found = await handing_on.exchange(request.app[DESK], staff_of(request), talk)
    except BadInput as wrong:
        found, problem = handing_on.Exchange(talk, "", ""), str(wrong)
        return page(request, "publicity/hand_on.html", 400, exchange=found, problem=problem, done=False)
    return page(request, "publicity/hand_on.html", exchange=found, problem="", done=False)


async def hand_on(request: web.Request) -> web.StreamResponse:
    sent = await request.post()
    talk, question, answer = (str(sent.get(name, "")) for name in ("conversation", "question", "answer"))
    given = handing_on.Exchange(talk[:40], question, answer)
    try:
        await handing_on.hand_on(request.app[DESK], staff_of(request), given.conversation, question, answer)
    except BadInput as wrong:
        return page(request, "publicity/hand_on.html", 400, exchange=given, problem=str(wrong), done=False)
    return page(request, "publicity/hand_on.html", exchange=given, problem="", done=True)


async def _board(request: web.Request, query: Mapping[str, str], problem: str = "") -> web.Response:
    desk, staff = request.app[DESK], staff_of(request)
    asked = {
        "kind": query.get("kind", UNHELPED),
        "weeks": query.get("weeks", "4"),
        "place": query.get("place", "")[:20],
    }
    settled = query.get("settled") == "1"
    try:
        found = await board.board(desk, staff, asked["kind"], _weeks(asked["weeks"]), asked["place"], settled)
    except BadInput as wrong:
        problem, asked = str(wrong), {"kind": UNHELPED, "weeks": "4", "place": ""}
        found = await board.board(desk, staff)
    _nudge(request, found)
    return page(
        request,
        "publicity/questions.html",
        400 if problem else 200,
        found=found,
        asked=asked,
        settled=settled,
        kinds=list(board.KINDS.items()),
        spans=[(str(weeks), name) for weeks, name in board.SPANS.items()],
        places=_places(desk, staff.regions, asked["place"]),
        busy=request.app[GROUPER].busy,
        may_write=may(staff, "answers.write"),
        other="/questions?" + urlencode(asked | {"settled": "" if settled else "1"}),
        said=_said(found, asked["kind"]),
        spark=spark,
        problem=problem,
        pressing=await pressing(desk, staff),
    )


def _nudge(request: web.Request, found: board.Board) -> None:
    """Whoever opens the board finds it grouped, or on the way there."""
    old = found.run is None or request.app[DESK].clock.now() - found.run.at > FRESH
    if found.waiting and old:
        request.app[GROUPER].begin(request.app[DESK])


async def _one(request: web.Request, problem: str = "") -> web.Response:
    desk, staff = request.app[DESK], staff_of(request)
    looked = await _looked(request)
    near = await making.near(desk, staff, looked) if looked.row.state != board.DROPPED else []
    return page(
        request,
        "publicity/question.html",
        400 if problem else 200,
        looked=looked,
        row=looked.row,
        near=near,
        chart=_chart(desk, looked),
        outcomes=board.NAMES_OF_KINDS,
        states=PROPOSAL_STATES,
        may_write=may(staff, "answers.write"),
        problem=problem,
    )


def _chart(desk: Desk, looked: board.Looked) -> Lines:
    weeks = board.weeks_until(desk.today())
    points = [
        Point(
            f"{day:%m-%d}",
            number,
            "/questions/list?" + urlencode({"team": looked.row.team.id, "week": day.isoformat()}),
        )
        for day, number in zip(weeks, looked.row.weeks, strict=True)
    ]
    total = sum(looked.row.weeks)
    said = f"近{len(weeks)}周问了{total}次，上周{looked.row.weeks[-2]}次，{trend(looked.row.change)}。"
    return Lines("每周问了几次", said, [Series("提问", points)], unit="次")


def trend(change: int) -> str:
    return f"比前一周{'多' if change > 0 else '少'}{abs(change)}次" if change else "和前一周一样"


def spark(weeks: list[int]) -> str:
    """Points of a small line, for SVG: 8 weeks on 84 by 20."""
    most = max(weeks, default=0) or 1
    return " ".join(
        f"{2 + 80 * at / max(1, len(weeks) - 1):g},{18 - 16 * number / most:g}" for at, number in enumerate(weeks)
    )


def _said(found: board.Board, kind: str) -> str:
    number = sum(row.number for row in found.rows)
    if not found.rows:
        return ""
    name = board.KINDS[kind]
    return f"{'所有提问' if not kind else f'“{name}”的提问'}共{len(found.rows)}组、{number}次，按次数排列。"


def _places(desk: Desk, regions: tuple[str, ...], chosen: str) -> list[tuple[str, str]]:
    """The divisions somebody works for, each with those one level below, and the chosen one's."""
    codes: dict[str, None] = {}
    for region in (*regions, *([chosen] if chosen else [])):
        codes[region] = None
        codes |= dict.fromkeys(one.code for one in desk.regions.children(region))
    return [(code, desk.regions.full_name(code)) for code in codes]


async def _looked(request: web.Request) -> board.Looked:
    return await board.look(request.app[DESK], staff_of(request), request.match_info["team"][:60])


def _link(request: web.Request) -> str:
    return f"/questions/groups/{request.match_info['team']}"


def _weeks(text: str) -> int:
    if text not in {str(weeks) for weeks in board.SPANS}:
        raise BadInput("没有这个时间范围，请从列表里选")
    return int(text)
