"""What counts as saying that an answer did not help, and what is about something else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.unhelped import says_unhelped

SAYS_SO = (
    "没用 没解决 没有解决 还是没解决 这个没用 没解决我的问题 不是这个 不是这个意思 不是我问的 不是我想问的 答非所问 没帮上忙 没看懂 "
    "你说的没用 这不是我要问的问题 问题没解决 等于没说。 根本没用！ 解决不了问题 没回答我的问题 我没看懂 不管用"
)


@pytest.mark.parametrize("text", SAYS_SO.split())
def test_these_say_so(text: str) -> None:
    assert says_unhelped(text)


@pytest.mark.parametrize(
    "text",
    [
        "低保卡没用了怎么办",
        "没解决住房问题能申请吗",
        "我没用过手机",
        "没有低保证",
        "不是",
        "用",
        "",
        "这个标准没变吧",
        "没有用工合同能领失业金吗",
        "我是个没用的人",
        "不是本地户口",
        "他不满意我的申请",
    ],
)
def test_these_do_not(text: str) -> None:
    assert not says_unhelped(text)


@given(st.text(max_size=400))
def test_any_text_is_read_at_once(text: str) -> None:
    assert says_unhelped(text) in (True, False)


def test_a_text_made_to_try_everything_ends_at_once() -> None:
    assert not says_unhelped("这个" * 12)
