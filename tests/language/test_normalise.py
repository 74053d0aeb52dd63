"""Texts that differ only in decoration become one; nothing that says something is lost."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.normalise import match_key, normalise

# What people really type: Chinese, numerals, fillers, faces, emoji, punctuation, Latin.
PIECES = st.sampled_from(
    [
        "低保",
        "怎么办",
        "请问一下",
        "你好",
        "谢谢",
        "那个",
        "呃",
        "[微笑]",
        "😀",
        "？？",
        "。",
        "，",
        "三个月",
        "一千二",
        "两千三",
        "百分之三十",
        "申請",
        "ＡＢ",
        "12",
        "吗",
        "啊",
        "我想问问哈",
        "就是",
        "的",
        "一点",
        "廿五",
        "天",
        "年",
        "#",
        "…",
    ]
)


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("請問低保怎麼申請？", "低保怎么申请"),
        ("ＡＢＣ１２３", "abc123"),
        ("请问一下，低保怎么申请啊？？谢谢了！", "低保怎么申请"),
        ("呃，那个，我想咨询一下低保", "低保"),
        ("低 保 多 少 钱", "低保多少钱"),
        ("[微笑]低保😀怎么办？？？！！", "低保怎么办"),
        ("三个月没收入", "3个月没收入"),
        ("第十八条", "第18条"),
        ("二〇二〇年三月", "2020年3月"),
        ("百分之三十", "30%"),
        ("我家三口人一个月五百块", "我家3口人1个月500块"),
    ],
)
def test_decoration_goes(said: str, plain: str) -> None:
    assert normalise(said) == plain


@pytest.mark.parametrize(
    "text",
    [
        "五保",
        "三无人员",
        "三轮车算不算财产",
        "万一我死了",
        "一点一样的",
        "七八十岁的老人",
        "四川",
        "一个人带孩子",
        "[低保]",
        "十分困难",
    ],
)
def test_what_only_looks_like_a_numeral_or_a_face_stays(text: str) -> None:
    assert normalise(text) == text


@pytest.mark.parametrize("text", ["你好", "谢谢", "请问", "那个", "在吗"])
def test_a_greeting_alone_is_the_message(text: str) -> None:
    assert normalise(text) == text


def test_an_exact_match_ignores_politeness_and_punctuation() -> None:
    assert match_key("您好，请问低保，怎么申请？谢谢！") == match_key("低保怎么申请")
    assert match_key("低保怎么申请") != match_key("低保怎么取消")


@given(st.lists(PIECES | st.text(max_size=4), max_size=12).map("".join))
def test_doing_it_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.lists(PIECES | st.text(max_size=4), max_size=12).map("".join), st.sampled_from("低保钱a7"))
def test_letters_never_vanish_altogether(text: str, letter: str) -> None:
    assert normalise(text + letter)
    assert match_key(letter + text)


def test_it_is_quick_enough_for_every_message() -> None:
    texts = [f"我家里三口人都没有收入请问一下低保怎么申请需要什么材料{n}" for n in range(300)]
    started = time.process_time()
    for text in texts:
        normalise(text)
    assert (time.process_time() - started) / len(texts) < 0.001
