"""What goes out comes back the same, whatever it is; and nothing that goes out calculates."""

from __future__ import annotations

import io
import string
import zipfile
from datetime import date
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.knowledge.applying import applied
from bot.knowledge.contacts import NEEDS
from bot.knowledge.entry import Entry, digest
from bot.knowledge.workbook.cells import cells_of, data_of
from bot.knowledge.workbook.comparing import How
from bot.knowledge.workbook.reading import read
from bot.knowledge.workbook.sheets import ANSWERS, HOTLINES, HOURS, SHEETS
from tests.knowledge.workbook.books import FORMULAS, book, judged, real

_ANYTHING = st.text(st.characters(codec="utf-8"), max_size=60) | st.sampled_from(FORMULAS)
_WORD = st.text(string.ascii_lowercase + "低保一二三", min_size=1, max_size=12)


def answers() -> st.SearchStrategy[list[Entry]]:
    """Whatever an edition could hold under an answer's names, tidy or not."""
    data = st.fixed_dictionaries(
        {
            "title": _ANYTHING,
            "programme": st.sampled_from(["dibao", "tekun", "nowhere"]),
            "aspect": _ANYTHING,
            "text": _ANYTHING,
            "short": _ANYTHING,
            "basis": st.lists(st.fixed_dictionaries({"document": _WORD}, optional={"clause": _ANYTHING}), max_size=3),
            "phrasings": st.lists(_ANYTHING, max_size=4),
            "scope": st.fixed_dictionaries(
                {"from": st.dates(date(2000, 1, 1)).map(date.isoformat)},
                optional={
                    "region": st.just("310000"),
                    "channels": st.lists(st.sampled_from(["wechat", "x"]), max_size=2),
                },
            ),
        },
        optional={"lookup": _ANYTHING, "unheard": _ANYTHING},
    )
    named = st.dictionaries(_WORD, data, max_size=4)
    return named.map(lambda shelf: [Entry("answer", key, {**one, "id": key}) for key, one in shelf.items()])


@given(answers())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_export_import_export_is_the_same_bytes(entries: list[Entry]) -> None:
    first = book(entries, sheets=[ANSWERS])
    for row in read(first).rows:
        (entry,) = (one for one in entries if one.key == row.key)
        assert data_of(SHEETS[row.kind], row.cells, entry.data) == entry.data
    comparison = judged(first, entries)
    assert {one.how for one in comparison.outcomes} <= {How.UNCHANGED}
    assert book(applied(entries, [one.change for one in comparison.outcomes if one.changes]), sheets=[ANSWERS]) == first


def test_the_real_content_goes_out_and_comes_back() -> None:
    first = book(real())
    comparison = judged(first, real())
    assert comparison.count(How.UNCHANGED) == len(comparison.outcomes) > 400
    fresh = [Entry(row.kind, row.key, data_of(SHEETS[row.kind], row.cells)) for row in read(first).rows]
    assert book(fresh) == first, "an empty database takes a whole workbook"


def test_what_a_sheet_has_no_column_for_is_kept() -> None:
    data = {"id": "a", "title": "旧", "unheard": "x", "scope": {"from": "2026-01-01", "odd": "y"}}
    cells = {**cells_of(ANSWERS, data), "title": "新"}
    assert data_of(ANSWERS, cells, data) == {**data, "title": "新"}


def test_every_need_and_every_way_to_write_hours_is_read() -> None:
    for code in NEEDS:
        data = {"needs": f"{code} fire"}
        assert data_of(HOTLINES, cells_of(HOTLINES, data))["needs"] == data["needs"]
    for said in (
        "周一到周五 08:30-12:00 13:30-17:00；周六 9:00-12:00",
        "星期一至星期五 8:30—12:00、13:30—17:00;\n周六 09：00-12：00",
    ):
        assert data_of(HOURS, {"spans": said})["spans"] == "mon-fri 08:30-12:00 13:30-17:00; sat 09:00-12:00"


def test_no_exported_cell_calculates() -> None:
    """A-55, T-29: the corpus in every column of every kind, opened by a spreadsheet library."""
    entries: list[Entry] = []
    for sheet in SHEETS.values():
        for number, formula in enumerate(FORMULAS):
            data: dict[str, Any] = {}
            for column in sheet.columns:
                outer, _, inner = column.name.partition(".")
                value: Any = [formula] if column.shape in ("lines", "several", "clauses") else formula
                if inner:
                    data.setdefault(outer, {})[inner] = value
                else:
                    data[outer] = value
            entries.append(Entry(sheet.kind, f"={number}", data))
    made = book(entries)
    opened = load_workbook(io.BytesIO(made))
    cells = [cell for sheet in opened for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert len(cells) > len(entries) * 3
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells)
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        assert not [name for name in parts.namelist() if b"<f>" in parts.read(name) or b"<f " in parts.read(name)]


def test_a_file_says_nothing_of_when_it_was_made() -> None:
    with zipfile.ZipFile(io.BytesIO(book(real()[:3]))) as parts:
        assert {info.date_time for info in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2020-01-01T00:00:00Z" in parts.read("docProps/core.xml")
    assert digest(real()) == digest(list(reversed(real())))
