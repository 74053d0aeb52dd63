"""A private note that reads like words for the resident is asked about; an ordinary note is not."""

from __future__ import annotations

import pytest

from console.talks.noting import reads_like_a_reply

TO_THE_RESIDENT = """
您好，明天上午带上户口本来一趟。
您先别急，我马上帮您问。
请您把身份证拍清楚一点
您家现在几口人住在一起？
你好
麻烦您再发一次照片
好的，您放心。
阿姨您明天来就行
您什么时候方便？
材料齐了，您不用再跑。
"""
FOR_COLLEAGUES = """
居民说您这个称呼太客气
家里还有个上学的孙子，学费没着落
已打电话，没人接，下午再打
本人听力不好，打电话要大声
同事小李上周上门看过
房子是租的，房租每月600
等街道回复，周五前
申请人没有带户口本，让家属送来
"""


@pytest.mark.parametrize("text", TO_THE_RESIDENT.split("\n")[1:-1])
def test_words_for_a_resident_are_noticed(text: str) -> None:
    assert reads_like_a_reply(text)


@pytest.mark.parametrize("text", FOR_COLLEAGUES.split("\n")[1:-1])
def test_an_ordinary_note_is_not_asked_about(text: str) -> None:
    assert not reads_like_a_reply(text)
