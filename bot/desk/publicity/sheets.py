"""What can be written in boxes: everything a workbook holds, and the questions that must go on getting their answer; and what
its fields are called, wherever an entry is read line by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.knowledge import entry as kinds
from bot.knowledge.difference import lines_of
from bot.knowledge.workbook.sheets import SHEETS, Column, Sheet

PROTECTED = Sheet(
    kinds.PROTECTED,
    "保护问题",
    (
        Column("id", "编号"),
        Column("question", "居民会这样问", "一句话，最多100个字", needed=True),
        Column("region", "地区", needed=True),
        Column("expect", "应当得到", "如 answer:dibao-apply、outcome:clarified、danger:life", needed=True),
        Column("why", "为什么要保住", "给同事看", needed=True),
    ),
    "每次发布以前都会问一遍。答得和这里写的不同，要由审核的人一条条认可。",
)
EDITABLE: Mapping[str, Sheet] = {**SHEETS, PROTECTED.kind: PROTECTED}
_SCOPE = {"scope": "在哪里、哪些天"}
"""The three columns of a place and its days, where they stand in one line."""
_ELSEWHERE = {
    "id": "编号",
    "title": "标题",
    "name": "名称",
    "text": "正文",
    "programme": "事项",
    "region": "地区代码",
    "from": "第一天",
    "note": "备注",
    "of": "停哪一类",
    "target": "停哪一条",
    "reason": "原因",
    "instead": "改说哪一条",
    "words": "改说的话",
}
"""What has no boxes is read too: stops, fixed words."""


def titled(kind: str, lines: Sequence[str]) -> list[str]:
    """Lines as `lines_of` gives them, their fields called as in the boxes."""
    sheet = EDITABLE.get(kind)
    titles = _SCOPE | {column.name: column.title for column in sheet.columns} if sheet else _ELSEWHERE
    parts = (line.partition(": ") for line in lines)
    return [f"{titles.get(name, name)}：{rest}" if mark else name for name, mark, rest in parts]


def read_lines(kind: str, data: Mapping[str, Any] | None) -> list[str]:
    """An entry line by line for people; empty for one that is not there."""
    flat: dict[str, Any] = {}
    for name, value in (data or {}).items():
        flat |= {f"{name}.{part}": one for part, one in value.items()} if name in _SCOPE else {name: value}
    return titled(kind, lines_of(flat))
