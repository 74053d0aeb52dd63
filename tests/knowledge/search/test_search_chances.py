"""What was fitted and committed: chances, and the line between our questions and others'."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.search.calibrate import Calibration, Evidence
from bot.knowledge.search.encoders import E5Encoder, UseEncoder
from bot.knowledge.search.lexical import grams
from bot.knowledge.search.ours import Ours, words
from bot.knowledge.search.reading import readable

numbers = st.floats(-1, 1)


@given(
    numbers,
    st.none() | numbers,
    numbers,
    st.floats(-5, 50),
    st.floats(-20, 20),
    st.integers(0, 600),
    st.floats(0, 1),
    numbers,
)
def test_a_chance_is_a_chance_and_a_longer_lead_never_lowers_it(
    fast: float,
    slow: float | None,
    lexical: float,
    height: float,
    lead: float,
    length: int,
    coverage: float,
    ours: float,
) -> None:
    shipped = Calibration.shipped()
    evidence = Evidence(fast, slow, lexical, height, lead, length, coverage, ours)
    further = Evidence(fast, slow, lexical, height, lead + 1, length, coverage, ours)
    assert 0 < shipped.chance(evidence) < 1
    assert shipped.chance(further) >= shipped.chance(evidence)
    assert Evidence.of(evidence.raw()) == evidence


def test_the_shipped_line_knows_ours_from_others(use: UseEncoder, e5: E5Encoder) -> None:
    line = Ours.shipped(use.name, e5.name)

    def leaning(text: str) -> tuple[float, float]:
        read = readable(text)
        fast, slow = use.encode([read])[0], e5.encode([read])[0]
        return line.leaning(grams(read), fast), line.leaning(grams(read), fast, slow)

    assert all(
        min(leaning(text)) > 0 for text in ("孤儿每月能领多少生活费", "俺家快揭不开锅了政府管不管", "低保几年审一次")
    )
    assert all(max(leaning(text)) < 0 for text in ("这件衣服能退货吗", "推荐一部电影", "手机充不进电怎么修"))


def test_a_line_survives_its_file_and_stays_silent_for_other_encoders(use: UseEncoder) -> None:
    line = Ours.shipped(use.name)
    again = Ours.load(line.dump())
    assert np.array_equal(again.slow, line.slow)
    assert line.encoders[0] == use.name
    assert Ours.shipped("a bureau's own model").leaning("低保", use.encode(["低保"])[0]) == 0.0


def test_words_are_one_vector_of_length_one() -> None:
    assert np.isclose(np.linalg.norm(words(grams("低保怎么申请"))), 1, atol=1e-5)
    assert not words(grams("")).any()
