"""A table as XLSX in which every cell is text: nothing calculates, whatever it begins with. Pure."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from bot.clock import SHANGHAI
from bot.knowledge.workbook.inert import put


def write(columns: Sequence[str], rows: Iterable[Sequence[str]], title: str = "案件") -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number, _ in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(number)].width = 20
    sheet.append([_cell(sheet, name, Font(bold=True)) for name in columns])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def moment(at: datetime | None) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if at else ""


def _cell(sheet: object, text: str, font: Font | None = None) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value="")
    put(cell, text)
    if font:
        cell.font = font
    return cell
