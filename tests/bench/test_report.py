"""The benchmark's table says the ratio and whether the target held."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.load import Timing
from bench.report import Line, cells, missed


def test_a_line_shows_both_the_ratio_and_the_verdict() -> None:
    line = Line("training", "s", 12.0, 240.0, most=1 / 5)
    assert cells(line) == ("training", "s", "12.0", "240", "0.050", "≤ 0.20", "ok", "")


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        (Line("slower than allowed", "ms", 20.0, 40.0, most=1 / 3), "missed"),
        (Line("not fast enough", "turns/s", 50.0, 25.0, least=3.0), "missed"),
        (Line("fast enough", "turns/s", 75.0, 25.0, least=3.0), "ok"),
        (Line("a ceiling of its own", "s", 1.2, None, ceiling=1.0), "missed"),
        (Line("nothing to compare with", "MB", 300.0, None, most=1 / 3), "missed"),
        (Line("only told", "ms", 300.0, 1.0), ""),
    ],
)
def test_what_holds_and_what_does_not(line: Line, verdict: str) -> None:
    assert line.verdict == verdict
    assert (line.what in missed([line])) is (verdict == "missed")


@given(st.lists(st.floats(0.0001, 10.0), min_size=1), st.floats(0.01, 1.0))
def test_a_percentile_is_one_of_the_turns_and_enough_lie_under_it(turns: list[float], share: float) -> None:
    found = Timing(turns).percentile(share) / 1000
    assert min(abs(found - turn) for turn in turns) < 1e-9
    assert sum(turn <= found + 1e-9 for turn in turns) >= share * len(turns) - 1e-9
