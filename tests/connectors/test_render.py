"""Replies as texts: nothing too long, nothing lost, nothing cut where it hurts."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.channels import CAPABILITIES as CHANNELS
from bot.channels import MINI
from bot.messages import Capabilities, Choice, Reply, Source
from connectors.render import cut, merged, option_lines, pages, source_line, texts
from connectors.wechat.reply import CAPABILITIES, safe, tap_of

SMALL = Capabilities(text_bytes=60, options=10, passive_seconds=0, personal=True)
LAW = Source("主席令第X号", "社会救助法", "第十条", "2026-07-01")


def size(text: str) -> int:
    return len(text.encode())


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_a_reply_has_its_words_then_its_source_then_its_options() -> None:
    reply = Reply("可以申请。", (Choice("要什么材料"), Choice("找人工")), sources=(LAW,))
    assert texts(reply, CAPABILITIES) == [
        "可以申请。\n\n依据：《社会救助法》（主席令第X号，2026-07-01）第十条\n\n1. 要什么材料\n2. 找人工"
    ]


@pytest.mark.parametrize(
    ("sources", "line"),
    [
        ((), ""),
        ((LAW, replace(LAW, clause="第十二条")), "依据：《社会救助法》（主席令第X号，2026-07-01）第十条、第十二条"),
        ((LAW, LAW), "依据：《社会救助法》（主席令第X号，2026-07-01）第十条"),
        ((Source("", "《办法》", "", ""),), "依据：《办法》"),
        ((Source("民发〔2021〕57号", "", "第八条", ""),), "依据：（民发〔2021〕57号）第八条"),
        (
            (LAW, Source("", "办法", "三", "2021")),
            "依据：《社会救助法》（主席令第X号，2026-07-01）第十条；《办法》（2021）三",
        ),
        ((Source("", "", "", ""),), ""),
    ],
)
def test_the_source_line(sources: tuple[Source, ...], line: str) -> None:
    assert source_line(sources) == line


def test_a_cut_falls_between_sentences() -> None:
    text = "先到街道申请。带上身份证！街道会上门看看？之后会公示；最后批准。"
    assert cut(text, 42) == ["先到街道申请。带上身份证！", "街道会上门看看？之后会公示；", "最后批准。"]


def test_closing_quotes_stay_with_their_sentence() -> None:
    assert cut("他说：“我没有钱了。”工作人员说：“可以申请。”", 40) == [
        "他说：“我没有钱了。”",
        "工作人员说：“可以申请。”",
    ]


def test_a_figure_is_not_the_end_of_a_sentence() -> None:
    assert cut("标准是1.5倍。金额是1,087.50元。", 24) == ["标准是1.5倍。", "金额是1,087.50元。"]


def test_a_sentence_too_long_is_cut_at_a_comma() -> None:
    assert cut("一二三四五，六七八九十，甲乙丙丁戊。", 36) == ["一二三四五，六七八九十，", "甲乙丙丁戊。"]


def test_an_address_is_cut_nowhere_inside() -> None:
    assert cut("网址是https://a.gov.cn/q?id=1;b=2#c 可以看!真的?是", 48) == [
        "网址是https://a.gov.cn/q?id=1;b=2#c",
        "可以看!真的?是",
    ]


@pytest.mark.parametrize("whole", ["👨‍👩‍👧‍👦", "👍🏽", "🇨🇳", "é", "☎️", "1️⃣"])
def test_what_looks_like_one_character_is_never_cut(whole: str) -> None:
    for part in cut(whole * 30, 40):
        assert part.replace(whole, "") == ""


def test_pages_keep_sources_and_options_on_the_last_one() -> None:
    reply = Reply("第一句话在这里。" * 6, (Choice("好"),), sources=(Source("", "办法", "", ""),))
    made = pages(reply, SMALL)
    assert len(made) > 1
    assert [(page.choices, page.sources) for page in made[:-1]] == [((), ())] * (len(made) - 1)
    assert (made[-1].choices, made[-1].sources) == (reply.choices, reply.sources)
    assert [text for page in made for text in texts(page, SMALL)] == texts(reply, SMALL)
    assert all(len(texts(page, SMALL)) == 1 for page in made)


def test_options_lose_their_links_before_they_cost_a_second_message() -> None:
    reply = Reply("话。", tuple(Choice("选择" * 20) for _ in range(10)))
    assert size("\n".join(option_lines(reply.choices, tap_of(1), 10))) > CAPABILITIES.text_bytes
    (text,) = texts(reply, CAPABILITIES, tap_of(1))
    assert "weixin://" not in text
    assert "10. 选择" in text


# ---- several replies of one turn


def test_replies_of_a_turn_go_out_as_one_text_while_they_fit() -> None:
    text, carried = merged([Reply("一。"), Reply("二。"), Reply("三。")], CAPABILITIES, lambda i: None)
    assert (text, carried) == ("一。\n\n二。\n\n三。", 3)


def test_options_end_the_text_because_their_numbers_must_be_the_only_ones() -> None:
    asked = Reply("哪个？", (Choice("甲"), Choice("乙")))
    text, carried = merged([Reply("一。"), asked, asked], CAPABILITIES, tap_of)
    assert carried == 2
    assert text.count("1. ") == 1
    assert "msgmenuid=1-2" in text


def test_what_does_not_fit_waits() -> None:
    full = Reply("字" * 680)
    assert merged([Reply("一。"), full], CAPABILITIES, lambda i: None) == ("一。", 1)
    assert merged([Reply("字" * 700)], CAPABILITIES, lambda i: None) == ("", 0)
    assert merged([], CAPABILITIES, lambda i: None) == ("", 0)


# ---- laws

words = st.text(alphabet="救助低保申请材料，、。！？；“”（）\n abc<>&\"'%1.👍🏽é", max_size=300)
labels = st.text(alphabet="低保临时救助<>&\"'% a", min_size=1, max_size=12).filter(lambda label: label.strip() != "")
choices = st.lists(labels.map(Choice), max_size=12).map(tuple)
sources = st.lists(
    st.builds(Source, *(st.text(alphabet="民发号第条《》2026", max_size=10) for _ in range(4))), max_size=3
).map(tuple)
replies = st.builds(lambda t, c, s: Reply(t, c, sources=s), words, choices, sources)
limits = st.integers(min_value=60, max_value=2047)
channels = pytest.mark.parametrize("channel", ["wechat", "mini", "weibo", "app"])
CARRIES = {**CHANNELS, "mini": MINI}


@channels
@settings(deadline=None, max_examples=60)
@given(made=st.lists(replies, max_size=3))
def test_on_every_channel_nothing_is_lost_cut_or_too_long_and_order_stays(channel: str, made: list[Reply]) -> None:
    carries = CARRIES[channel]
    tap = tap_of(7) if carries.options else None
    said = [text for reply in made for page in pages(reply, carries) for text in texts(page, carries, tap)]
    for text in said:
        assert 0 < len(text.encode()) <= carries.text_bytes
        if carries.characters:
            assert len(text.encode("utf-16-le")) // 2 <= carries.characters < 300
        assert carries.options or "weixin://" not in text
    shown = bare(unlinked("".join(said)))
    whole = [bare(one.text) + bare(source_line(one.sources)) + bare("".join(option_lines(one.choices))) for one in made]
    assert shown == unlinked("".join(whole))


@channels
@settings(deadline=None, max_examples=60)
@given(made=replies, many=st.integers(min_value=11, max_value=40))
def test_options_beyond_what_can_be_tapped_keep_their_numbers_in_order(channel: str, made: Reply, many: int) -> None:
    carries = CARRIES[channel]
    made = replace(made, choices=tuple(Choice(f"选项{n}") for n in range(1, many + 1)))
    said = "\n".join(texts(made, carries, tap_of(3) if carries.options else None))
    told = [int(n) for n in re.findall(r"(?m)^(\d+)\. (?:<a [^>]*>)?选项", said)]
    assert told == list(range(1, many + 1))
    assert said.count("msgmenuid=") in (0, carries.options)


@channels
@pytest.mark.parametrize("whole", ["👨‍👩‍👧‍👦", "👍🏽", "🇨🇳", "é", "☎️", "1️⃣"])
def test_no_channel_cuts_what_looks_like_one_character(channel: str, whole: str) -> None:
    for text in texts(Reply(whole * 400), CARRIES[channel]):
        assert text.replace(whole, "") == ""


def unlinked(text: str) -> str:
    return re.sub(r'<a href="weixin://[^"]*">|</a>', "", text)


@settings(deadline=None)
@given(replies, limits, st.booleans())
def test_no_text_is_too_long_no_sentence_is_lost_and_every_option_survives(
    reply: Reply, limit: int, tappable: bool
) -> None:
    capabilities = Capabilities(limit, 10, 0, True)
    said = texts(reply, capabilities, tap_of(7) if tappable else None)
    assert all(0 < size(text) <= limit for text in said)
    shown = bare(re.sub(r'<a href="weixin://[^"]*">|</a>', "", "".join(said)))
    expected = bare(reply.text) + bare(source_line(reply.sources)) + bare("".join(option_lines(reply.choices)))
    assert shown == re.sub(r'<a href="weixin://[^"]*">|</a>', "", expected)


@settings(deadline=None)
@given(words, limits)
def test_a_sentence_that_fits_is_never_cut(text: str, limit: int) -> None:
    assume(text.strip())
    parts = cut(text, limit)
    for sentence in re.findall(r"[^。！？；!?\n]+[。！？；!?\n]", text):
        if size(sentence.strip()) <= limit and sentence.strip() and not re.match(r"[”’」』）)\"'】》]", sentence):
            assert any(sentence.strip() in part for part in parts)


@settings(deadline=None)
@given(st.lists(replies, max_size=4))
def test_a_merged_text_carries_whole_replies_in_order(made: list[Reply]) -> None:
    text, carried = merged(made, CAPABILITIES, lambda i: None)
    assert size(text) <= CAPABILITIES.text_bytes
    whole = [one for reply in made[:carried] for one in texts(reply, CAPABILITIES)]
    assert bare(text) == bare("".join(whole))


@settings(deadline=None)
@given(replies)
def test_only_our_links_are_links(reply: Reply) -> None:
    for text in texts(safe(reply), CAPABILITIES, tap_of(3)):
        ours = re.findall(r'<a href="weixin://bizmsgmenu\?msgmenucontent=[^<>&"\' ]*&msgmenuid=3-\d+">[^<>]*</a>', text)
        assert len(re.findall(r"<(?=[A-Za-z/!?])", text)) == 2 * len(ours)
