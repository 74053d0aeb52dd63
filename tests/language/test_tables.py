"""Names of programmes and of other departments' matters are found by table, the longest first."""

from __future__ import annotations

import pytest

from bot.language import departments, programmes
from bot.language.normalise import normalise


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("低保边缘和低保有什么不同", ["bianyuan", "dibao"]),
        ("我家是五保户", ["tekun"]),
        ("俺想吃低保", ["dibao"]),
        ("抵保怎么办", ["dibao"]),
        ("因病致贫算不算", ["gangxing"]),
        ("救助站管饭吗", ["liulang"]),
        ("失业补助金还有吗", ["shiye"]),
        ("事实无人抚养的孩子", ["ertong"]),
        ("今天天气", []),
    ],
)
def test_programmes(text: str, codes: list[str]) -> None:
    assert [match.code for match in programmes.find(text)] == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("住房公积金怎么提", ["gongjijin"]),
        ("异地就医怎么报销", ["yibao"]),
        ("考驾照", ["jiazhao"]),
        ("学区房落户", ["ruxue", "hukou"]),
        ("低保", []),
    ],
)
def test_departments(text: str, codes: list[str]) -> None:
    assert [match.code for match in departments.find(text)] == codes


@pytest.mark.parametrize("table", [programmes.NAMES, departments.NAMES])
def test_every_name_is_in_one_place_only_and_survives_normalising(table: dict[str, str]) -> None:
    names = [name for words in table.values() for name in words.split()]
    assert len(names) == len(set(names))
    assert [name for name in names if normalise(name) not in names] == []


def test_a_match_says_where_it_stands() -> None:
    (match,) = programmes.find("我想问低保的事")
    assert (match.start, match.end) == (3, 5)
