"""Cases as a table for offices whose system speaks no HTTP: a list out, moves in. Pure; nothing in a cell runs.

UTF-8 with a mark so that spreadsheets read it, rows of RFC 4180, and a `'` before every cell that a spreadsheet would
take for a formula; reading takes that `'` away again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.errors import BadInput

COLUMNS = ("回执号", "事项", "地区", "状态", "申请人", "提交", "受理", "最晚", "系统编号", "优先")
MOVE_COLUMNS = ("回执号", "新状态", "说明", "系统编号")
_REQUIRED = ("回执号", "新状态")
LARGEST = 5_000_000
_FIRST = frozenset("=+-@\t\r\n'＝＋－＠")
"""What makes a spreadsheet calculate, and our own mark, which must be told from a real one."""


def cell(text: str) -> str:
    """The text as a cell that stays text. Blanks before the sign do not stop every spreadsheet."""
    return "'" + text if text[:1] in _FIRST or text.lstrip()[:1] in _FIRST else text


def uncell(text: str) -> str:
    """The text a cell was made of."""
    return text[1:] if text[:1] == "'" else text


def write(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([cell(value) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


@dataclass(frozen=True, slots=True)
class Move:
    """One line of a table of moves. `line` is where it stands in the file."""

    line: int
    number: str
    to: str
    reason: str
    office_number: str


def read_moves(data: bytes) -> list[Move]:
    """Raises BadInput, which names the first line that cannot be read; of the rest nothing is done either."""
    if len(data) > LARGEST:
        raise BadInput(f"文件有{len(data)}字节，超过{LARGEST}；分成几份再导入")
    rows = list(_rows(data))
    if not rows:
        raise BadInput("文件是空的；第1行写列名：" + "、".join(MOVE_COLUMNS))
    heading = [uncell(name.strip()) for name in rows[0][1]]
    for name in heading:
        if name not in MOVE_COLUMNS:
            raise BadInput(f"第1行的列“{name}”不认识；只能有：{'、'.join(MOVE_COLUMNS)}")
    for name in _REQUIRED:
        if heading.count(name) != 1:
            raise BadInput(f"第1行要有一列“{name}”，现在有{heading.count(name)}列")
    moves = [_move(line, dict(zip(heading, row, strict=False)), row, heading) for line, row in rows[1:] if any(row)]
    if not moves:
        raise BadInput("文件里只有列名，没有一行要导入；从第2行起每行写一件")
    return moves


def _rows(data: bytes) -> Iterable[tuple[int, list[str]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")  # what a spreadsheet in China saves as “CSV”
        except UnicodeDecodeError as error:
            raise BadInput("文件既不是UTF-8也不是GB18030编码；另存为“CSV UTF-8”再导入") from error
    if "\0" in text:
        raise BadInput("文件里有空字节，不是CSV；另存为“CSV UTF-8”再导入")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise BadInput(f"第{reader.line_num}行的引号不成对或格子太长；改好再导入") from error


def _move(line: int, values: Mapping[str, str], row: Sequence[str], heading: Sequence[str]) -> Move:
    if len(row) != len(heading):
        raise BadInput(f"第{line}行有{len(row)}格，列名有{len(heading)}个；补齐再导入")
    said = {name: uncell(value.strip()).strip() for name, value in values.items()}
    for name in _REQUIRED:
        if not said[name]:
            raise BadInput(f"第{line}行的“{name}”是空的；填上再导入")
    move = Move(line, said["回执号"], said["新状态"], said.get("说明", ""), said.get("系统编号", ""))
    if len(move.reason) > 500 or len(move.office_number) > 64:
        raise BadInput(f"第{line}行的说明超过500字或系统编号超过64字；写短再导入")
    if re.search(r"[\x00-\x1f\x7f]", move.office_number):
        raise BadInput(f"第{line}行的系统编号里有看不见的符号；删掉再导入")
    return move


def day(value: date | None) -> str:
    return value.isoformat() if value else ""
