"""What changed between two editions, and what stands on a document: the two questions before a publication."""

from __future__ import annotations

from datetime import date

import pytest

from bot.errors import BadInput
from bot.knowledge.difference import Change, How, difference
from bot.knowledge.edition import Edition
from bot.knowledge.entry import Entry
from bot.knowledge.files import read_folder
from bot.knowledge.impact import impact, what_cites
from tests.knowledge.broken import GOOD

ENTRIES = read_folder(GOOD).entries


def edited(key: str, **fields: object) -> list[Entry]:
    return [Entry(one.kind, one.key, {**one.data, **fields}) if one.key == key else one for one in ENTRIES]


def test_the_same_content_differs_in_nothing() -> None:
    assert difference(ENTRIES, list(reversed(ENTRIES))) == ()


def test_only_the_touched_line_is_shown() -> None:
    text = "到户籍地的乡镇（街道）提出申请。\n写好申请就行。\n不清楚的，打12345问。\n"
    assert difference(ENTRIES, edited("dibao-apply", text=text)) == (
        Change(How.CHANGED, "answer", "dibao-apply", ("- text: 写好申请，交上要的材料。", "+ text: 写好申请就行。")),
    )


def test_a_clause_and_a_day_are_shown_as_they_are_read() -> None:
    after = edited("dibao-apply", basis=[{"document": "救助法", "clause": "第43条"}], scope={"from": "2026-08-01"})
    lines = difference(ENTRIES, after)[0].lines
    assert "+ basis: 救助法 第43条" in lines
    assert any("2026-08-01" in line for line in lines)


def test_added_and_removed_entries_are_named() -> None:
    fewer = [one for one in ENTRIES if one.key != "h-12345"]
    assert [(one.how, one.key) for one in difference(ENTRIES, fewer)] == [(How.REMOVED, "h-12345")]
    assert [(one.how, one.key) for one in difference(fewer, ENTRIES)] == [(How.ADDED, "h-12345")]


def test_everything_that_cites_a_document(small: Edition) -> None:
    cited = what_cites(small.content, "救助法")
    assert [(one.kind, one.key, one.clause) for one in cited] == [
        ("answer", "dibao-apply", "第42条"), ("answer", "dibao-standard", "第19条"), ("hotline", "h-12345", ""),
    ]  # fmt: skip
    assert [one.role for one in what_cites(small.content, "41号文")] == ["history"]
    assert [(one.kind, one.role) for one in what_cites(small.content, "低保办法")] == [("document", "replaced_by")]


def test_what_loses_its_footing_when_a_document_ends(small: Edition) -> None:
    assert {one.kind for one in impact(small.content, "京文", date(2026, 1, 1))} == {"standard", "subsidy"}
    assert {one.kind for one in impact(small.content, "京文", date(2026, 9, 1))} == {"standard"}
    assert impact(small.content, "41号文", date(2026, 1, 1)) == (), "history stays history"


def test_a_document_that_is_not_registered(small: Edition) -> None:
    with pytest.raises(BadInput, match="文件“救助法2”没有登记"):
        what_cites(small.content, "救助法2")
