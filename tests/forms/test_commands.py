"""Words that steer a form: whole messages only."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.forms import commands, moves
from tests.forms import household

TABLE = yaml.safe_load((Path(__file__).parent / "tables" / "commands.yml").read_text(encoding="utf-8"))
ROWS = [(said, name) for name, all_ in TABLE.items() for said in all_]


@pytest.mark.parametrize(("said", "name"), ROWS)
def test_whole_messages_steer(said: str, name: str) -> None:
    heard = commands.hear(said, [household.IDENTITY])
    assert (type(heard).__name__ if heard else "-") == name


@pytest.mark.parametrize(("said", "name"), [row for row in ROWS if row[1] != "-"])
def test_politeness_and_marks_change_nothing(said: str, name: str) -> None:
    for frame in ("{}。", "{}！", "  {} ", "嗯，{}", "{}吧", "那{}"):
        heard = commands.hear(frame.format(said), [household.IDENTITY])
        assert type(heard).__name__ == name, frame


@pytest.mark.parametrize("said", ["没有", "现在没有", "以后带到窗口", "没带", "以后再发"])
def test_without_a_photo_the_question_is_passed_over(said: str) -> None:
    paper = household.Field("paper", "身份证照片", household.Kind.PAPER, "请拍一张身份证。")
    assert commands.hear(said, [paper]) == moves.Skip()


@pytest.mark.parametrize("said", ["对", "没问题", "确认提交", "可以，提交吧", "没有要改的", "好的", "都对", "就这样"])
def test_the_summary_is_agreed_to(said: str) -> None:
    assert commands.confirms(said)


@pytest.mark.parametrize("said", ["不对", "有错", "3", "电话错了", "对不对", "没有", "提交要多久", ""])
def test_other_words_agree_to_nothing(said: str) -> None:
    assert not commands.confirms(said)
