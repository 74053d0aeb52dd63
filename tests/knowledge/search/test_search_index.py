"""A question finds the answer that is meant: misspelt, in dialect, in a long story, as a follow-up."""

import numpy as np
import pytest

from bot.errors import BadInput
from bot.knowledge.search.encoders import E5Encoder, UseEncoder
from bot.knowledge.search.index import Phrasing, SearchIndex
from bot.knowledge.search.live import LiveFinder
from tests.knowledge.search.conftest import ROWS, build

STORY = (
    "我今年六十八了，一辈子种地，前些年老伴走了，儿子在外头打工一年也回不来一次，孙子跟着我，学校离家远每天要接送，"
    "村里人都说可以问问政府，我也不懂，申请低保到底要准备哪些东西，我好一次带齐，谢谢你们了"
)


def best(index: SearchIndex, text: str, programme: str = "") -> str:
    return index.search(text, programme)[0].entry


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("怎么样才能申请低保", "dibao-apply"),
        ("底保要神么材料", "dibao-materials"),
        ("俺们办低保得等几天嘞", "dibao-days"),
        ("临事救助是个啥", "linshi-what"),
        ("五保咋申请", "tekun-apply"),
        ("請問特困要帶什麼材料", "tekun-materials"),
        ("没钱回家睡大街了能去救助站不", "liulang-station"),
        (STORY, "dibao-materials"),
    ],
)
def test_other_words_same_question(index: SearchIndex, asked: str, meant: str) -> None:
    assert best(index, asked) == meant


def test_an_exact_wording_is_certain_whatever_its_decoration(index: SearchIndex) -> None:
    found = index.search("您好，请问低保怎么申请？？谢谢！")
    assert (found[0].entry, found[0].score) == ("dibao-apply", 1.0)
    assert len({one.entry for one in found}) == len(found)


@pytest.mark.parametrize(
    ("asked", "programme", "meant"),
    [
        ("那要带什么材料", "dibao", "dibao-materials"),
        ("那要带什么材料", "tekun", "tekun-materials"),
        ("怎么申请", "tekun", "tekun-apply"),
        ("低保要多久", "tekun", "dibao-days"),
    ],
)
def test_a_follow_up_keeps_its_programme_unless_another_is_named(
    index: SearchIndex, asked: str, programme: str, meant: str
) -> None:
    assert best(index, asked, programme) == meant


def test_chances_fall_down_the_list_and_say_what_spoke_for_them(index: SearchIndex) -> None:
    found = index.search("低保材料要哪些", top=5)
    assert len(found) == 5
    scores = [one.score for one in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert {"fast", "lexical", "height", "lead", "ours"} <= set(found[0].raw)


def test_questions_for_others_get_no_chance(index: SearchIndex) -> None:
    for text in ("帮我放一首歌", "明天去上海的高铁几点", "花呗怎么还款", "手机没有信号怎么办"):
        assert index.search(text)[0].score < 0.3, text
    assert index.search("办理低保要哪些材料呢")[0].score > 0.3


def test_the_slow_encoder_is_asked_only_where_it_may_matter(index: SearchIndex) -> None:
    asked = [any("slow" in one.raw for one in index.search(text)) for text in ("低保怎么申请", "政府管不管")]
    assert asked == [False, True]


def test_nothing_to_search_with_or_in(use: UseEncoder, index: SearchIndex) -> None:
    assert index.search("") == []
    assert index.search("😀") == []
    assert build([], use).search("低保怎么申请") == []


def test_one_entry_alone_and_one_encoder_alone(use: UseEncoder) -> None:
    alone = build([row for row in ROWS if row.entry == "dibao-apply"], use)
    assert alone.search("申请低保去哪儿呢")[0].entry == "dibao-apply"
    assert len(alone.search("播放音乐")) == 1


def test_ten_thousand_characters_cost_no_more_than_six_hundred(index: SearchIndex) -> None:
    assert best(index, "低保怎么申请" + "啊" * 10_000) == "dibao-apply"


def test_an_answer_published_a_second_ago_is_found_without_training(
    use: UseEncoder, e5: E5Encoder, index: SearchIndex
) -> None:
    finder = LiveFinder(index)
    asked = "爷爷走了火化费能不能减免"
    assert finder.find(asked)[0].score < 0.2
    new = [
        Phrasing("binzang", "general", text)
        for text in (
            "火化能补多少钱",
            "殡葬费用减免",
            "人走了火化费能免吗",
            "办丧事政府给补助吗",
            "惠民殡葬是什么",
            "办后事有没有补贴",
        )
    ]
    finder.replace(build([*ROWS, *new], use, e5))
    assert finder.find(asked)[0].entry == "binzang"
    assert finder.find(asked)[0].score > 0.3
    assert index.search(asked)[0].entry != "binzang"


def test_vectors_that_do_not_fit_the_phrasings_are_refused(use: UseEncoder) -> None:
    with pytest.raises(BadInput, match="one row per phrasing"):
        SearchIndex.build(ROWS, {use.name: np.zeros((1, use.dimension), np.float32)}, use)


def test_nearness_is_comparable_between_texts(index: SearchIndex) -> None:
    near = [
        index.nearness(text, "dibao-apply") for text in ("低保怎么申请", "怎么申请低保啊", "低保几天能批", "放一首歌")
    ]
    assert near == sorted(near, reverse=True)
    assert index.nearness("低保怎么申请", "no-such-entry") == 0.0
