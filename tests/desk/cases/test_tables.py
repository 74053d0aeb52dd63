"""Tables in and out: no cell runs, what goes out comes back, and a bad line stops everything with one clear sentence."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.cases.tables import MOVE_COLUMNS, Move, cell, read_moves, uncell, write
from bot.errors import BadInput

LIVE = [
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil","x")',
    "+1+1",
    "-2+3",
    "@SUM(1,1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "  =1+1",
    "'=1+1",
    "\u3000=1+1",
]
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)


@pytest.mark.parametrize("text", LIVE)
def test_what_a_spreadsheet_would_run_stays_text(text: str) -> None:
    assert cell(text) == "'" + text
    assert uncell(cell(text)) == text
    out = write(("a",), [[text]]).decode("utf-8-sig")
    [[made]] = list(csv.reader(io.StringIO(out, newline="")))[1:]
    assert made.startswith("'")


@given(st.one_of(TEXT, st.sampled_from(LIVE)))
def test_what_goes_out_comes_back(text: str) -> None:
    assert uncell(cell(text)) == text
    made = cell(text)
    assert made[:1] == "'" or made.strip()[:1] not in "=+-@＝＋－＠" or not made.strip()


@given(st.lists(st.tuples(TEXT, TEXT), max_size=6))
def test_rows_survive_quotes_commas_and_line_ends(rows: list[tuple[str, str]]) -> None:
    out = write(("回执号", "说明"), rows).decode("utf-8-sig")
    read = [tuple(map(uncell, row)) for row in csv.reader(io.StringIO(out, newline=""))]
    assert read == [("回执号", "说明"), *rows]


def test_moves_are_read_from_what_spreadsheets_save() -> None:
    text = "回执号,新状态,说明,系统编号\r\n1234 5678 9012 3,已受理,'=材料齐,MZ-7\r\n,,,\r\n1234567890123,公示中,,\r\n"
    wanted = [
        Move(2, "1234 5678 9012 3", "已受理", "=材料齐", "MZ-7"),
        Move(4, "1234567890123", "公示中", "", ""),
    ]
    for data in (text.encode("utf-8-sig"), text.encode(), text.encode("gb18030")):
        assert read_moves(data) == wanted
    assert read_moves("新状态,回执号\n已受理,1\n".encode()) == [Move(2, "1", "已受理", "", "")]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "文件是空的；第1行写列名：回执号、新状态、说明、系统编号"),
        ("回执号,新状态\n".encode(), "只有列名，没有一行要导入"),
        ("回执号,状态\n1,2\n".encode(), "第1行的列“状态”不认识；只能有：回执号、新状态、说明、系统编号"),
        ("回执号,说明\n1,2\n".encode(), "第1行要有一列“新状态”，现在有0列"),
        ("回执号,新状态,新状态\n1,2,3\n".encode(), "第1行要有一列“新状态”，现在有2列"),
        ("回执号,新状态\n1,已受理\n1\n".encode(), "第3行有1格，列名有2个"),
        ("回执号,新状态\n,已受理\n".encode(), "第2行的“回执号”是空的"),
        ("回执号,新状态\n1, \n".encode(), "第2行的“新状态”是空的"),
        ('回执号,新状态\n"1,已受理\n'.encode(), "引号不成对"),
        (b"\xff\xfe\x00\x01\x81\xff", "不是"),
        ("回执号,新状态\n1,\0\n".encode(), "空字节"),
        (f"回执号,新状态,说明\n1,已受理,{'长' * 501}\n".encode(), "第2行的说明超过500字"),
    ],
)
def test_a_bad_table_is_one_clear_line(data: bytes, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_moves(data)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        moves = read_moves(data)
    except BadInput:
        return
    assert moves


LINE = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp")), max_size=40)


@given(st.lists(st.tuples(st.integers(1, 999), LINE.filter(str.strip), LINE), min_size=1, max_size=5))
def test_a_table_written_by_us_is_read_by_us(rows: list[tuple[int, str, str]]) -> None:
    data = write(MOVE_COLUMNS, [(str(number), to, reason, "") for number, to, reason in rows])
    read = [(move.number, move.to, move.reason) for move in read_moves(data)]
    assert read == [(str(number), to.strip(), reason.strip()) for number, to, reason in rows]
