"""Entries as a workbook: a sheet a kind, a hidden row of column names, drop-downs, and a sheet that explains it all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from bot.knowledge.entry import Entry
from bot.knowledge.workbook.cells import cells_of
from bot.knowledge.workbook.guide import About, write_guide
from bot.knowledge.workbook.inert import packed, put
from bot.knowledge.workbook.sheets import KEY, REMOVE, SHEETS, TODO, YES, Shape, Sheet

CHOICES = "选项"
TODO_TITLE, REMOVE_TITLE = "要改什么", "删去这一行"
_SPARE = 500
"""Empty rows that have drop-downs too."""
_HEAD, _PLAIN, _MARKED = (PatternFill("solid", fgColor=colour) for colour in ("FFE7EEF8", "FFF5F7FA", "FFFDF3E1"))
_RED = Font(color="FFC23030", bold=True)


@dataclass(frozen=True, slots=True)
class Line:
    """One row to be written. `key`: the entry it stands for; empty: a row somebody added."""

    key: str
    cells: Mapping[str, str]
    todo: str = ""


def lines_of(entries: Iterable[Entry]) -> dict[str, list[Line]]:
    """Kind → its rows, in an order of their own: the store keeps none that a table could follow."""
    found: dict[str, list[Line]] = {kind: [] for kind in SHEETS}
    for entry in entries:
        if sheet := SHEETS.get(entry.kind):
            found[entry.kind].append(Line(entry.key, cells_of(sheet, entry.data)))
    return {kind: sorted(lines, key=lambda line: line.key) for kind, lines in found.items()}


def write(lines: Mapping[str, Sequence[Line]], about: About, sheets: Sequence[Sheet] = tuple(SHEETS.values())) -> bytes:
    """The file. A sheet without rows is there to be filled."""
    book = Workbook()
    write_guide(book.active, about, sheets)
    lists = book.create_sheet(CHOICES)
    lists.sheet_state = "hidden"
    named = _Choices(lists)
    todo = any(line.todo for rows in lines.values() for line in rows)
    for sheet in sheets:
        _sheet(book.create_sheet(sheet.title), sheet, lines.get(sheet.kind, ()), named, todo)
    # Behind all that people read.
    book.move_sheet(lists, len(sheets))
    return packed(book)


def _sheet(made: Any, sheet: Sheet, lines: Sequence[Line], named: _Choices, todo: bool) -> None:
    names = [KEY, *(column.name for column in sheet.columns), REMOVE, *([TODO] if todo else [])]
    titles = ["", *(f"{column.title}{' *' if column.needed else ''}" for column in sheet.columns), REMOVE_TITLE]
    titles += [TODO_TITLE] if todo else []
    widths = [8, *(column.width for column in sheet.columns), 12, *([50] if todo else [])]
    for at, (name, title, width) in enumerate(zip(names, titles, widths, strict=True), 1):
        put(made.cell(1, at), name)
        head = made.cell(2, at)
        put(head, title)
        head.font, head.fill = (_RED if name == TODO else Font(bold=True)), _HEAD
        head.alignment = Alignment(vertical="center", wrap_text=True)
        letter = get_column_letter(at)
        made.column_dimensions[letter].width = width
        # Text from the start: a telephone number keeps its zero, a date stays as it was typed.
        made.column_dimensions[letter].number_format = "@"
    made.column_dimensions["A"].hidden = True
    made.row_dimensions[1].hidden = True
    made.freeze_panes = "B3"
    fixed = {column.name for column in sheet.columns if column.fixed}
    for row, line in enumerate(lines, 3):
        values = [line.key, *(line.cells.get(column.name, "") for column in sheet.columns), "", line.todo]
        for at, name in enumerate(names, 1):
            _cell(made.cell(row, at), values[at - 1], name == TODO, bool(line.todo), name in fixed)
    last = len(lines) + 2 + _SPARE
    for at, column in enumerate(sheet.columns, 2):
        help = column.help
        if column.shape is Shape.ONE:
            named.offer(made, list(column.choices.values()), at, last, help)
        elif help:
            _hint(made, at, last, help)
    named.offer(made, [YES], len(sheet.columns) + 2, last, "要删去这一条，选“是”")


def _cell(cell: Any, text: str, is_todo: bool, wrong: bool, fixed: bool) -> None:
    put(cell, text)
    cell.number_format = "@"
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    if is_todo:
        cell.font = _RED
    elif wrong or fixed:
        cell.fill = _PLAIN if fixed else _MARKED


class _Choices:
    """The hidden sheet of all lists; each is written once."""

    def __init__(self, made: Any) -> None:
        self._made = made
        self._known: dict[tuple[str, ...], str] = {}

    def offer(self, made: Any, values: Sequence[str], column: int, last: int, help: str) -> None:
        """A drop-down over a column. Something else may be typed: what is wrong with it is said at the import."""
        where = self._known.get(tuple(values)) or self._add(values)
        rule = DataValidation(type="list", formula1=where, allow_blank=True, showErrorMessage=False)
        rule.promptTitle, rule.prompt, rule.showInputMessage = "怎么填", help[:250], bool(help)
        letter = get_column_letter(column)
        rule.add(f"{letter}3:{letter}{last}")
        made.add_data_validation(rule)

    def _add(self, values: Sequence[str]) -> str:
        at = len(self._known) + 1
        for row, value in enumerate(values, 1):
            put(self._made.cell(row, at), value)
        letter = get_column_letter(at)
        where = f"{CHOICES}!${letter}$1:${letter}${len(values)}"
        self._known[tuple(values)] = where
        return where


def _hint(made: Any, column: int, last: int, help: str) -> None:
    rule = DataValidation(allow_blank=True, showErrorMessage=False, showInputMessage=True)
    rule.promptTitle, rule.prompt = "怎么填", help[:250]
    letter = get_column_letter(column)
    rule.add(f"{letter}3:{letter}{last}")
    made.add_data_validation(rule)
