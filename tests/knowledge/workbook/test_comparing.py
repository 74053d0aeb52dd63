"""The dry run: at each row what it would change, and what must be mended first."""

from __future__ import annotations

import io
from typing import Any

from openpyxl import load_workbook

from bot.knowledge.applying import Change, applied
from bot.knowledge.workbook import packing
from bot.knowledge.workbook.comparing import How
from bot.knowledge.workbook.reading import read
from tests.knowledge.workbook.books import at, book, changed, column, judged, line_of, small


def test_each_row_says_what_it_would_change() -> None:
    def work(made: Any) -> None:
        answers, hotlines = made["答案"], made["热线"]
        row = line_of(answers, "id", "dibao-apply")
        answers.cell(row, column(answers, "short")).value = "到街道（乡镇）申请，不清楚打12345。"
        answers.cell(row, column(answers, "phrasings")).value += "\n低保到底怎么办"
        hotlines.cell(4, 2).value, hotlines.cell(4, 3).value = "h-110", 110
        for name, value in {
            "name": "报警电话",
            "region": "000000",
            "purpose": "有危险时打",
            "needs": "有危险、着火被困",
            "verified": "已核实",
        }.items():
            hotlines.cell(4, column(hotlines, name)).value = value
        made["价格补贴"].cell(3, column(made["价格补贴"], "#remove")).value = "是"

    comparison = judged(changed(book(small()), work), small())
    assert not comparison.refused, [one.reasons for one in comparison.outcomes]
    answer = next(one for one in comparison.outcomes if one.key == "dibao-apply")
    assert answer.how is How.CHANGED
    assert [line[0] for line in answer.lines] == ["短答案", "问法"]
    assert answer.data is not None
    assert answer.data["phrasings"][-1] == "低保到底怎么办"
    new = at(comparison, "热线", 4)
    assert (new.how, new.key, new.data) == (
        How.NEW,
        "h-110",
        {
            "id": "h-110",
            "number": "110",
            "name": "报警电话",
            "region": "000000",
            "purpose": "有危险时打",
            "needs": "danger fire",
            "verified": "yes",
        },
    )
    gone = at(comparison, "价格补贴", 3)
    assert (gone.how, gone.data) == (How.REMOVED, None)
    after = {entry.key for entry in applied(list(small()), [one.change for one in comparison.outcomes if one.changes])}
    assert "h-110" in after
    assert gone.key not in after


def test_what_is_wrong_is_said_beside_its_row_in_the_words_of_the_check() -> None:
    def work(made: Any) -> None:
        sheet = made["标准"]
        row = line_of(sheet, "region", "110000")
        sheet.cell(row, column(sheet, "urban")).value = "一千四"
        sheet.cell(row, column(sheet, "document")).value = "没登记的文件"
        answers = made["答案"]
        answers.cell(line_of(answers, "id", "dibao-apply"), column(answers, "short")).value = "您不符合条件，打12345。"

    content = changed(book(small()), work)
    comparison = judged(content, small())
    standard = next(one for one in comparison.outcomes if one.row.kind == "standard" and one.how is How.REFUSED)
    assert standard.reasons == ("“城镇（元）”“一千四”不是金额；只写数字，如 1395",)
    answer = next(one for one in comparison.outcomes if one.key == "dibao-apply")
    assert answer.how is How.REFUSED
    assert "写了“您不符合”" in answer.reasons[0]
    again = read(packing.write_marked(read(content), comparison.outcomes))
    assert [row.cells for row in again.rows] == [row.cells for row in read(content).rows], (
        "the marked file is the same file"
    )
    marked = load_workbook(io.BytesIO(packing.write_marked(read(content), comparison.outcomes)))["标准"]
    todo = marked.cell(standard.row.line, column(marked, "#todo"))
    assert (marked.cell(2, todo.column).value, todo.value, todo.font.color.rgb) == (
        "要改什么",
        standard.reasons[0],
        "FFC23030",
    )


def test_taking_away_what_others_stand_on_is_refused() -> None:
    def work(made: Any) -> None:
        sheet = made["文件"]
        sheet.cell(line_of(sheet, "id", "救助法"), column(sheet, "#remove")).value = "是"

    comparison = judged(changed(book(small()), work), small())
    assert comparison.refused
    assert any("文件“救助法”没有登记" in said for said in comparison.elsewhere)


def test_what_somebody_changed_meanwhile_is_not_written_over() -> None:
    known = next(entry.data for entry in small() if entry.key == "h-12345")
    head = applied(list(small()), [Change("hotline", "h-12345", {**known, "note": "别人写的"})])

    def work(made: Any) -> None:
        made["热线"].cell(3, column(made["热线"], "name")).value = "便民热线"

    untouched = judged(book(small()), small(), head)
    assert untouched.count(How.UNCHANGED) == len(untouched.outcomes)
    comparison = judged(changed(book(small()), work), small(), head)
    assert at(comparison, "热线", 3).reasons == ("下载以后，别人改过这一条；请重新下载，再改一次",)


def test_a_copied_row_is_a_new_one_and_its_original_stays() -> None:
    """Who copies a row copies its hidden name too."""

    def work(made: Any) -> None:
        sheet = made["标准"]
        row = line_of(sheet, "region", "110000")
        sheet.insert_rows(row)
        for number in range(1, sheet.max_column + 1):
            sheet.cell(row, number).value = sheet.cell(row + 1, number).value
        sheet.cell(row, column(sheet, "from")).value = "2026-07"
        sheet.cell(row, column(sheet, "urban")).value = "1500"

    comparison = judged(changed(book(small()), work), small())
    rows = [one for one in comparison.outcomes if one.row.kind == "standard" and one.row.cells["region"] == "110000"]
    assert [(one.how, one.reasons) for one in rows] == [(How.NEW, ()), (How.UNCHANGED, ())]


def test_one_entry_in_two_rows_is_refused() -> None:
    def work(made: Any) -> None:
        sheet = made["热线"]
        for number in range(1, sheet.max_column + 1):
            sheet.cell(4, number).value = sheet.cell(3, number).value

    comparison = judged(changed(book(small()), work), small())
    assert at(comparison, "热线", 4).reasons == ("和第3行是同一条；留一行，另一行清空",)


def test_a_place_that_is_not_theirs_is_refused_at_its_row() -> None:
    def may(kind: str, key: str, before: Any, after: Any) -> str:
        return "不归您管" if kind == "hotline" else ""

    def work(made: Any) -> None:
        made["热线"].cell(3, column(made["热线"], "name")).value = "便民热线"

    assert at(judged(changed(book(small()), work), small(), may=may), "热线", 3).reasons == ("不归您管",)
    assert not judged(book(small()), small(), may=may).refused, "what is not touched is nobody's fault"


def test_another_id_is_another_entry() -> None:
    def work(made: Any) -> None:
        made["热线"].cell(3, 2).value = "h-123456"

    comparison = judged(changed(book(small()), work), small())
    assert at(comparison, "热线", 3).how is How.NEW, "another id is another entry; the first one stays"
