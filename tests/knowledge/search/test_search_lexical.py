"""Shared characters find near copies, names and numbers, and hear homophones."""

import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.knowledge.search.lexical import Lexical, grams

TEXTS = ["低保怎么申请", "特困怎么申请", "41号文讲什么", "救助站在哪里", "残疾人两项补贴多少钱"]


@pytest.mark.parametrize(
    ("asked", "found"), [("申请低保", 0), ("41号", 2), ("救助站地址", 3), ("参疾人两项补贴", 4), ("特捆咋申请", 1)]
)
def test_what_shares_most_comes_first(asked: str, found: int) -> None:
    assert Lexical.build(TEXTS).score(grams(asked)).argmax() == found


def test_a_copy_has_cosine_one_and_a_stranger_none() -> None:
    scores = Lexical.build(TEXTS).score(grams("低保怎么申请"))
    assert scores[0] == pytest.approx(1, abs=1e-5)
    assert Lexical.build(TEXTS).score(grams("xyz")).max() == 0


@given(some.text("低保特困申请", min_size=1, max_size=8), some.lists(some.text("低保特困申请", max_size=6), max_size=8))
def test_frequent_and_rare_characters_add_up_to_the_same_cosine(asked: str, others: list[str]) -> None:
    """Grams that many texts have are added by whole rows, the others by their places."""
    texts = [f"{text}{TEXTS[number % 5]}" for number, text in enumerate(others * 5)] + ["救助站"] * 25
    lexical = Lexical.build(texts)
    said = grams(asked)

    def weighed(counted: dict[str, float]) -> dict[str, float]:
        rare = dict.fromkeys(counted, lexical.unknown) | {
            gram: lexical.rarity[row] for gram, row in lexical.rows.items() if gram in counted
        }
        return {gram: weight * rare[gram] for gram, weight in counted.items()}

    def cosine(one: dict[str, float], other: dict[str, float]) -> float:
        lengths = math.prod(math.sqrt(sum(value**2 for value in each.values())) for each in (one, other))
        return sum(value * other.get(gram, 0.0) for gram, value in one.items()) / lengths

    expected = [cosine(weighed(said), weighed(grams(text))) for text in texts]
    assert lexical.score(said).tolist() == pytest.approx(expected, abs=1e-5)
    assert lexical.often


def test_coverage_tells_another_world() -> None:
    lexical = Lexical.build(TEXTS)
    assert lexical.coverage("低保怎么申请") == 1
    assert lexical.coverage("播放一首歌") == 0
    assert lexical.coverage("") == 0


def test_nothing_to_search_is_no_error() -> None:
    assert Lexical.build([]).score(grams("低保")).size == 0


def test_eight_thousand_phrasings_are_ready_in_a_moment() -> None:
    texts = [f"{text}{n}" for n in range(1600) for text in TEXTS]
    started = time.process_time()
    Lexical.build(texts)
    assert time.process_time() - started < 4
