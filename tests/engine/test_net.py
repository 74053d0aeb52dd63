"""The second ear's model: what words say together, kept as plain arrays."""

from __future__ import annotations

import numpy as np
import pytest

from bot.engine.nlu.letters import Floats, letters
from bot.engine.nlu.net import Net, fit

# Each word stands on both sides, and no letter group reaches from one to the other: only the two together tell.
DANGER = ("药早就都攒着", "账早就都还清", "药已经全攒着", "账已经全还清")
ORDINARY = ("药早就都还清", "账早就都攒着", "药已经全还清", "账已经全攒着")


def vectors(count: int) -> Floats:
    return np.random.default_rng(1).standard_normal((count, 8)).astype(np.float32) * np.float32(0.01)


@pytest.fixture(scope="module")
def net() -> Net:
    texts = [*DANGER, *ORDINARY] * 90
    return fit(texts, vectors(len(texts)), [text in DANGER for text in texts], "small")


@pytest.mark.parametrize("text", DANGER + ORDINARY)
def test_what_words_say_together_counts(net: Net, text: str) -> None:
    assert (net.chance(letters(text), vectors(1)[0]) > 0.5) == (text in DANGER)


def test_it_is_kept_as_arrays_and_says_the_same_again(net: Net) -> None:
    again = Net.from_bytes(net.to_bytes())
    assert again.encoder == "small"
    for text in DANGER + ORDINARY:
        assert again.chance(letters(text), vectors(1)[0]) == pytest.approx(
            net.chance(letters(text), vectors(1)[0]), abs=1e-2
        )
