"""The second ear as it is shipped: taught from what lies in data/danger, deaf where its chances would be noise."""

from __future__ import annotations

import numpy as np
import pytest

from bot.engine.nlu import ear, teach
from bot.engine.nlu.ear import Ear
from bot.engine.nlu.letters import Floats, letters
from bot.knowledge.search.encoders import E5Encoder, UseEncoder

FAST, SLOW = UseEncoder.name, E5Encoder.name


@pytest.fixture(scope="module")
def shipped() -> Ear:
    found = Ear.shipped(FAST, SLOW)
    assert found
    return found


def test_it_learned_from_the_sentences_that_are_there(shipped: Ear) -> None:
    assert shipped.taught == teach.digest(), "data/danger changed; run: python -m bot.engine.nlu.teach"


@pytest.mark.parametrize("encoders", [("another", SLOW), (FAST, "another")])
def test_with_other_encoders_it_hears_nothing_rather_than_noise(encoders: tuple[str, str]) -> None:
    assert Ear.shipped(*encoders) is None


def test_it_is_kept_as_arrays_and_says_the_same_again(shipped: Ear) -> None:
    again = Ear.from_bytes(shipped.to_bytes())
    vector, closer = np.ones(512, np.float32) / 23, np.ones((2, 384), np.float32) / 20
    for text in ("牛卖了", "低保要什么材料", "家里没人了"):
        first, second = (one.chance(letters(text), vector, lambda: closer) for one in (shipped, again))
        assert first == pytest.approx(second, abs=1e-6)


def test_only_where_it_is_undecided_it_listens_more_closely() -> None:
    rng = np.random.default_rng(1)
    texts = [f"{word}{number}" for number in range(300) for word in ("甲", "乙", "丙")]
    # 甲 is danger, 乙 is not, and of 丙 only the second look tells.
    is_danger = [text[0] == "甲" or (text[0] == "丙" and number % 2 == 0) for number, text in enumerate(texts)]
    fast = rng.standard_normal((len(texts), 8)).astype(np.float32) * np.float32(0.01)
    sides = dict(zip(texts, is_danger, strict=True))
    looked: list[str] = []

    def look(some: list[str]) -> Floats:
        looked.extend(some)
        return np.array([[[1.0, 0.2] if sides[text] else [0.2, 1.0]] for text in some], np.float32)

    made = ear.fit(texts, fast, is_danger, "fast", "slow", look)
    looked.clear()
    for text in ("甲7", "乙7"):
        made.chance(letters(text), fast[0], lambda text=text: look([text])[0])  # type: ignore[misc]
    assert looked == []
    for text in ("丙7", "丙8"):
        chance = made.chance(letters(text), fast[0], lambda text=text: look([text])[0])  # type: ignore[misc]
        assert (chance > 0.5) == sides.get(text, False)
    assert looked == ["丙7", "丙8"]
