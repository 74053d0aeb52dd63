"""Dialect and office words meet in the words most people use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.plain import plain_words


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("低保咋办", "低保怎么办"),
        ("俺娃啥时候能领", "我孩子什么时候能领"),
        ("申请最低生活保障", "申请低保"),
        ("五保户多少钱", "特困人员多少钱"),
        ("去哪儿办", "去哪里办"),
        ("冇钱咋整", "没有钱怎么办"),
        ("低保好多钱", "低保多少钱"),
        ("这个能办不", "这个能办吗"),
    ],
)
def test_said_elsewhere(said: str, plain: str) -> None:
    assert plain_words(said) == plain


@pytest.mark.parametrize(
    "text", ["配偶的收入", "为什么子女要算", "没得到补助", "花了好多钱", "网点办理", "低边缘", "你在干嘛", "详细路线"]
)
def test_pieces_of_other_words_stay(text: str) -> None:
    assert plain_words(text) == text


@given(st.text(alphabet="咋啥俺娃低保最生活障五户的办怎么样需要呢吗不能", min_size=1, max_size=16))
def test_something_always_remains(text: str) -> None:
    assert plain_words(text)
