"""The audit log, for auditors: newest last, and whether the chain holds."""

from __future__ import annotations

import re
from collections.abc import Mapping

from aiohttp import web

from bot.audit import Deed, Head
from bot.desk.staff import auditing
from bot.errors import BadInput
from bot.staff import NAMES
from console.rendering import page
from console.security import DESK

_PAGE = 200
DEEDS: dict[Deed, str] = {
    Deed.SIGN_IN: "登录",
    Deed.SIGN_IN_REFUSED: "登录没有通过",
    Deed.SIGN_OUT: "退出",
    Deed.ACCOUNT: "账号",
    Deed.ROLE: "改权限",
    Deed.READ: "查看",
    Deed.REVEAL: "看隐去的信息",
    Deed.SEARCH: "查找",
    Deed.EXPORT: "导出",
    Deed.MOVE: "办理",
    Deed.CHANGE: "修改",
    Deed.REPLY: "回复",
    Deed.CLAIM: "接手",
    Deed.PUBLISH: "发布",
    Deed.REFUSED: "想做，没有权限",
    Deed.PURGED: "到期的记录清理了",
    Deed.UNREADABLE: "读不出来",
}
_WORDS = {str(role): name for role, name in NAMES.items()} | {
    "address": "地址",
    "until": "清到",
    "lines": "条数",
    "why": "原因",
    "made": "新建",
    "roles": "角色",
    "regions": "地区",
    "state": "状态",
    "invited": "发链接",
    "active": "在用",
    "disabled": "停用",
    "set": "设置",
    "up": "完成",
    "again": "重新",
    "password": "密码",
    "changed": "改了",
    "session": "登录",
    "recovery_codes_left": "剩下的备用码",
    "too often": "太频繁",
    "first start": "第一次启动",
    "system": "系统",
}


def routes() -> list[web.RouteDef]:
    return [web.get("/audit", show, allow_head=False), web.post("/audit/verify", verify)]


async def show(request: web.Request) -> web.StreamResponse:
    return await _page(request)


async def verify(request: web.Request) -> web.StreamResponse:
    """Reads the whole log, so only when somebody asks for it."""
    written = str((await request.post()).get("head", "")).strip()
    try:
        known = Head.read(written) if written else None
    except BadInput:
        return await _page(request, problem="校验值抄得不对：照上次显示的输，是“序号:64位字母数字”", status=400)
    return await _page(request, await auditing.verify(request.app[DESK], known))


async def _page(
    request: web.Request, verified: auditing.Verified | None = None, problem: str = "", status: int = 200
) -> web.Response:
    after = request.query.get("after", "")
    start = int(after) if re.fullmatch("[0-9]{1,18}", after) else None
    shown = await auditing.page(request.app[DESK], start, _PAGE)
    lines = [
        {
            "line": line,
            "actor": shown.names.get(line.actor) or _told(line.actor),
            "deed": DEEDS[line.deed],
            "what": _what(line.what, shown.names),
            "about": [(_told(key), _told(value)) for key, value in line.about.items()],
        }
        for line in shown.lines
    ]
    return page(request, "audit.html", status, lines=lines, shown=shown, verified=verified, problem=problem)


def _what(what: str, names: Mapping[str, str]) -> str:
    """On which thing, where it has a name; empty: as it stands in the log."""
    kind, _, which = what.partition(":")
    if kind == "staff" and which in names:
        return f"账号 {names[which]}"
    return f"页面 {which}" if kind == "route" else ""


def _told(value: object) -> str:
    """What is said about a deed, as a colleague would say it."""
    if isinstance(value, list | tuple):
        return "、".join(_told(one) for one in value) or "无"
    return _WORDS.get(str(value), str(value))
