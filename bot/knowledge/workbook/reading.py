"""A workbook somebody sent, read as text and with care: nothing in it is carried out, and no file can fill the memory.

Raises BadInput for a file that is not used at all; what is wrong with a row is said at the row, later.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook

from bot.errors import BadInput
from bot.knowledge.workbook.guide import FORMAT, TITLE, About
from bot.knowledge.workbook.inert import shown
from bot.knowledge.workbook.sheets import KEY, REMOVE, SHEETS, TODO, YES, Sheet

LARGEST_FILE = 5 * 2**20
LARGEST_INSIDE = 60 * 2**20
"""Bytes of all parts together, as they are when unpacked."""
MOST_PARTS, MOST_ROWS, MOST_COLUMNS = 200, 5_000, 40
MOST_LINES = 50_000
"""Blank ones included: a mark in the last line of a sheet makes a million of them."""
_ACTIVE = (
    "vbaproject",
    "activex",
    "oleobject",
    "embeddings/",
    "externallinks/",
    "macrosheets/",
    "ctrlprops/",
    "connections.xml",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of one sheet. `line` is what Excel shows beside it."""

    kind: str
    line: int
    key: str
    cells: Mapping[str, str]
    remove: bool = False
    wrong: Sequence[str] = ()
    """What cannot be read in it."""
    sheet: str = ""
    """The title of the sheet it stands in."""

    @property
    def place(self) -> tuple[str, int]:
        return self.sheet, self.line


@dataclass(slots=True)
class Book:
    about: About
    rows: list[Row] = field(default_factory=list)


def read(content: bytes, sheets: Mapping[str, Sheet] = SHEETS) -> Book:
    """The file's rows, blank ones left out."""
    _check_parts(content)
    try:
        made = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        try:
            return _book(made, sheets)
        finally:
            made.close()
    except BadInput:
        raise
    except Exception as e:  # whatever openpyxl and what lies under it meet in a file that is damaged or made to harm
        raise BadInput(f"这个文件读不下去（{type(e).__name__}）；用 Excel 或 WPS 另存为 .xlsx 再传") from e


def _check_parts(content: bytes) -> None:
    """What lies in the file, before any of it is opened."""
    if len(content) > LARGEST_FILE:
        raise BadInput(f"文件有{len(content) / 2**20:.1f}兆，最多{LARGEST_FILE // 2**20}兆；分成几个文件再传")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadInput("这是加了密码或旧格式（.xls）的文件；去掉密码，另存为 .xlsx 再传")
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as e:
        raise BadInput("这不是 .xlsx 文件；用 Excel 或 WPS 另存为 .xlsx 再传") from e
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_INSIDE:
        raise BadInput("文件展开以后太大；删去空白的行列和图片，分成几个文件再传")
    names = [part.filename.lower() for part in parts]
    if any(mark in name for name in names for mark in _ACTIVE):
        raise BadInput("文件里有宏、链接或嵌入的东西；另存为不带宏的 .xlsx 再传")
    if "[content_types].xml" not in names or any(part.flag_bits & 1 for part in parts):
        raise BadInput("这不是 .xlsx 文件；用 Excel 或 WPS 另存为 .xlsx 再传")


def _book(made: Any, sheets: Mapping[str, Sheet]) -> Book:
    if TITLE not in made.sheetnames:
        raise BadInput(f"文件里没有“{TITLE}”这张表；下载模板，填在模板里")
    found = Book(_about(made[TITLE]))
    for sheet in sheets.values():
        if sheet.title in made.sheetnames:
            found.rows += _rows(made[sheet.title], sheet)
    if not any(sheet.title in made.sheetnames for sheet in sheets.values()):
        raise BadInput(f"文件里没有{'、'.join(sheet.title for sheet in sheets.values())}这些表；下载模板，填在模板里")
    return found


def _about(made: Any) -> About:
    told: dict[str, str] = {}
    for name, value in made.iter_rows(min_row=1, max_row=3, max_col=2, values_only=True):
        told[str(name or "")] = str(value or "")
    if told.get("format") != FORMAT:
        raise BadInput(f"“{TITLE}”表不是本系统的格式；重新下载模板，填在模板里")
    edition = told.get("edition", "0")
    if not edition.isascii() or not edition.isdigit() or len(edition) > 9:
        raise BadInput(f"“{TITLE}”表里的版本号被改过；重新下载，填在新文件里")
    return About(edition=int(edition), region=told.get("region", ""))


def _rows(made: Any, sheet: Sheet) -> Iterator[Row]:
    names: list[str] = []
    count = 0
    for line, cells in enumerate(made.iter_rows(max_col=MOST_COLUMNS), 1):
        if line == 1:
            names = _names(cells, sheet)
            continue
        if line > MOST_LINES:
            raise BadInput(f"“{sheet.title}”表太长（超过{MOST_LINES}行）；删去后面的空白行再传")
        if line == 2 or all(cell.value is None for cell in cells):
            continue
        row = _row(cells, names, sheet, line)
        if not any(text.strip() for text in row.cells.values()) and not row.wrong:
            continue
        count += 1
        if count > MOST_ROWS:
            raise BadInput(f"“{sheet.title}”表超过{MOST_ROWS}行；分成几个文件再传")
        yield row


def _names(cells: Sequence[Any], sheet: Sheet) -> list[str]:
    names = [str(cell.value or "").strip() for cell in cells]
    known = {column.name: column.title for column in sheet.columns}
    if missing := [title for name, title in known.items() if name not in names]:
        raise BadInput(
            f"“{sheet.title}”表缺少“{'、'.join(missing[:5])}”这几列（第一行是隐藏的列名）；重新下载模板，填在模板里"
        )
    given = [name for name in names if name]
    if len(set(given)) < len(given):
        raise BadInput(f"“{sheet.title}”表有两列的列名一样；重新下载模板，填在模板里")
    if unknown := [name for name in given if name not in known and name not in (KEY, REMOVE, TODO)]:
        raise BadInput(f"“{sheet.title}”表的列“{unknown[0][:40]}”不认识；重新下载模板，填在模板里")
    return names


def _row(cells: Sequence[Any], names: Sequence[str], sheet: Sheet, line: int) -> Row:
    titles = {column.name: column.title for column in sheet.columns}
    told: dict[str, str] = {}
    wrong: list[str] = []
    for name, cell in zip(names, cells, strict=False):
        if not name or name == TODO:
            continue
        text, problem = _text(cell)
        told[name] = text
        if problem:
            wrong.append(f"“{titles.get(name, name)}”{problem}")
    remove = told.pop(REMOVE, "").strip()
    if remove not in ("", YES, "否"):
        wrong.append("“删去这一行”只能选“是”或空着")
    return Row(sheet.kind, line, told.pop(KEY, ""), told, remove == YES, tuple(wrong), sheet.title)


def _text(cell: Any) -> tuple[str, str]:
    """What the cell says, and what is wrong with it. Nothing is worked out."""
    value = cell.value
    if value is None:
        return "", ""
    if cell.data_type == "f":
        return "", "是公式，公式不会算；改成文字"
    if cell.data_type == "e":
        return "", f"是一个错误（{str(value)[:20]}）；改成文字"
    if isinstance(value, bool):
        return (YES if value else "否"), ""
    if isinstance(value, datetime):
        return (value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")), ""
    if isinstance(value, date):
        return value.isoformat(), ""
    if isinstance(value, time):
        return value.strftime("%H:%M"), ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value)), ""
    return shown(str(value)), ""
