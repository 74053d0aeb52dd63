"""Rankers are added in one currency, and an entry is worth its best phrasing."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from bot.knowledge.search.fuse import by_entry, hubness, mean_by_entry, standard

OWNERS, STARTS = np.array([0, 0, 0, 1, 2, 2], np.int32), np.array([0, 3, 4])


def test_an_entry_is_its_best_phrasing_and_a_little_of_its_second() -> None:
    scores = np.array([1, 3, 3, 3, 0, 2], np.float32)
    first, alone, third = by_entry(scores, STARTS, OWNERS, 0.5)
    assert alone == 3
    assert first == 3.5
    assert 2 < third < 2.5


def test_many_middling_phrasings_do_not_beat_one_that_fits() -> None:
    scores = np.array([2, 2, 2, 3, 0, 0], np.float32)
    assert by_entry(scores, STARTS, OWNERS, 0.5).argmax() == 1


def test_the_mean_is_over_an_entrys_own_phrasings() -> None:
    assert mean_by_entry(np.array([1, 2, 3, 5, 0, 4], np.float32), STARTS).tolist() == [2, 5, 2]


@given(arrays.arrays(np.float32, st.integers(2, 50), elements=st.floats(-100, 100, width=32)))
def test_standard_scores_have_mean_zero_and_keep_the_order(scores: np.ndarray) -> None:
    made = standard(scores)
    assert abs(float(made.mean())) < 1e-2
    assert made[scores.argmax()] == made.max()


def test_a_phrasing_near_to_everything_is_known_for_it() -> None:
    vectors = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0.577, 0.577, 0.577]], np.float32)
    hubs = hubness(vectors, np.arange(4, dtype=np.int32), 2)
    assert hubs.argmax() == 3
    assert hubness(vectors, np.zeros(4, np.int32), 2).tolist() == [0, 0, 0, 0]
    assert hubness(vectors[:0], np.zeros(0, np.int32), 2).size == 0
