"""Opportunity 1: one question, three places, three days, nine texts; an unknown county yields the hotline.

The question is 低保标准. The texts are what a resident reads, word for word, from the content in this repository.
"""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock import FixedClock
from bot.desk.desk import Desk
from bot.desk.giving import give
from bot.knowledge.edition import Edition
from bot.knowledge.figures import FigureState, months_later
from bot.knowledge.figures_text import figure_short, figure_text
from bot.messages import Outcome

TIANJIN, CHONGQING, JIANYANG, JIANLI = "120103", "500101", "510185", "421088"
ENTRY = "dibao-standard"
COMMON = """\
低保标准各地自己定，会按时调整。
标准是一条线，实际发多少按您家情况核定。
以当地最新公告为准，可问街道（乡镇）或打12345。"""

NINE = {
    (TIANJIN, "2026-07-01"): """\
最近一次公布：天津市低保标准，城乡都是每人每月1045元。
2025年9月1日起，文件：津民规〔2025〕6号。
截至2026年7月1日只查到这些，可能已调整，请打12345核实。""",
    (TIANJIN, "2027-02-01"): """\
最近一次公布：天津市低保标准，城乡都是每人每月1045元。
2025年9月1日起，文件：津民规〔2025〕6号。
截至2027年2月1日只查到这些，可能已调整，请打12345核实。""",
    (TIANJIN, "2027-03-01"): """\
天津市河西区现在的低保标准，截至2027年3月1日没有查到。
以前公布过：天津市低保标准，城乡都是每人每月1045元。
2025年9月1日起，文件：津民规〔2025〕6号。
以前的数不能当现在的用，请打12345问。""",
    (CHONGQING, "2026-07-01"): """\
最近一次公布：重庆市低保标准，城市每人每月770元，农村每人每月630元。
2025年7月1日起，文件：渝民规〔2025〕6号。
截至2026年7月1日只查到这些，可能已调整，请打12345核实。""",
    (CHONGQING, "2027-02-01"): """\
重庆市万州区现在的低保标准，截至2027年2月1日没有查到。
以前公布过：重庆市低保标准，城市每人每月770元，农村每人每月630元。
2025年7月1日起，文件：渝民规〔2025〕6号。
以前的数不能当现在的用，请打12345问。""",
    (CHONGQING, "2027-03-01"): """\
重庆市万州区现在的低保标准，截至2027年3月1日没有查到。
以前公布过：重庆市低保标准，城市每人每月770元，农村每人每月630元。
2025年7月1日起，文件：渝民规〔2025〕6号。
以前的数不能当现在的用，请打12345问。""",
    (JIANYANG, "2026-07-01"): """\
四川省成都市简阳市现在的低保标准，截至2026年7月1日没有查到。
以前公布过：成都市简阳等8个县市低保标准，城乡都是每人每月860元。
2023年1月1日起，到2023年12月31日，文件：成府发〔2022〕20号。
以前的数不能当现在的用，请打12345问。""",
    (JIANYANG, "2027-02-01"): """\
四川省成都市简阳市现在的低保标准，截至2027年2月1日没有查到。
以前公布过：成都市简阳等8个县市低保标准，城乡都是每人每月860元。
2023年1月1日起，到2023年12月31日，文件：成府发〔2022〕20号。
以前的数不能当现在的用，请打12345问。""",
    (JIANYANG, "2027-03-01"): """\
四川省成都市简阳市现在的低保标准，截至2027年3月1日没有查到。
以前公布过：成都市简阳等8个县市低保标准，城乡都是每人每月860元。
2023年1月1日起，到2023年12月31日，文件：成府发〔2022〕20号。
以前的数不能当现在的用，请打12345问。""",
}


@pytest.fixture(scope="module")
def desk(real: Edition) -> Desk:
    keeper: Any = SimpleNamespace(current=real)
    store: Any = None
    return Desk(store, FixedClock.on(date(2026, 11, 25)), real.regions, keeper)


@pytest.mark.parametrize(("place", "day"), NINE)
def test_nine_texts(desk: Desk, place: str, day: str) -> None:
    reply = give(desk, ENTRY, place, date.fromisoformat(day), "wechat", 1.0).reply
    assert reply.text == f"{NINE[place, day]}\n{COMMON}"
    assert reply.outcome is Outcome.ANSWERED
    assert (reply.region, reply.as_of) == (place, day)
    assert {"津民规〔2025〕6号", "渝民规〔2025〕6号", "成府发〔2022〕20号"} & {
        source.number for source in reply.sources
    }
    assert any(source.title == "中华人民共和国社会救助法" for source in reply.sources)


def test_the_nine_are_nine() -> None:
    assert len(set(NINE.values())) == 9


def test_a_county_without_a_figure_gets_the_hotline_and_nobody_elses_figure(desk: Desk) -> None:
    reply = give(desk, ENTRY, JIANLI, date(2026, 11, 25), "wechat", 1.0).reply
    assert reply.outcome is Outcome.DECLINED
    assert reply.text == (
        "湖北省荆州市监利市的低保标准，截至2026年11月25日没有查到。\n别处的数不能拿来用，怕误了您。\n请打12345，或问街道（乡镇）。"
    )
    assert reply.sources == ()


