"""Whom to turn to: by need and place, only what is published, never a neighbour's counter."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.clock import FixedClock
from bot.desk.desk import Desk
from bot.desk.referring import NEEDS, elsewhere, refer, refer_to
from bot.knowledge.contacts import NEEDS as LINES
from bot.knowledge.contacts import OFFICES
from bot.knowledge.entry import Entry
from bot.regions import RegionTree
from tests.desk.conftest import CONTENT, DAY
from tests.desk.published import Kept
from tests.in_force import without_answers

HONGSHAN, WUCHANG, WUHAN = "420111", "420106", "420100"


def local(entries: list[Entry]) -> list[Entry]:
    """The published rows, and some of one district and one city."""
    office = next(one for one in entries if one.kind == "office")
    line = next(one for one in entries if one.kind == "hotline")
    station = {
        "region": WUHAN,
        "name": "武汉市救助管理站",
        "kind": "rescue_station",
        "serves": "吃住、送医、回家",
        "phone": "027-11112222",
        "hours": "24小时",
        "verified": "no",
        "note": "测试用",
    }
    window = station | {
        "region": HONGSHAN,
        "name": "洪山区某街道窗口",
        "kind": "township_window",
        "phone": "",
        "hours": "",
    }
    number = dict(line.data) | {
        "id": "h-test",
        "number": "027-33334444",
        "name": "武汉医保热线",
        "region": WUHAN,
        "purpose": "问医保",
        "needs": "medical",
        "hours": "工作日",
        "verified": "no",
        "note": "测试用",
    }
    return [
        replace(office, key="rescue-test", data=station),
        replace(office, key="window-test", data=window),
        replace(line, key="h-test", data=number),
    ]


@pytest.fixture(scope="module")
def desk() -> Desk:
    regions = RegionTree.from_csv(CONTENT / "regions.csv")
    kept = Kept(regions, local(list(without_answers())))
    return Desk(None, FixedClock.on(DAY), regions, kept)  # type: ignore[arg-type]  # nothing is asked of the store


def test_every_need_names_an_office_and_a_line_there_are() -> None:
    assert {one.office for one in NEEDS.values()} == set(OFFICES)
    assert {one.hotline for one in NEEDS.values()} <= set(LINES)


def test_a_place_s_own_counter_comes_with_its_number_and_hours(desk: Desk) -> None:
    for region in (WUHAN, HONGSHAN, WUCHANG):
        found = refer(desk, "bed", region)
        assert (found.called, found.number) == ("武汉市救助管理站", "027-11112222")
        assert "24小时" in found.line


def test_a_neighbour_s_counter_is_never_given(desk: Desk) -> None:
    assert refer(desk, "food", HONGSHAN).called == "洪山区某街道窗口"
    assert refer(desk, "food", WUCHANG).called == OFFICES["township_window"]
    assert refer(desk, "bed", "500101").called == OFFICES["rescue_station"]


def test_where_none_is_on_file_12345_finds_it(desk: Desk) -> None:
    found = refer(desk, "bed", "500101")
    assert found.number == "12345"
    assert "12345" in found.line
    # The counter has no number of its own: the line does.
    assert refer(desk, "food", HONGSHAN).number == "12345"


@pytest.mark.parametrize("need", NEEDS)
def test_every_need_leads_somewhere_everywhere(desk: Desk, need: str) -> None:
    for region in ("", "000000", "420111", "710000", "no such place"):
        assert refer(desk, need, region).line.endswith("。")


@pytest.mark.parametrize("office", OFFICES)
def test_programmes_name_the_office(desk: Desk, office: str) -> None:
    assert refer_to(desk, office, "500101").called == OFFICES[office]


def test_another_department_s_own_line_here_is_added(desk: Desk) -> None:
    assert elsewhere(desk, "yibao", WUHAN) == "当地：武汉医保热线，电话027-33334444（工作日）。"
    assert elsewhere(desk, "yibao", "500101") == ""
    assert elsewhere(desk, "hukou", WUHAN) == ""
