"""Two texts beside each other: each line once, and what differs inside a line told apart."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.knowledge.side_by_side import ADDED, CHANGED, REMOVED, SAME, Pair, side_by_side

_LINES = st.lists(st.text("低保申请0123。", max_size=12), max_size=8)


@given(_LINES, _LINES)
def test_every_line_of_both_stands_there_once_in_order(left: list[str], right: list[str]) -> None:
    pairs = side_by_side(left, right)
    assert [one.left for one in pairs if one.how != ADDED] == left
    assert [one.right for one in pairs if one.how != REMOVED] == right
    for one in pairs:
        assert (one.how == SAME) <= (one.left == one.right)
        for parts, line in zip(one.parts, (one.left, one.right), strict=True):
            assert "".join(text for _, text in parts) == line


def test_the_figure_that_changed_is_told_apart() -> None:
    left, right = Pair(CHANGED, "每人每月900元", "每人每月950元").parts
    assert [text for differs, text in left if differs] == ["0"]
    assert [text for differs, text in right if differs] == ["5"]
    other, _ = Pair(CHANGED, "带身份证去窗口", "打12345").parts
    assert other == ((False, "带身份证去窗口"),), "two lines that share little are simply two lines"
