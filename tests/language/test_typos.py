"""Words of ours typed by sound are mended; right words are never touched."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.normalise import normalise
from bot.language.typos import repair

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("底保怎么办", "低保怎么办"),
        ("临事救助", "临时救助"),
        ("社求", "社救"),
        ("申情", "申请"),
        ("特捆户", "特困户"),
        ("抵保多少前", "低保多少钱"),
        ("高零津贴", "高龄津贴"),
        ("参疾人", "残疾人"),
        ("临时旧助", "临时救助"),
        ("底保边源户", "低保边缘户"),
        ("五宝户", "五保户"),
        ("困男补贴", "困难补贴"),
        ("医料救助", "医疗救助"),
    ],
)
def test_typed_by_sound(typed: str, meant: str) -> None:
    assert repair(typed) == meant


@pytest.mark.parametrize(
    "right",
    [
        "兜底保障",
        "到底保不保",
        "重申情况",
        "事业单位",
        "面临事情",
        "扶养费",
        "一个疗程",
        "职工养老",
        "专门开会商量怎么帮",
        "低保今天发吗",
        "低保经办人",
    ],
)
def test_right_words_stay(right: str) -> None:
    assert repair(right) == right


def test_titles_and_answers_are_spelt_right_already() -> None:
    content = ROOT / "content" / "documents.csv"
    for line in content.read_text("utf-8").splitlines():
        assert repair(normalise(line)) == normalise(line)


def test_misspelt_questions_of_our_own_get_nearer_to_their_title() -> None:
    rows = [json.loads(line) for line in (ROOT / "tests/samples/questions/open.jsonl").read_text("utf-8").splitlines()]
    misspelt = [row["question"] for row in rows if row["style"] == "misspelt"]
    assert sum(repair(normalise(text)) != normalise(text) for text in misspelt) > len(misspelt) / 2


@given(st.text(alphabet="低底保障申请情临时事救旧助特捆困户边源缘的我在怎么办", max_size=20))
def test_doing_it_twice_changes_nothing(text: str) -> None:
    assert repair(repair(text)) == repair(text)
