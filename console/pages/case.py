"""One case: what is known, masked; what may be done next; and what is shown in full for a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any

from aiohttp import web

from bot.cases import STATES
from bot.desk.case_ports import Happening
from bot.desk.cases.moving import NEEDS_REASON
from bot.desk.cases.package import CONSENT_STATES
from bot.desk.cases.signing import OfficeKey
from bot.desk.casework import acting, channels, looking, referrals, relying, revealing, sharing
from bot.desk.casework.asking_after import SAID
from bot.desk.casework.listing import called
from bot.desk.casework.theirs import NotThere, refused
from bot.desk.notices.ports import Try
from bot.errors import BadInput, Conflict
from bot.knowledge.contacts import OFFICES
from bot.staff import may
from console.pages.cases import download
from console.pages.forms import status_of, whole_number
from console.rendering import page
from console.security import DESK, Handler, staff_of

OFFICE_KEYS: web.AppKey[Sequence[OfficeKey]] = web.AppKey("office_keys", Sequence)
_ACTORS = {"resident": "居民", "officer": "工作人员", "office": "业务系统", "system": "系统"}
_WAYS = {
    "message": "已发消息",
    "subscription": "发小程序订阅通知",
    "template": "发模板消息",
    "sms": "发短信",
    "task": "派了电话",
    "nobody": "联系不上本人",
}
_ROUTES = {"message": "消息", "subscription": "小程序订阅通知", "template": "模板消息", "sms": "短信"}
_TRIED = {
    "passed": "没走这条路",
    "sent": "平台收下了",
    "delivered": "平台报告送到了",
    "undelivered": "没有送到，改走下一条路",
    "refused": "平台不收，改走下一条路",
    "later": "平台一小时没有应，改走下一条路",
    "unconfirmed": "不知道发出没有，改走下一条路",
}
_PASSED = {
    "no_template": "没有配模板",
    "no_chat": "本人没有用过这个渠道",
    "not_agreed": "本人没有订阅",
    "refused": "本人不要这类通知",
    "no_phone": "没有电话",
    "window_shut": "超过了平台许可的时间",
    "no_sender": "这条路没有接通",
    "no_person": "已应本人要求删除",
    "sender died": "发送时中断",
    "no_report": "平台没有回话，也没有报告",
}


def theirs(handler: Handler) -> Handler:
    """What is not theirs is not there, and that they asked stands in the audit log."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except NotThere as missing:
            await refused(request.app[DESK], staff_of(request), missing)
            raise web.HTTPNotFound from missing

    return guarded


def routes() -> list[web.RouteDef]:
    return [
        web.get("/cases/{case}", theirs(show), allow_head=False),
        web.post("/cases/{case}/move", theirs(move)),
        web.post("/cases/{case}/reveal", theirs(reveal)),
        web.post("/cases/{case}/papers/{paper}", theirs(paper)),
        web.post("/cases/{case}/package", theirs(package)),
        web.post("/cases/{case}/tasks", theirs(book)),
        web.post("/cases/{case}/unbind", theirs(unbind)),
        web.post("/cases/{case}/referrals", theirs(refer)),
    ]


async def show(request: web.Request) -> web.StreamResponse:
    return await _page(request)


async def move(request: web.Request) -> web.StreamResponse:
    sent = await request.post()
    missing = [one for line in str(sent.get("missing", "")).splitlines() if (one := line.strip())]
    to, reason, version = (str(sent.get(key, "")) for key in ("to", "reason", "version"))
    try:
        if to not in STATES:
            raise BadInput("请选下一步")
        await acting.move(
            request.app[DESK], staff_of(request), _case(request), whole_number(version), to, reason, missing
        )
    except (BadInput, Conflict) as wrong:
        return await _page(request, str(wrong), status_of(wrong), typed=reason)
    raise web.HTTPSeeOther(f"/cases/{_case(request)}")


async def reveal(request: web.Request) -> web.StreamResponse:
    """In the answer to the form itself: what was shown is in no address, and gone with the page."""
    sent = await request.post()
    part, reason = str(sent.get("part", "")), str(sent.get("reason", ""))
    try:
        seen = await revealing.reveal(request.app[DESK], staff_of(request), _case(request), part, reason)
    except (BadInput, Conflict) as wrong:
        return await _page(request, str(wrong), status_of(wrong))
    return await _page(request, seen=seen, revealed=part)


async def paper(request: web.Request) -> web.StreamResponse:
    reason = str((await request.post()).get("reason", ""))
    which = request.match_info["paper"]
    try:
        found, picture = await revealing.photo(request.app[DESK], staff_of(request), _case(request), which, reason)
    except (BadInput, Conflict) as wrong:
        return await _page(request, str(wrong), status_of(wrong))
    return download(picture, "image/jpeg", f"paper-{found.id}.jpg")


async def package(request: web.Request) -> web.StreamResponse:
    reason = str((await request.post()).get("reason", ""))
    try:
        made = await revealing.export(
            request.app[DESK], staff_of(request), _case(request), reason, request.app[OFFICE_KEYS]
        )
    except (BadInput, Conflict) as wrong:
        return await _page(request, str(wrong), status_of(wrong))
    return download(made.data, "application/zip", made.name)


async def book(request: web.Request) -> web.StreamResponse:
    sent = await request.post()
    kind, day, hour, text = (str(sent.get(key, "")) for key in ("kind", "day", "hour", "text"))
    try:
        await acting.book(request.app[DESK], staff_of(request), _case(request), kind, day, hour, text)
    except BadInput as wrong:
        return await _page(request, str(wrong), 400)
    raise web.HTTPSeeOther(f"/cases/{_case(request)}")


