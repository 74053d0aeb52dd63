"""A place named in other words is still a place, and one that is only part of a question is not all of it."""

from __future__ import annotations

import pytest

from bot.desk.question import place_in
from bot.regions import RegionTree
from tests.desk.conftest import CONTENT


@pytest.fixture(scope="module")
def regions() -> RegionTree:
    return RegionTree.from_csv(CONTENT / "regions.csv")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("那上海呢", "310000"),
        ("我喺广州越秀", "440104"),
        ("哦 我想问我老家湖南衡阳的", "430400"),
        ("不对我户口迁到九江了", "360400"),
        ("要是在苏州呢", "320500"),
    ],
)
def test_nothing_but_a_place(regions: RegionTree, text: str, code: str) -> None:
    place = place_in(regions, text)
    assert (place.regions[0].code, place.only) == (code, True)


@pytest.mark.parametrize("text", ["上海能办吗", "户口在河南，人在郑州", "我户口迁到九江了低保怎么办", "苏州多少钱"])
def test_a_place_with_a_question(regions: RegionTree, text: str) -> None:
    assert not place_in(regions, text).only