@pytest.mark.parametrize("place", ["", "440000", "999999"])
def test_a_place_too_wide_or_unknown_is_asked_for(desk: Desk, place: str) -> None:
    assert give(desk, ENTRY, place, date(2026, 11, 25), "wechat", 1.0).asks_place


def test_before_the_answers_first_day_nothing_is_said(desk: Desk) -> None:
    reply = give(desk, ENTRY, TIANJIN, date(2014, 4, 30), "wechat", 1.0).reply
    assert reply.outcome is Outcome.DECLINED


def test_before_the_law_the_older_answer_holds_with_the_older_basis(desk: Desk) -> None:
    reply = give(desk, ENTRY, TIANJIN, date(2026, 6, 30), "wechat", 1.0).reply
    assert reply.entry == "dibao-standard-before"
    assert "社会救助法" not in " ".join(source.title for source in reply.sources)


PAST = {
    (
        "110101",
        "2020-06-01",
    ): "以前公布过：北京市低保标准，城乡都是每人每月1100元。\n到2020年6月30日为止，哪天开始没有查到",
    ("110101", "2022-03-01"): "北京市低保标准，城乡都是每人每月1245元。\n2021年7月起，到2022年6月30日，文件：",
    (
        "110101",
        "2024-03-01",
    ): "最近一次公布：北京市低保标准，城乡都是每人每月1395元。\n2023年7月起，文件：京民社救发〔2023〕240号。",
    ("440103", "2020-06-01"): "以前公布过：广州市低保标准，城乡都是每人每月1080元。\n到2020年12月31日为止",
    ("440103", "2022-03-01"): "最近一次公布：广州市低保标准，城乡都是每人每月1196元。\n2022年，月份没有查到，文件：",
    ("440103", "2024-03-01"): "最近一次公布：广州市低保标准，城乡都是每人每月1238元。\n2023年，月份没有查到，文件：",
    (
        "370281",
        "2020-06-01",
    ): "最近一次公布：青岛市胶州、平度、莱西低保标准，城市每人每月630元，农村每人每月520元。\n2020年4月1日起",
    (
        "370281",
        "2022-03-01",
    ): "以前公布过：青岛市胶州、平度、莱西低保标准，城市每人每月630元，农村每人每月520元。\n2020年4月1日起",
    (
        "370281",
        "2024-03-01",
    ): "最近一次公布：青岛市胶州、平度、莱西低保标准，城市每人每月1115元，农村每人每月860元。\n2024年1月起",
}


@pytest.mark.parametrize(("place", "day"), PAST)
def test_figures_of_days_long_past(real: Edition, place: str, day: str) -> None:
    assert PAST[place, day] in figure_text(real.figures("dibao", place, date.fromisoformat(day)))


def test_whoever_names_only_the_city_sees_all_parts_and_is_asked(real: Edition) -> None:
    result = real.figures("dibao", "370200", date(2026, 11, 25))
    assert result.asks == "county"
    assert result.areas == ("市南、市北、李沧", "崂山、黄岛、城阳、即墨", "胶州、平度、莱西")
    assert real.figures("dibao", "370200", date(2026, 11, 25), "胶州").areas == ("胶州、平度、莱西",)
    assert not real.figures("dibao", "370281", date(2026, 11, 25)).asks


def test_a_line_people_are_measured_by_is_not_taken_for_money(real: Edition) -> None:
    said = figure_text(real.figures("bianyuan", "310104", date(2024, 9, 1)))
    assert "上海市低保边缘收入线，每人每月3190元" in said
    assert "这是认定用的收入线，不是发的钱。" in said


@given(
    data=st.data(), offset=st.integers(0, 4500), programme=st.sampled_from(["dibao", "tekun", "bianyuan", "gangxing"])
)
@settings(max_examples=300, deadline=None)
def test_no_figure_of_another_place_or_time_is_ever_shown(
    real: Edition, data: st.DataObject, offset: int, programme: str
) -> None:
    standards = list(real.content.standards.values())
    near = [c for row in standards for c in (row.region, *row.counties)]
    everywhere = sorted(real.regions._regions)
    place = data.draw(st.sampled_from(near) | st.sampled_from(everywhere))
    day = date(2017, 1, 1) + timedelta(days=offset)
    result = real.figures(programme, place, day)
    chain = {region.code for region in real.regions.chain(place)}
    for line in result.lines:
        row = line.standard
        assert row.region in chain, "never a neighbour's"
        assert not row.counties or place in row.counties or place == row.region
        assert {line.urban, line.rural} <= {row.urban, row.rural, ""}
        assert row.start is None or row.start.day <= day, "never one of tomorrow"
        if line.state is FigureState.CURRENT:
            assert row.start
            assert row.last
            assert row.start.day <= day <= row.last
        elif line.state is FigureState.LAST_PUBLISHED:
            assert row.start
            assert day < months_later(row.start.day, 18)
    for text in (figure_text(result), figure_short(result)):
        assert "12345" in text or result.state is FigureState.CURRENT
    assert len(figure_short(result)) <= 120
    assert all(line.document in figure_text(result) for line in result.lines)
