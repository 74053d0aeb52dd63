"""What can be written in boxes: everything a workbook holds, the questions that must go on getting their answer, and the fixed
words."""

from __future__ import annotations

from collections.abc import Mapping

from bot.knowledge import entry as kinds
from bot.knowledge.workbook.sheets import SHEETS, Column, Sheet

PROTECTED = Sheet(
    kinds.PROTECTED,
    "保护问题",
    (
        Column("id", "编号"),
        Column("question", "居民会这样问", "一句话，最多100个字", needed=True),
        Column("region", "地区", needed=True),
        Column("expect", "应当得到", "从列表里选一条答案，或不给答案时怎么说", needed=True),
        Column("why", "为什么要保住", "给同事看", needed=True),
    ),
    "每次发布以前都会问一遍。答得和这里写的不同，要由审核的人一条条认可。",
)
WORDS = Sheet(
    kinds.WORDS,
    "固定用语",
    (
        Column("text", "说的话", "大括号里的由程序填，别改也别删", needed=True),
        Column("short", "短的说法", "地方小的时候说这个；空着就说上面的"),
    ),
    "答案以外，机器人说的每一句话：打招呼、没有答案、危急的时候、通知。",
)
EDITABLE: Mapping[str, Sheet] = {**SHEETS, PROTECTED.kind: PROTECTED, WORDS.kind: WORDS}
NAMED_BY_PROGRAM = frozenset({kinds.WORDS})
"""Written anew here, never added and never taken away."""
