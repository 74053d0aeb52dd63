"""A few words in a talk: what they point to, what they lack, and when they say nothing yet."""

from __future__ import annotations

import pytest

from bot.desk.following import in_full, of_another, only_names, says_nothing


@pytest.mark.parametrize(
    "text", ["那个怎么办", "我想问个事", "那个", "就是那个事情", "咋整", "我还是不懂", "嗯嗯", "请问一下", "？？？"]
)
def test_words_that_say_nothing_yet(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize("text", ["低保", "多少钱", "武汉", "没钱看病怎么办", "材料呢", "我被拒绝了", "孩子怎么办"])
def test_words_that_say_something(text: str) -> None:
    assert not says_nothing(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("那特困呢", "特困的基本条件是什么"),
        ("临时救助呢？", "临时救助的基本条件是什么"),
        ("五保也是吗", "五保的基本条件是什么"),
        ("那低保呢", ""),
        ("特困怎么申请", ""),
        ("那个呢", ""),
    ],
)
def test_the_same_question_about_another_programme(text: str, meant: str) -> None:
    assert of_another(text, "dibao", "低保的基本条件是什么") == meant


def test_a_title_that_names_no_programme_gets_the_new_name() -> None:
    assert of_another("特困呢", "dibao", "公示几天") == "特困公示几天"
    assert of_another("特困呢", "dibao", "") == ""


@pytest.mark.parametrize(
    ("text", "programme", "meant"),
    [
        ("多少钱", "dibao", "低保多少钱"),
        ("要什么材料", "linshi", "临时救助要什么材料"),
        ("多少钱", "", ""),
        ("特困多少钱", "dibao", ""),
        ("我家里有三口人想问一下能不能办", "dibao", ""),
        ("多少钱", "unknown", ""),
        ("那要几天", "dibao", "低保要几天"),
        ("材料呢", "tekun", "特困要什么材料"),
        ("那条件呢？", "dibao", "低保有什么条件"),
        ("还有，要钱不", "jiage", "价格补贴要钱不"),
    ],
)
def test_a_fragment_gets_what_the_talk_is_about(text: str, programme: str, meant: str) -> None:
    assert in_full(text, programme) == meant


@pytest.mark.parametrize(("text", "code"), [("特困", "tekun"), ("那低保呢", "dibao"), ("低保和特困", ""), ("材料", "")])
def test_a_bare_name(text: str, code: str) -> None:
    assert only_names(text) == code
