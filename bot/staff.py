"""The people who work behind the service: their roles, and what a role may do where. Pure.

A right is one word for one kind of thing (`conversations.reply`). The console's table of routes names the right each route
needs, and nothing else decides; a region is always asked besides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.regions import RegionTree, UnknownRegion


class Role(StrEnum):
    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    EDITOR = "editor"
    APPROVER = "approver"
    OPERATOR = "operator"
    AUDITOR = "auditor"


NAMES: dict[Role, str] = {
    Role.OFFICER: "经办人员",
    Role.SUPERVISOR: "主管",
    Role.EDITOR: "宣传编辑",
    Role.APPROVER: "宣传审核",
    Role.OPERATOR: "系统管理",
    Role.AUDITOR: "审计",
}

_OFFICER = frozenset(
    {
        "conversations.read",
        "conversations.claim",
        "conversations.reply",
        "cases.read",
        "cases.reveal",
        "cases.move",
        "cases.open",
        "referrals.write",
        "tasks.done",
        "answers.read",
        "lines.mark",
        "questions.suggest",
    }
)
RIGHTS: dict[Role, frozenset[str]] = {
    Role.OFFICER: _OFFICER,
    Role.SUPERVISOR: _OFFICER | {"conversations.assign", "reports.read", "reports.export", "complaints.read"},
    Role.EDITOR: frozenset({"broadcasts.stop", "lines.mark", "answers.read", "answers.write", "questions.read"}),
    Role.APPROVER: frozenset(
        {"broadcasts.stop", "lines.mark", "answers.read", "answers.approve", "answers.stop", "questions.read"}
    ),
    Role.OPERATOR: frozenset({"staff.read", "staff.write", "service.read", "service.stop"}),
    Role.AUDITOR: frozenset({"audit.read", "audit.verify"}),
}
"""Who runs the machine reads no case; who reads the log changes nothing; who writes an answer does not approve it."""

LEAST_PASSWORD = 12
_LOGIN = re.compile(r"[a-z][a-z0-9._-]{2,31}")


@dataclass(frozen=True, slots=True)
class Staff:
    """An account. `id` is what the audit log calls them."""

    id: str
    login: str
    name: str
    """As colleagues and residents see it: 陈工."""
    roles: frozenset[Role]
    regions: tuple[str, ...]
    """Divisions whose residents they work for, with everything below them; empty: nobody's."""
    skills: tuple[str, ...]
    state: str
    """invited (no password yet), active, disabled."""
    created_at: datetime
    version: int


def may(staff: Staff, right: str) -> bool:
    return staff.state == "active" and any(right in RIGHTS[role] for role in staff.roles)


def covers(staff: Staff, region: str, tree: RegionTree) -> bool:
    """Whether a place is theirs. A conversation whose place is not known yet is everybody's: somebody must take it. A code
    that is in no table of divisions (any more) is nobody's."""
    if not region:
        return True
    try:
        return any(tree.is_within(region, own) for own in staff.regions)
    except UnknownRegion:
        return False


def login_problem(login: str) -> str:
    """What is wrong with a name to sign in with; empty when nothing is."""
    if _LOGIN.fullmatch(login):
        return ""
    return "登录名用小写字母开头，可以有数字和 . _ -，3到32个字符"


def name_problem(name: str) -> str:
    """What is wrong with a name that colleagues and residents see; empty when nothing is. Signs nobody sees turn the rest of
    a line around, or make two names look the same."""
    if not name.strip():
        return "写上名字，同事和居民看到的是它"
    if len(name) > 60 or any(unicodedata.category(sign) in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp") for sign in name):
        return "名字里有看不见的字符，或者超过60个字，请重新写"
    return ""


def roles_problem(roles: Collection[Role]) -> str:
    """What is wrong with the roles of one account; empty when nothing is. Who runs the machine reads no case, who reads the
    log does nothing else, and nobody approves what they wrote."""
    chosen = set(roles)
    if not chosen:
        return "至少选一个角色"
    if {Role.EDITOR, Role.APPROVER} <= chosen:
        return "编辑和审核要分给两个人，不能是同一个账号"
    if Role.AUDITOR in chosen and len(chosen) > 1:
        return "审计账号只做审计，不能再有别的角色"
    if Role.OPERATOR in chosen and len(chosen) > 1:
        return "系统管理账号不看案件和答案，不能再有别的角色"
    return ""


def password_problem(password: str, login: str, name: str) -> str:
    """What is wrong with a new password; empty when nothing is. Length counts, not odd signs (NIST SP 800-63B 5.1.1)."""
    if len(password) < LEAST_PASSWORD:
        return f"密码至少{LEAST_PASSWORD}个字符，可以用一句话"
    if len(password) > 256:
        return "密码太长，256个字符以内就够了"
    if len(set(password)) < 5:
        return "密码里重复的字符太多，换一个"
    lowered = password.lower()
    if any(part and part in lowered for part in (login.lower(), name.lower())):
        return "密码里别用自己的登录名或名字"
    if any(word in lowered for word in ("password", "12345678", "qwertyui", "jiuzhutong", "minzheng")):
        return "这个密码太常见，换一个"
    return ""
