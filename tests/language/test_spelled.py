"""Who typed by sound and never chose the characters is understood; another language is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language import distress
from bot.language.spelled import in_characters


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("dibao zenme shenqing", "低保怎么申请"),
        ("DIBAO TIAOJIAN", "低保条件"),
        ("dibao", "低保"),
        ("nihao", "你好"),
        ("wo yao zhao ren gong", "我要找人工"),
        ("shangban le dibao hui bu hui quxiao?", "上班了低保会不会取消"),
        ("lin shi jiu zhu xuyao shenme cailiao", "临时救助需要什么材料"),
        ("cun li bu gei bao, zen me ban", "村里不给报怎么办"),
        ("tekun shi shenme yisi", "特困是什么意思"),
    ],
)
def test_read_as_it_sounds(typed: str, meant: str) -> None:
    assert in_characters(typed) == meant
    assert in_characters(meant) == meant


def test_a_name_between_known_words_hides_none_of_them() -> None:
    read = in_characters("dibao yi ge yue duoshao qian a zhumadian de")
    assert read.startswith("低保一个月多少钱")


@pytest.mark.parametrize(
    "text",
    [
        *("hello", "good morning everyone", "i want to apply for help", "can you tell me a joke", "what is the weather"),
        *("password123", "https://example.com/shenqing", "/shenqing", "/ask_policy", "wx_dibao", "zhang san feng", "a" * 500, ""),
        *("低保 zenme shenqing", "ok", "WIFI", "help", "money"),
    ],
)  # fmt: skip
def test_what_is_no_chinese_stays(text: str) -> None:
    assert in_characters(text) == text


def test_danger_is_heard_as_it_sounds() -> None:
    heard = distress.listen("wo bu xiang huo le")
    assert heard is not None
    assert heard.danger is distress.Danger.LIFE


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz ", min_size=1, max_size=300))
def test_nothing_is_lost_or_raised(text: str) -> None:
    read = in_characters(text)
    assert read
    assert read == text or not read.isascii()
