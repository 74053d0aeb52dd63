"""Whose an entry is: editors and approvers of a county touch what holds there, and only the nation's what holds everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.desk.desk import Desk
from bot.errors import BadInput, NotYours
from bot.knowledge.applying import region_of
from bot.knowledge.entry import KINDS
from bot.knowledge.fields import knows
from bot.staff import Staff, covers, may

WRITE, APPROVE, STOP, READ = "answers.write", "answers.approve", "answers.stop", "answers.read"
_REFUSED = {
    WRITE: "您的账号不能写答案；请找宣传编辑",
    APPROVE: "您的账号不能审核和发布；请找宣传审核",
    STOP: "您的账号不能停用答案；请找宣传审核",
    READ: "您的账号不能看答案",
}


def needs(staff: Staff, right: str) -> None:
    """Raises NotYours. Asked here too, because not every door is the console."""
    if not may(staff, right):
        raise NotYours(_REFUSED[right])


def needs_place(desk: Desk, staff: Staff, region: str) -> None:
    """Raises NotYours where a place is not theirs."""
    if not covers(staff, region, desk.regions):
        place = desk.regions.full_name(region) if knows(desk.regions, region) else region
        raise NotYours(f"这条内容管的是{place or '全国'}，不归您的账号管；请找那里的同事")


def region_for(desk: Desk, kind: str, data: Mapping[str, Any]) -> str:
    """Raises BadInput for a kind or a place nobody knows."""
    if kind not in KINDS or kind == "file":
        raise BadInput(f"没有“{kind[:30]}”这类内容")
    region = region_of(kind, data)
    if not knows(desk.regions, region):
        raise BadInput(f"地区“{region[:20]}”不在行政区划表里；请从列表里选")
    return region
