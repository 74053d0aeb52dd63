"""真的不填了吗, 要先填临时救助吗: what counts as yes, as no, and as neither."""

from __future__ import annotations

import pytest

from bot.desk.filling.agreeing import goes_over, withdraws, yes_or_no


@pytest.mark.parametrize(
    "text", ["是", "对", "嗯", "嗯，不办了", "不填了", "确定", "好的，不办了", "真的不填了", "收回", "算了吧"]
)
def test_yes(text: str) -> None:
    assert yes_or_no(text) is True


@pytest.mark.parametrize(
    "text", ["不是", "没有", "等等", "等一下", "接着填", "我还要办", "点错了", "继续吧", "别", "先不"]
)
def test_no(text: str) -> None:
    assert yes_or_no(text) is False


@pytest.mark.parametrize(
    "text", ["三口人", "低保多少钱", "好的，三口人", "老伴 李建国", "", "王桂英", "不办了行不行啊师傅"]
)
def test_something_else(text: str) -> None:
    assert yes_or_no(text) is None


@pytest.mark.parametrize("text", ["要", "好的", "是的，确认", "嗯嗯", "我要", "先填那个吧", "同意", "可以可以"])
def test_over_to_the_other_form(text: str) -> None:
    assert goes_over(text) is True


@pytest.mark.parametrize(
    "text",
    ["不", "不用了", "不要", "不填了", "算了", "不了，接着填", "先填完这个再说", "还是继续填吧", "等等", "先填这个"],
)
def test_on_with_this_form(text: str) -> None:
    assert goes_over(text) is False


@pytest.mark.parametrize("text", ["三口人", "王桂英", "临时救助要什么材料", "好的，三口人", ""])
def test_neither(text: str) -> None:
    assert goes_over(text) is None


@pytest.mark.parametrize("text", ["撤回同意", "我要收回同意", "我想撤回我的授权", "取消授权。", "不同意你们用我的信息"])
def test_consent_is_taken_back_in_words(text: str) -> None:
    assert withdraws(text)


@pytest.mark.parametrize("text", ["同意", "不同意", "怎么撤回同意", "三口人", "我儿子不同意离婚"])
def test_and_not_by_other_words(text: str) -> None:
    assert not withdraws(text)
