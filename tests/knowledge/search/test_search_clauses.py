"""Which pieces of a long message may be its question."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.search.clauses import LONG, asks, split

STORY = "我家在山里，三口人，去年我爱人出了车祸，干不了重活，家里就靠我种几亩地，孩子还在读初中，这种情况低保要怎么申请，多久能批下来"


def test_a_short_message_is_one_question() -> None:
    assert split("低保怎么申请，要什么材料") == []


def test_what_asks_comes_first_and_the_end_before_the_beginning() -> None:
    found = split(STORY)
    assert len(STORY) >= LONG
    assert "多久能批下来" in found[0]
    assert any("怎么申请" in clause for clause in found[:2])


@pytest.mark.parametrize("text", ["要什么材料", "多久能办完", "几口人算一家", "驾照到期去哪换", "能不能代办"])
def test_a_piece_that_asks(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize("text", ["我家三口人", "去年我爱人出了车祸", "家里靠种地"])
def test_a_piece_of_the_story(text: str) -> None:
    assert not asks(text)


@given(st.text(alphabet="低保怎么申请，。我家三口人 材料吗", max_size=300))
def test_clauses_are_pieces_of_what_was_said(text: str) -> None:
    bare = "".join(char for char in text if char not in "，。 ")
    assert all("".join(char for char in clause if char not in "，。 ") in bare for clause in split(text))
