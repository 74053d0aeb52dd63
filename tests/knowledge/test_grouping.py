"""Groups by meaning: the same whatever the order, near wordings together, different programmes apart, names that stay."""

from __future__ import annotations

import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.knowledge import grouping
from bot.knowledge.grouping import PLACES, group, names

FUNERAL = ["殡葬补助怎么领", "殡葬补助怎么领取", "怎么领殡葬补助", "殡葬补助在哪领", "殡葬补助怎么领？"]
HEATING = ["冬天取暖补贴有吗", "有没有冬天取暖补贴", "冬天有取暖补贴吗"]
WORDS = st.lists(
    st.text(alphabet="低保特困怎么申请补助领取暖殡葬在哪", min_size=1, max_size=12), min_size=1, max_size=40
)


def together(texts: list[str], vectors: object = None) -> set[frozenset[str]]:
    placed = group(texts, vectors)  # type: ignore[arg-type]
    found: dict[int, set[str]] = {}
    for text, one in zip(texts, placed, strict=True):
        found.setdefault(one.team, set()).add(text)
    return {frozenset(one) for one in found.values()}


def test_like_wordings_are_one_group_and_others_another() -> None:
    assert together(FUNERAL + HEATING) == {frozenset(FUNERAL), frozenset(HEATING)}


def test_two_programmes_are_two_groups_however_alike_they_sound() -> None:
    assert together(["低保怎么申请", "特困怎么申请"]) == {frozenset(["低保怎么申请"]), frozenset(["特困怎么申请"])}


def test_the_encoder_brings_together_what_shares_no_characters() -> None:
    texts = ["人走了能报销啥", "殡葬补助怎么领", "冬天取暖补贴有吗"]
    near = np.array([[1, 0], [1, 0], [0, 1]], np.float32)
    assert together(texts, near) == {frozenset(texts[:2]), frozenset(texts[2:])}
    assert len(together(texts)) == 3


@settings(max_examples=60, deadline=None)
@given(WORDS, st.randoms(use_true_random=False))
def test_the_order_of_the_questions_changes_nothing(texts: list[str], chance: random.Random) -> None:
    mixed = list(texts)
    chance.shuffle(mixed)
    assert together(texts) == together(mixed)


@settings(max_examples=60, deadline=None)
@given(WORDS)
def test_every_question_has_a_group_and_the_same_words_the_same(texts: list[str]) -> None:
    placed = group(texts)
    assert len(placed) == len(texts)
    assert sorted({one.team for one in placed}) == list(range(len({one.team for one in placed})))
    by_text: dict[str, set[tuple[int, int]]] = {}
    for text, one in zip(texts, placed, strict=True):
        by_text.setdefault(text, set()).add((one.team, one.place))
        assert 0 <= one.place <= PLACES
    assert all(len(one) == 1 for one in by_text.values())
    for team in {one.team for one in placed}:
        assert min(one.place for one in placed if one.team == team) == 0


def test_the_most_typical_wording_stands_first() -> None:
    texts = [*FUNERAL, "殡葬补助领"]
    placed = group(texts)
    first = {text for text, one in zip(texts, placed, strict=True) if one.place == 0}
    assert first <= set(FUNERAL)


def test_many_wordings_are_compared_in_fewer_directions(monkeypatch: object) -> None:
    rows = np.random.default_rng(1).normal(size=(300, 50)).astype(np.float32)
    rows = grouping._unit(np.repeat(rows[:60], 5, axis=0) + 0.01 * rows)
    monkeypatch.setattr(grouping, "_FULL", 100)  # type: ignore[attr-defined]
    monkeypatch.setattr(grouping, "_FEWER", 40)  # type: ignore[attr-defined]
    assert grouping._narrowed(rows).shape == (300, 40)
    placed = grouping._grouped(rows, np.ones(300, np.float32), 0.8, 0.9)
    teams = [one.team for one in placed]
    assert len(set(teams)) == 60
    assert all(len(set(teams[at : at + 5])) == 1 for at in range(0, 300, 5))


def test_a_group_keeps_its_name_while_most_of_it_stays_together() -> None:
    assert names([0, 0, 0, 1], ["a", "b", "c", "d"], ["x", "x", "y", ""]) == ["x", "x", "x", "d"]
    assert names([0, 0, 1], ["a", "b", "c"], ["x", "x", "x"]) == ["x", "x", "c"]
    assert names([0, 1], ["b", "a"], ["a", "a"]) == ["b", "a"]


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["", "x", "y", "q3", "q7"])), min_size=1, max_size=30))
def test_no_two_groups_share_a_name(rows: list[tuple[int, str]]) -> None:
    teams, ids = [team for team, _ in rows], [f"q{at}" for at in range(len(rows))]
    given_names = names(teams, ids, [before for _, before in rows])
    assert len({*zip(teams, given_names, strict=True)}) == len(set(teams)) == len(set(given_names))


def test_nothing_gives_nothing() -> None:
    assert group([]) == []
    assert names([], [], []) == []
