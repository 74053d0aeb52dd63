"""Workbooks for tests: written by us, changed as somebody with a spreadsheet program would change them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

from openpyxl import load_workbook

from bot.knowledge.entry import Entry
from bot.knowledge.files import read_folder
from bot.knowledge.workbook import writing
from bot.knowledge.workbook.comparing import Comparison, Outcome, compare
from bot.knowledge.workbook.guide import About
from bot.knowledge.workbook.reading import Row, read
from bot.knowledge.workbook.sheets import SHEETS, Sheet
from tests.knowledge.broken import DAY, GOOD, ROOT, regions

FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "=cmd|' /C calc'!A0",
    "\x01=1",
    "'=1",
    '=HYPERLINK("http://x")',
)


@cache
def small() -> tuple[Entry, ...]:
    return tuple(read_folder(GOOD).entries)


@cache
def real() -> tuple[Entry, ...]:
    return tuple(read_folder(ROOT / "content").entries)


def book(entries: Iterable[Entry], edition: int = 1, sheets: Sequence[Sheet] = tuple(SHEETS.values())) -> bytes:
    return writing.write(writing.lines_of(entries), About(edition=edition), sheets)


def changed(content: bytes, change: Callable[[Any], None]) -> bytes:
    """The file as another program saves it after somebody's work."""
    made = load_workbook(io.BytesIO(content))
    change(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def column(sheet: Any, name: str) -> int:
    return next(cell.column for cell in sheet[1] if cell.value == name)


def line_of(sheet: Any, name: str, value: str) -> int:
    at = column(sheet, name)
    return next(row for row in range(3, sheet.max_row + 1) if sheet.cell(row, at).value == value)


def judged(
    content: bytes, base: Iterable[Entry], head: Iterable[Entry] | None = None, may: Callable[..., str] = lambda *_: ""
) -> Comparison:
    base = list(base)
    return compare(read(content).rows, base, list(head) if head is not None else base, regions(), DAY, may)


def at(comparison: Comparison, sheet: str, line: int) -> Outcome:
    return next(one for one in comparison.outcomes if one.row.place == (sheet, line))


def with_part(content: bytes, name: str, inside: bytes) -> bytes:
    """The same file with one part more, or another in its place."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info.filename, old.read(info))
        new.writestr(name, inside)
    return out.getvalue()


def rows(content: bytes) -> list[Row]:
    return read(content).rows
