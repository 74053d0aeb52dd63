"""Vectors are made once for an encoder and a text, and kept as the same bytes everywhere."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.knowledge.search.encoders import UseEncoder
from bot.knowledge.search.vectors import Compared, from_bytes, make, matrix, text_hash, to_bytes


def test_bytes_and_back() -> None:
    vector = np.array([0.6, -0.8, 0.0], np.float32)
    assert to_bytes(vector)[:4] == b"\x9a\x99\x19\x3f"
    assert np.array_equal(from_bytes(to_bytes(vector), 3), vector)


def test_a_vector_of_another_length_is_refused_aloud() -> None:
    with pytest.raises(BadInput, match="3 numbers and the encoder makes 512"):
        from_bytes(to_bytes(np.zeros(3, np.float32)), 512)


def test_texts_that_read_alike_share_a_vector() -> None:
    assert text_hash("底保咋申请") == text_hash("低保怎么申请")
    assert text_hash("低保怎么申请") != text_hash("特困怎么申请")


def test_only_what_is_missing_is_made(use: UseEncoder) -> None:
    texts = ["低保怎么申请", "特困怎么申请"]
    first = make(use, texts)
    assert set(first) == {text_hash(text) for text in texts}
    assert make(use, [*texts, "救助站在哪里"], first).keys() == {text_hash("救助站在哪里")}
    assert matrix(use, texts, first).shape == (2, use.dimension)
    assert matrix(use, [], {}).shape == (0, use.dimension)


def test_a_missing_vector_says_what_to_do(use: UseEncoder) -> None:
    with pytest.raises(BadInput, match=r"1 of 1 phrasings have no vector of encoder .* content load"):
        matrix(use, ["低保怎么申请"], {})


@given(st.integers(0, 6), st.integers(0, 1500), st.integers(0, 2**32 - 1))
def test_comparing_in_bytes_is_comparing(asked: int, vectors: int, seed: int) -> None:
    numbers = np.random.default_rng(seed)
    one, other = (numbers.normal(size=(size, 64)).astype(np.float32) for size in (asked, vectors))
    one, other = (each / np.linalg.norm(each, axis=1, keepdims=True) for each in (one, other))
    near = Compared(other).cosines(one)
    assert near.shape == (asked, vectors)
    np.testing.assert_allclose(near, one @ other.T, atol=0.01)
