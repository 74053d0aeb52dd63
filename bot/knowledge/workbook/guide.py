"""The first sheet: what this file is, how it is filled, and, for our reader, which edition it came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl.styles import Alignment, Font, PatternFill

from bot.knowledge.workbook.inert import put
from bot.knowledge.workbook.sheets import Sheet

TITLE = "说明"
FORMAT = "jiuzhutong-1"
HOW = (
    "每张表一行就是一条。要改就改那一行，要加就在最后加一行。",
    "带 * 的列一定要填。点一下格子，会出来怎么填。",
    "不要的行，在“删去这一行”里选“是”。只删掉这一行，不会改动系统里的内容。",
    "日期写成 2026-07-01。电话只写数字和“-”。",
    "不要写公式，公式不会算。不要改表的名字和第一行。",
    "存成 .xlsx，不要加密码。",
    "上传以后先看哪些行要改，什么都不会马上变。全部行都对，才会变成待审的稿子，由另一个人审核后发布。",
)
_FILL = PatternFill("solid", fgColor="FFF5F7FA")


@dataclass(frozen=True, slots=True)
class About:
    """What a file says of itself."""

    edition: int = 0
    """Which edition its rows came from; 0: a template."""
    region: str = ""
    """The place a starter pack is for."""
    title: str = "救助通内容表"
    more: Sequence[str] = ()
    """Further lines for whoever fills it."""


def write_guide(made: Any, about: About, sheets: Sequence[Sheet]) -> None:
    made.title = TITLE
    marks = (("format", FORMAT), ("edition", str(about.edition)), ("region", about.region))
    for row, (name, value) in enumerate(marks, 1):
        put(made.cell(row, 1), name)
        put(made.cell(row, 2), value)
        made.row_dimensions[row].hidden = True
    made.column_dimensions["A"].width, made.column_dimensions["B"].width = 20, 92
    row = len(marks) + 1
    put(made.cell(row, 1), about.title)
    made.cell(row, 1).font = Font(bold=True, size=16)
    row += 1
    put(made.cell(row, 1), f"来自第{about.edition}版" if about.edition else "空白表")
    for text in (*about.more, *HOW):
        row += 1
        _text(made, row, 2, text)
    for sheet in sheets:
        row += 2
        put(made.cell(row, 1), sheet.title)
        made.cell(row, 1).font = Font(bold=True)
        _text(made, row, 2, sheet.about)
        for column in sheet.columns:
            row += 1
            put(made.cell(row, 1), f"{column.title}{' *' if column.needed else ''}")
            _text(made, row, 2, column.help or "照实填")
            made.cell(row, 1).fill = made.cell(row, 2).fill = _FILL


def _text(made: Any, row: int, column: int, text: str) -> None:
    put(made.cell(row, column), text)
    made.cell(row, column).alignment = Alignment(vertical="top", wrap_text=True)
