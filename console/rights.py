"""Which right each route needs: one table, checked in (`permissions.csv`). A route that is not in it is not served."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from bot.staff import RIGHTS, Staff, may

PUBLIC = "public"
SIGNED_IN = "signed_in"
_NOBODY = "nobody"
"""The right to what is not served."""
MENU = (
    ("/conversations", "会话"),
    ("/cases", "案件"),
    ("/tasks", "待办"),
    ("/referrals", "转介"),
    ("/supervising", "督办"),
    ("/complaints", "举报"),
    ("/reports", "报表"),
    ("/questions", "提问"),
    ("/answers", "答案"),
    ("/publishing", "审核"),
    ("/hotlines", "电话"),
    ("/staff", "账号"),
    ("/audit", "审计"),
)
"""Pages with a place in the menu, in its order."""
_UNDER = {
    "/cases": ("/applications",),
    "/supervising": ("/exports",),
    "/answers": ("/drafts", "/workbooks", "/broadcasts", "/posters", "/register", "/try"),
    "/publishing": ("/reviews", "/stops", "/editions", "/history"),
}
"""Pages that are reached from one of the menu, and lead back to it."""
_TABLE = Path(__file__).with_name("permissions.csv")


@cache
def table() -> dict[tuple[str, str], str]:
    """(method, path) → right."""
    with _TABLE.open(encoding="utf-8", newline="") as file:
        rows = {(row["method"], row["path"]): row["right"] for row in csv.DictReader(file)}
    known = {PUBLIC, SIGNED_IN}.union(*RIGHTS.values())
    for route, right in rows.items():
        if right not in known:
            raise ValueError(f"permissions.csv gives {' '.join(route)} the right {right!r}, which no role has")
    return rows


def allowed(right: str, staff: Staff | None) -> bool:
    if right == PUBLIC:
        return True
    if staff is None or staff.state != "active":
        return False
    return right == SIGNED_IN or may(staff, right)


def may_open(staff: Staff | None, path: str) -> bool:
    """Whether a page is there for somebody: for a link to it."""
    return allowed(table().get(("GET", path), _NOBODY), staff)


def menu(staff: Staff | None) -> list[tuple[str, str]]:
    """The pages somebody may open, and what they are called."""
    return [(path, name) for path, name in MENU if may_open(staff, path)]


def place_in_menu(path: str) -> str:
    """The page of the menu somebody is on, or below; empty on one that has no place there."""
    inside = (link for link, _ in MENU for top in (link, *_UNDER.get(link, ())) if f"{path}/".startswith(f"{top}/"))
    return next(inside, "")
