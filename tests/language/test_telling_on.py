"""Who wants to report something, and who only asks about it or means another department."""

from __future__ import annotations

import pytest

from bot.language.telling_on import wants_to_report

WANTS = """我要举报
举报
我要举报村干部
举报村支书给亲戚办低保
隔壁有车有房还吃低保，我要举报
有人造假吃低保，我举报
我想匿名举报村干部
我要实名举报
村书记的小舅子开着奔驰吃低保，我要举报
举报有人冒领低保
我来检举我们社区主任"""
ASKS = """举报电话是多少
举报别人吃假低保会保密吗
举报以后会不会有回音
举报了会给我回话吗
干部亲戚全吃低保 举报去哪
举报事项的反馈
我要举报应该打什么电话？
怎么举报
低保怎么申请
我要投诉"""
NOT_OURS = """我要举报隔壁噪音扰民
我要举报有人违建
举报诈骗短信
我要举报网店卖假货，淘宝不管"""


@pytest.mark.parametrize("text", WANTS.splitlines())
def test_it_is_heard(text: str) -> None:
    assert wants_to_report(text)


@pytest.mark.parametrize("text", (ASKS + "\n" + NOT_OURS).splitlines())
def test_a_question_or_another_matter_is_none(text: str) -> None:
    assert not wants_to_report(text)


def test_a_long_text_is_no_trouble() -> None:
    assert not wants_to_report("要举" * 50_000)
