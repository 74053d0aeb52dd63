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
        ("巴东县的低保标准好多", "巴东县的低保标准多少"),
        ("低保一年发好多嘛", "低保一年发多少嘛"),
        ("审批要好久", "审批要多久"),
        ("低保好久能拿到钱", "低保多久能拿到钱"),
        ("住院能报点不", "住院能报销点吗"),
        ("这个能办不", "这个能办吗"),
    ],
)
def test_said_elsewhere(said: str, plain: str) -> None:
    assert plain_words(said) == plain


@pytest.mark.parametrize(
    "text",
    [
        *("配偶的收入", "为什么子女要算", "没得到补助", "花了好多钱", "网点办理", "低边缘", "你在干嘛", "详细路线"),
        *("等了好久才批", "好久没发了", "困难的人好多", "领了好多年", "可以报名", "能报警吗"),
    ],
)
def test_pieces_of_other_words_stay(text: str) -> None:
    assert plain_words(text) == text


@given(st.text(alphabet="咋啥俺娃低保最生活障五户的办怎么样需要呢吗不能", min_size=1, max_size=16))
def test_something_always_remains(text: str) -> None:
    assert plain_words(text)