async def unbind(request: web.Request) -> web.StreamResponse:
    sent = await request.post()
    talk, reason = str(sent.get("conversation", "")), str(sent.get("reason", ""))
    try:
        await channels.take_away(request.app[DESK], staff_of(request), _case(request), talk, reason)
    except BadInput as wrong:
        return await _page(request, str(wrong), 400)
    raise web.HTTPSeeOther(f"/cases/{_case(request)}")


async def refer(request: web.Request) -> web.StreamResponse:
    sent = await request.post()
    keys = ("office", "other", "what", "follow_up", "consent")
    told = {key: str(sent.get(key, "")) for key in keys}
    wish = referrals.Wish(**told, papers=[str(one) for one in sent.getall("papers", [])])
    goes = sharing.ask if sent.get("ask") else referrals.refer
    try:
        await goes(request.app[DESK], staff_of(request), _case(request), wish)
    except BadInput as wrong:
        return await _page(request, str(wrong), 400)
    raise web.HTTPSeeOther(f"/cases/{_case(request)}")


def _case(request: web.Request) -> str:
    return request.match_info["case"]


async def _page(
    request: web.Request,
    problem: str = "",
    status: int = 200,
    seen: looking.Seen | None = None,
    revealed: str = "",
    typed: str = "",
) -> web.Response:
    desk, staff = request.app[DESK], staff_of(request)
    seen = seen or await looking.look(desk, staff, _case(request))
    sections = [(name, list(lines)) for name, lines in groupby(seen.answers, lambda one: one.section)]
    consents = [(one, title, name, CONSENT_STATES.get(one.state, one.state)) for one, title, name in seen.consents]
    return page(
        request,
        "case.html",
        status,
        seen=seen,
        state=STATES[seen.case.state],
        state_name=called(seen.case.state),
        sections=sections,
        consents=consents,
        lacking=sum(one.state != "given" for one, *_ in consents),
        moves=[(code, called(code), code in NEEDS_REASON) for code in seen.moves],
        happenings=_happenings(seen),
        unspoken=any(words.startswith("（居民") for _, words in seen.timeline),
        tasks=[(task, acting.TASKS.get(task.kind, task.kind)) for task in seen.tasks],
        referrals=[
            (one, referrals.addressed(desk, one, seen.case), referrals.STATES.get(one.state, one.state))
            for one in seen.referrals
        ],
        offices=list(OFFICES.items()),
        relied={one.office: one.said for one in await relying.offices(desk, staff)},
        said=SAID,
        booked=list(acting.BOOKED.items()),
        tomorrow=(desk.today() + timedelta(days=1)).isoformat(),
        fortnight=(desk.today() + timedelta(days=14)).isoformat(),
        problem=problem,
        revealed=revealed,
        typed=typed,
        may_move=may(staff, "cases.move"),
        may_reveal=may(staff, "cases.reveal"),
        may_refer=may(staff, "referrals.write"),
    )


def _happenings(seen: looking.Seen) -> list[dict[str, Any]]:
    """The timeline with what became of notices on their ways, the newest first."""
    tries = [one for one in seen.tries if one.outcome in _TRIED]
    lines = [_happened(*one) for one in seen.timeline] + [_tried(one) for one in tries]
    return sorted(lines, key=lambda line: line["at"], reverse=True)


def _tried(one: Try) -> dict[str, Any]:
    why = _PASSED.get(one.reason, one.reason)
    said = f"{_ROUTES.get(one.route, one.route)}：{_TRIED[one.outcome]}" + (f"（{why}）" if why else "")
    return {"at": one.at, "by": "系统", "change": "", "words": "", "about": [said]}


def _happened(line: Happening, words: str) -> dict[str, Any]:
    kind, _, who = line.actor.partition(":")
    by = _ACTORS.get(kind, kind) + (f" {who}" if kind in ("officer", "office") else "")
    change = called(line.new) if line.old != line.new and line.new in STATES else ""
    about = line.about
    said = [f"材料：{'、'.join(map(str, about['missing']))}"] if about.get("missing") else []
    said += [f"通知：{_WAYS.get(str(about['way']), str(about['way']))}"] if about.get("way") else []
    said += ["查看了全部内容"] if about.get("revealed") and not about.get("package") else []
    said += ["导出了材料"] if about.get("package") else []
    said += (
        [f"约了{acting.TASKS.get(str(about['booked']), '')}（{about.get('on', '')}）"] if about.get("booked") else []
    )
    said += [f"解除了{about['unbound']}的绑定"] if about.get("unbound") else []
    said += ["办结一件待办"] if about.get("task") else []
    if about.get("helped"):
        said += [f"转介：居民说{SAID.get(str(about['helped']), '')}"]
    elif about.get("asked"):
        said += ["问本人同不同意转介"]
    elif about.get("referral"):
        said += ["有一件转介"]
    said += [f"单独同意：{about['consent']}"] if about.get("consent") else []
    said += [f"系统编号 {about['office_number']}"] if about.get("office_number") else []
    said += [f"{acting.OPENED.get(str(about['opened']), '')}代填，本人口头同意"] if about.get("opened") else []
    said += [f"从会话收进一张照片：{about['paper']}"] if about.get("paper") else []
    said += ["打印了一事一议的摘要"] if about.get("meeting") else []
    said += ["更正了内容"] if about.get("corrected") else []
    return {"at": line.at, "by": by, "change": change, "words": words, "about": said}
