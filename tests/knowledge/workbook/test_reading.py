"""Files somebody sends: broken, bloated, armed. Each is refused with one line, and nothing in it is carried out."""

from __future__ import annotations

import io
import struct
import zipfile
from contextlib import suppress
from datetime import date, datetime, time
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.knowledge.workbook import reading
from tests.knowledge.workbook.books import book, changed, line_of, rows, small, with_part


@cache
def good() -> bytes:
    return book(small())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "不是 .xlsx"),
        (b"PK\x03\x04 nothing", "不是 .xlsx"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "去掉密码"),
        (b"x" * (reading.LARGEST_FILE + 1), "最多5兆"),
    ],
)
def test_what_is_no_workbook(content: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        reading.read(content)


def test_a_bomb_is_not_unpacked() -> None:
    """T-46: 80 MB of one sign in 80 KB."""
    bomb = with_part(good(), "xl/worksheets/sheet9.xml", b" " * (reading.LARGEST_INSIDE + 1))
    assert len(bomb) < 300_000
    with pytest.raises(BadInput, match="展开以后太大"):
        reading.read(bomb)


def test_a_bomb_that_lies_about_its_size_gives_no_more_than_it_said() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", b" " * 2**20)
    lying = bytearray(out.getvalue())
    at = lying.rindex(b"PK\x01\x02")
    lying[at + 24 : at + 28] = struct.pack("<I", 100)
    with pytest.raises(BadInput, match=r"读不下去|不是 \.xlsx"):
        reading.read(bytes(lying))


def test_many_parts() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for number in range(reading.MOST_PARTS + 1):
            made.writestr(f"xl/{number}", b"")
    with pytest.raises(BadInput, match="展开以后太大"):
        reading.read(out.getvalue())


@pytest.mark.parametrize(
    "name",
    [
        "xl/vbaProject.bin",
        "xl/externalLinks/externalLink1.xml",
        "xl/embeddings/oleObject1.bin",
        "xl/activeX/activeX1.xml",
        "xl/connections.xml",
    ],
)
def test_macros_links_and_embedded_things(name: str) -> None:
    with pytest.raises(BadInput, match="宏、链接或嵌入"):
        reading.read(with_part(good(), name, b"x"))


def test_entities_are_not_followed() -> None:
    with zipfile.ZipFile(io.BytesIO(good())) as parts:
        inside = parts.read("xl/worksheets/sheet1.xml")
    head = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
    armed = head + inside[inside.index(b"<worksheet") :].replace(b"jiuzhutong-1", b"&b;&a;")
    with pytest.raises(BadInput, match="读不下去"):
        reading.read(with_part(good(), "xl/worksheets/sheet1.xml", armed))


def test_a_formula_is_named_and_not_worked_out() -> None:
    def arm(made: Any) -> None:
        sheet = made["标准"]
        row = line_of(sheet, "region", "110000")
        sheet.cell(row, 6).value = "=1+1"
        sheet.cell(row, 7).value = "#N/A"
        sheet.cell(row, 7).data_type = "e"

    (row,) = [row for row in rows(changed(good(), arm)) if row.wrong]
    assert row.wrong == ("“城镇（元）”是公式，公式不会算；改成文字", "“农村（元）”是一个错误（#N/A）；改成文字")


def test_numbers_days_and_times_are_read_as_people_see_them() -> None:
    def fill(made: Any) -> None:
        sheet = made["标准"]
        row = line_of(sheet, "region", "110000")
        for at, value in {
            2: 110000,
            6: 1400.0,
            7: 1400.5,
            9: datetime(2025, 7, 1),  # noqa: DTZ001
            10: date(2026, 6, 30),
            13: True,
            14: time(8, 30),
        }.items():
            sheet.cell(row, at).value = value

    row = next(row for row in rows(changed(good(), fill)) if row.kind == "standard" and row.cells["region"] == "110000")
    told = [row.cells[name] for name in ("region", "urban", "rural", "from", "to", "say", "note")]
    assert told == ["110000", "1400", "1400.5", "2025-07-01", "2026-06-30", "是", "08:30"]


def test_a_sheet_far_out_is_read_no_further_than_its_columns() -> None:
    def far(made: Any) -> None:
        made["热线"].cell(400, 900).value = "x"

    def down(made: Any) -> None:
        made["热线"].cell(1_000_000, 2).value = "x"

    assert len(rows(changed(good(), far))) == len(rows(good()))
    with pytest.raises(BadInput, match="删去后面的空白行"):
        rows(changed(good(), down))


def test_too_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    def many(made: Any) -> None:
        for row in range(4, 30):
            made["热线"].cell(row, 2).value = f"h-{row}"

    monkeypatch.setattr(reading, "MOST_ROWS", 20)
    with pytest.raises(BadInput, match="超过20行"):
        rows(changed(good(), many))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda made: made.remove(made["说明"]), "没有“说明”"),
        (lambda made: made["说明"].cell(1, 2, "other"), "不是本系统的格式"),
        (lambda made: made["说明"].cell(2, 2, "１"), "版本号被改过"),
        (lambda made: made["标准"].delete_cols(6), "缺少“城镇"),
        (lambda made: made["标准"].cell(1, 30, "what"), "列“what”不认识"),
        (lambda made: made["标准"].cell(1, 30, "urban"), "列名一样"),
        (lambda made: [made.remove(sheet) for sheet in list(made)[1:]], "没有文件、答案"),
    ],
)
def test_a_template_that_was_bent(change: Any, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        rows(changed(good(), change))


@given(st.binary(max_size=300), st.integers(0, 3_000))
@settings(max_examples=40, deadline=None)
def test_any_damage_is_one_clear_line(noise: bytes, place: int) -> None:
    """Whatever was spoilt on the way: rows, or a refusal of ours, and no other error."""
    content = bytearray(good())
    content[place : place + len(noise)] = noise
    with suppress(BadInput):
        reading.read(bytes(content))
