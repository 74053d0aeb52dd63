"""Entries, refusals and protected questions as people read them: names and titles, no code and no name of a file."""

from __future__ import annotations

import re

import pytest
import yaml

from bot.desk.publicity import expecting, in_words
from bot.desk.publicity.sheets import EDITABLE
from bot.knowledge.fields import Fields
from bot.knowledge.files import COLUMNS
from bot.knowledge.problems import Place, Problems
from bot.knowledge.protected import Protected
from bot.knowledge.workbook.plainly import plainly
from bot.knowledge.workbook.sheets import ANSWERS, SHEETS, STANDARDS
from tests.desk.publicity.conftest import KEY, Team
from tests.desk.publicity.test_boxes import DESK, ENTRIES, KINDS, REGIONS
from tests.knowledge.broken import BROKEN, check_changed

_OWN = ("编号", "方面", "备注", "标题", "问法", "答案", "短答案", "说的话", "短的说法")
"""Named by the program, or somebody's own words."""
_FILES = {name: kind for name, (kind, _) in COLUMNS.items()}
_OF_FILES = re.compile(r"YAML|\.ya?ml|answers:")
"""How a file is built: nobody meets that on a page."""


@pytest.mark.parametrize("kind", KINDS)
def test_each_field_is_read_by_the_name_of_its_box(kind: str) -> None:
    titles = {column.title.removesuffix("代码") for column in EDITABLE[kind].columns}
    for entry in (one for one in ENTRIES if one.kind == kind):
        assert {line.partition("：")[0] for line in in_words.lines(DESK, kind, entry.data)} <= titles, entry.key
    assert in_words.lines(DESK, kind, None) == []


@pytest.mark.parametrize("kind", KINDS)
def test_codes_are_read_by_their_names(kind: str) -> None:
    for entry in (one for one in ENTRIES if one.kind == kind):
        for line in in_words.lines(DESK, kind, entry.data):
            name, _, said = line.partition("：")
            if name not in _OWN:
                assert not re.search(r"\b[0-9]{6}\b", said) or kind == "standard", line
                assert not re.search("[a-z]{3,}", said), line


def test_each_protected_question_is_chosen_by_title_and_comes_back_as_it_was() -> None:
    for entry in (one for one in ENTRIES if one.kind == "protected"):
        code = str(entry.data["expect"])
        assert expecting.typed(DESK.edition, expecting.shown(DESK.edition, code)) == code
        assert expecting.shown(DESK.edition, code) in expecting.offered(DESK.edition)
        assert "answer:" not in expecting.said(DESK.edition, code)


def test_everything_offered_is_something_a_question_can_be_protected_with() -> None:
    for text in expecting.offered(DESK.edition):
        wrong = Problems()
        data = {
            "id": "q",
            "question": "问",
            "region": "000000",
            "expect": expecting.typed(DESK.edition, text),
            "why": "x",
        }
        Protected.read(Fields(data, wrong.at(Place("", 0, "q"))), REGIONS)
        assert not wrong.found, text
    assert expecting.typed(DESK.edition, "没有这样的答案") == "没有这样的答案"


def test_a_title_two_answers_share_is_not_guessed() -> None:
    titles = [one.title for one in DESK.edition.answers.values()]
    twice = next((title for title in titles if titles.count(title) > 1), "")
    if twice:
        assert expecting.typed(DESK.edition, twice) == twice
    once = next(one for one in DESK.edition.answers.values() if titles.count(one.title) == 1)
    assert expecting.typed(DESK.edition, once.title) == f"answer:{once.id}"


async def test_a_difference_names_places_weeks_and_answers(team: Team) -> None:
    stop = {"id": "s", "of": "answer", "target": KEY, "region": "420100", "from": "2026-11-25", "reason": "核对"}
    said = in_words.lines(team.desk, "stop", stop)
    title = team.desk.edition.answers[KEY].title
    assert f"停哪一条：{title}" in said
    assert "地区：湖北省武汉市" in said
    week = {"region": "420111", "spans": "mon-fri 08:30-12:00"}
    assert "什么时候有人：周一到周五 08:30-12:00" in in_words.lines(team.desk, "hours", week)
    assert in_words.title(team.desk, "hours", "420111", week) == "周一到周五 08:30-12:00"
    assert in_words.title(team.desk, "stop", "s", stop) == f"停用{title}"


def test_refusals_are_said_of_boxes_and_not_of_files() -> None:
    said = plainly("核对 scope 的 from 和 to", ANSWERS)
    assert said == "核对“在哪里、哪些天用”的“第一天”和“最后一天”"
    assert plainly("先在 documents.csv 登记，或改用登记过的名称") == "先在“文件”登记，或改用登记过的名称"
    assert plainly("核对 from 和 to，让前一个在后一个开始前结束", STANDARDS).startswith("核对“从哪天起”和“到哪天止”")
    own = "这句有9个字：“text and title”"
    assert plainly(own) == own


def test_no_refusal_an_editor_of_a_page_can_meet_names_a_file_or_a_column() -> None:
    """All that `content check` says of the broken folders, but of how a file is built."""
    columns = {column.name.rpartition(".")[2] for sheet in EDITABLE.values() for column in sheet.columns}
    seen = 0
    for path in sorted((BROKEN / "cases").glob("*.yml")):
        for one in check_changed(yaml.safe_load(path.read_text(encoding="utf-8"))["change"]).refusals:
            text = plainly(f"{one.what}；{one.todo}", SHEETS.get(_FILES.get(one.file, ""), ANSWERS))
            bare = re.sub("“[^”]*”", "", text)
            if _OF_FILES.search(bare):
                continue
            seen += 1
            assert ".csv" not in bare, text
            assert not set(re.findall(r"(?<!{)\b[a-z_]+", bare)) & columns, text
    assert seen > 25
