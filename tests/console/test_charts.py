"""Charts: where points stand, and that what is drawn says the same as the numbers it was given."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from console.charts import HEIGHT, WIDTH, Bars, Lines, Point, Series, round_up
from console.rendering import _ENVIRONMENT

NUMBERS = st.one_of(st.none(), st.integers(0, 10**6), st.floats(0, 10**6))


def drawn(chart: Bars | Lines) -> str:
    return _ENVIRONMENT.from_string('{% import "charts.html" as charts %}{{ charts.show(one) }}').render(one=chart)


class _Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def tags(text: str, tag: str) -> Sequence[dict[str, str | None]]:
    return [attributes for name, attributes in _Tags(text).found if name == tag]


@given(st.lists(NUMBERS, min_size=1, max_size=40))
def test_all_points_stand_inside_and_higher_numbers_higher(numbers: list[float | None]) -> None:
    line = Series("a", [Point(str(at), number) for at, number in enumerate(numbers)])
    chart = Lines("", "", [line])
    marks = chart.marks(line)
    assert len(marks) == sum(number is not None for number in numbers)
    assert all(0 < mark.x < WIDTH and 0 < mark.y < HEIGHT for mark in marks)
    by_number = sorted(marks, key=lambda mark: mark.point.number or 0)
    assert [mark.y for mark in by_number] == sorted((mark.y for mark in marks), reverse=True)
    assert [mark.x for mark in marks] == sorted(mark.x for mark in marks)


@given(st.lists(st.lists(st.integers(0, 100), min_size=3, max_size=3), min_size=1, max_size=3))
def test_names_at_the_ends_do_not_cover_each_other(numbers: list[list[int]]) -> None:
    chart = Lines("", "", [Series(str(at), [Point("", one) for one in line]) for at, line in enumerate(numbers)])
    heights = [y for y, _, _ in chart.ends()]
    assert all(two - one >= 17.9 for one, two in zip(heights, heights[1:], strict=False))
    assert all(0 < y < HEIGHT for y in heights)


@given(st.floats(0, 10**9))
def test_the_top_is_round_and_not_below(number: float) -> None:
    top = round_up(number)
    assert top >= number
    assert re.fullmatch("[125]0*", f"{top:.0f}")


def test_every_number_opens_its_list_in_the_drawing_and_in_the_table() -> None:
    points = [Point("周一", 3, "/a?x=1&y=2"), Point("周二", None), Point("周三", 5, "/b")]
    said = drawn(Lines("排队", "比昨天少。", [Series("等着", points)]))
    assert [link["href"] for link in tags(said, "a")] == ["/a?x=1&y=2", "/b"] * 2
    assert "比昨天少。" in said
    assert not tags(said, "polyline"), "a gap is not drawn over"
    bars = drawn(Bars("地区", "最多的是甲。", [Point("甲", 4, "/c"), Point("乙", 1)]))
    assert [link["href"] for link in tags(bars, "a")] == ["/c"]
    assert [rect["width"] for rect in tags(bars, "rect")] == ["100.0", "25.0"]


def test_nothing_to_draw_is_said_in_words() -> None:
    assert "这周没有人来。" in drawn(Lines("a", "", [], empty="这周没有人来。"))
    assert "这周没有人来。" in drawn(Bars("a", "", [], empty="这周没有人来。"))


def test_hostile_names_are_text_and_nothing_is_styled_inside() -> None:
    bad = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    for said in (
        drawn(Bars(bad, bad, [Point(bad, 1, "/x?" + bad)], unit=bad)),
        drawn(Lines(bad, bad, [Series(bad, [Point(bad, 1, "/x?" + bad), Point(bad, 2)])], unit=bad)),
    ):
        assert not tags(said, "script")
        assert not tags(said, "img")
        assert not [one for _, one in _Tags(said).found if "style" in one or any(name[:2] == "on" for name in one)]
