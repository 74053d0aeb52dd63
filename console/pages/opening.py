"""An officer fills a form in for somebody on the phone or at the counter: question by question, as in a chat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.desk.case_ports import Draft
from bot.desk.cases.naming import place_name
from bot.desk.casework import opening
from bot.desk.desk import Desk
from bot.desk.kinds import KINDS
from bot.errors import BadInput, Conflict
from bot.forms import asking, steps, summary
from bot.forms.model import Asked, Kind, split_path
from bot.staff import covers
from console.pages.case import theirs
from console.pages.forms import status_of, whole_number
from console.rendering import page
from console.security import DESK, staff_of

_ALL, _ONE = "/applications", "/applications/{draft}"
_LONGEST = 2000


def routes() -> list[web.RouteDef]:
    return [
        web.get(_ALL, show, allow_head=False),
        web.post(_ALL, begin),
        web.get(_ONE, theirs(one), allow_head=False),
        web.post(_ONE, theirs(answer)),
        web.post(f"{_ONE}/again", theirs(again)),
        web.post(f"{_ONE}/finish", theirs(finish)),
        web.post(f"{_ONE}/drop", theirs(drop)),
    ]


async def show(request: web.Request) -> web.StreamResponse:
    return await _all(request)


async def begin(request: web.Request) -> web.StreamResponse:
    sent = await request.post()
    what, channel = str(sent.get("what", ""))[:60], str(sent.get("channel", ""))[:20]
    try:
        agreed = bool(sent.get("agreed"))
        made = await opening.begin(request.app[DESK], staff_of(request), what, channel, agreed)
    except (BadInput, Conflict) as wrong:
        return await _all(request, str(wrong), status_of(wrong), {"what": what, "channel": channel})
    raise web.HTTPSeeOther(f"{_ALL}/{made.id}")


async def one(request: web.Request) -> web.StreamResponse:
    return _page(request, await opening.look(request.app[DESK], staff_of(request), _draft(request)))


async def answer(request: web.Request) -> web.StreamResponse:
    desk, staff, sent = request.app[DESK], staff_of(request), await request.post()
    told: dict[str, list[str]] = {}
    for key, value in sent.items():
        if key.startswith("f:"):
            told.setdefault(key[2:], []).append(str(value)[:_LONGEST])
    try:
        await opening.answer(desk, staff, _draft(request), whole_number(sent.get("version")), told)
    except opening.Unanswered as wrong:
        here = await opening.look(desk, staff, _draft(request))
        return _page(request, here, str(wrong), 400, told, wrong.problems)
    except (BadInput, Conflict) as wrong:
        here = await opening.look(desk, staff, _draft(request))
        return _page(request, here, str(wrong), status_of(wrong), told)
    raise web.HTTPSeeOther(f"{_ALL}/{_draft(request)}")


async def again(request: web.Request) -> web.StreamResponse:
    path = str((await request.post()).get("path", ""))[:100]
    desk, staff = request.app[DESK], staff_of(request)
    try:
        await opening.again(desk, staff, _draft(request), path)
    except BadInput as wrong:
        return _page(request, await opening.look(desk, staff, _draft(request)), str(wrong), 400)
    raise web.HTTPSeeOther(f"{_ALL}/{_draft(request)}")


async def finish(request: web.Request) -> web.StreamResponse:
    """The receipt is read out from this page; household members' codes stand nowhere after it."""
    desk, staff, sent = request.app[DESK], staff_of(request), await request.post()
    try:
        done = await opening.finish(desk, staff, _draft(request), whole_number(sent.get("version")))
    except (BadInput, Conflict) as wrong:
        here = await opening.look(desk, staff, _draft(request))
        return _page(request, here, str(wrong), status_of(wrong))
    mine = covers(staff, done.case.region, desk.regions)
    place = place_name(desk, done.case.region) or "地区还不知道"
    return page(request, "opened.html", done=done, place=place, mine=mine)


async def drop(request: web.Request) -> web.StreamResponse:
    await opening.drop(request.app[DESK], staff_of(request), _draft(request))
    raise web.HTTPSeeOther(_ALL)


async def _all(
    request: web.Request, problem: str = "", status: int = 200, typed: Mapping[str, str] | None = None
) -> web.Response:
    desk, staff = request.app[DESK], staff_of(request)
    lying = [_lying(desk, one) for one in await opening.lying(desk, staff)]
    notice = desk.edition.consents.get("notice")
    return page(
        request,
        "applications.html",
        status,
        problem=problem,
        typed={"what": "", "channel": "phone"} | dict(typed or {}),
        offered=opening.offered(desk),
        channels=list(opening.CHANNELS.items()),
        notice=notice.text.strip() if notice else "",
        lying=lying,
    )


def _lying(desk: Desk, draft: Draft) -> dict[str, Any]:
    form = KINDS[draft.kind].form(desk, draft)
    done, all_ = steps.progress(form, draft.sheet.answers, desk.today())
    return {
        "id": draft.id,
        "title": form.title,
        "at": draft.updated_at,
        "until": draft.expires_at,
        "done": f"{done}/{all_}",
    }


def _page(
    request: web.Request,
    here: opening.At,
    problem: str = "",
    status: int = 200,
    told: Mapping[str, list[str]] | None = None,
    problems: Mapping[str, str] | None = None,
) -> web.Response:
    desk, sheet = request.app[DESK], here.draft.sheet
    done, all_ = steps.progress(here.form, sheet.answers, desk.today())
    whole = here.step is not None and bool(here.step.step.ask)
    return page(
        request,
        "application.html",
        status,
        draft=here.draft,
        title=here.form.title,
        channel=opening.CHANNELS.get(str(here.draft.about.get("channel", "")), ""),
        progress=(done, all_),
        asks=asking.question(here.form, sheet, here.step) if here.step and whole else "",
        fields=[
            _field(desk, here, path, one, (told or {}).get(path), (problems or {}).get(path, ""))
            for path, one in here.fields.items()
        ],
        lines=[]
        if here.step
        else summary.lines(here.form, sheet.answers, desk.today(), masked=True, regions=desk.regions),
        problem=problem,
        unsure=opening.UNSURE,
    )


def _field(
    desk: Desk, here: opening.At, path: str, asked: Asked, told: list[str] | None, problem: str
) -> dict[str, Any]:
    """One question as the page asks it. What was typed and refused comes back; what was kept before is not shown again."""
    field, number = asked.field, split_path(path)[0]
    who = asking.who(here.form, here.draft.sheet.answers, number) if number else ""
    pair = field.options if len(field.options) == 2 else ()
    options = [(one.value, one.label) for one in field.options]
    if field.kind is Kind.YES_NO:
        options = (
            [("yes", pair[0].label), ("no", pair[1].label)] if pair else [("yes", "是 / 有"), ("no", "不是 / 没有")]
        )
    consent = desk.edition.consents.get(field.key) if field.kind is Kind.AGREE else None
    return {
        "path": path,
        "name": f"f:{path}",
        "label": f"{who}：{field.label}" if number > 1 or (who and who != "您") else field.label,
        "kind": str(field.kind),
        "ask": field.ask.replace("{who}", who or "您"),
        "why": field.why,
        "example": field.example,
        "options": options,
        "consent": consent.text.strip() if consent else "",
        "required": asked.required,
        "told": told or [],
        "problem": problem,
    }


def _draft(request: web.Request) -> str:
    return request.match_info["draft"][:64]
