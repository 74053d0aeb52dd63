"""Lookups of one edition: the most local answer that holds on the day, and nothing where nothing holds."""

from __future__ import annotations

import time
from datetime import date

import pytest

from bot.knowledge.edition import Edition
from bot.knowledge.entry import Entry
from bot.knowledge.files import read_folder
from bot.knowledge.problems import Refused
from bot.regions import RegionTree
from tests.knowledge.broken import GOOD

DAY = date(2026, 11, 25)
BEIJING, SHANGHAI, XUHUI, HONGKONG = "110000", "310000", "310104", "810000"


def key(edition: Edition, entry: str, region: str, day: date = DAY, channel: str = "") -> str:
    found = edition.answer(entry, region, day, channel)
    return found.id if found else ""


def test_a_local_answer_takes_the_place_of_the_national_one(small: Edition) -> None:
    assert key(small, "dibao-apply", BEIJING) == "dibao-apply"
    assert key(small, "dibao-apply", SHANGHAI) == "dibao-apply-shanghai"
    assert key(small, "dibao-apply", XUHUI) == "dibao-apply-shanghai"
    assert key(small, "dibao-apply-shanghai", BEIJING) == "dibao-apply", "found by its words, answered for Beijing"


def test_nothing_holds_before_its_first_day(small: Edition) -> None:
    assert key(small, "dibao-apply", BEIJING, date(2026, 6, 30)) == ""
    assert small.answers_in_scope(BEIJING, date(2026, 6, 30)) == ()


def test_an_unknown_place_has_only_what_holds_for_the_nation(small: Edition) -> None:
    for place in ("", "000000", "999999"):
        assert key(small, "dibao-apply", place) == "dibao-apply"


def test_the_mainlands_rules_do_not_reach_hong_kong(small: Edition) -> None:
    assert small.answers_in_scope(HONGKONG, DAY) == ()
    assert small.hotlines(HONGKONG) == ()
    assert small.subsidy(HONGKONG, "2026-08").own is None


def test_an_unknown_entry_is_no_answer(small: Edition) -> None:
    assert small.answer("no-such", BEIJING, DAY) is None


def test_one_answer_for_each_topic_is_in_scope(small: Edition) -> None:
    assert [a.id for a in small.answers_in_scope(XUHUI, DAY)] == [
        "dibao-apply-shanghai",
        "dibao-standard",
        "yiqing-notice",
    ]


def changed(regions: RegionTree, entry: str, **scope: object) -> Edition:
    """The small edition with one answer's scope changed."""
    entries = [
        Entry(one.kind, one.key, {**one.data, "scope": {"from": "2026-07-01", **scope}}) if one.key == entry else one
        for one in read_folder(GOOD).entries
    ]
    return Edition(2, entries, regions)


def test_a_channel_of_its_own_beats_the_common_text_at_the_same_place(regions: RegionTree) -> None:
    edition = changed(regions, "dibao-apply-shanghai", channels=["weibo"])
    assert key(edition, "dibao-apply", BEIJING, channel="weibo") == "dibao-apply-shanghai"
    assert key(edition, "dibao-apply", BEIJING, channel="wechat") == "dibao-apply"
    assert key(edition, "dibao-apply", BEIJING) == "dibao-apply"


def test_the_last_day_still_counts(regions: RegionTree) -> None:
    edition = changed(regions, "dibao-apply-shanghai", region=SHANGHAI, to="2026-12-31")
    assert key(edition, "dibao-apply", SHANGHAI, date(2026, 12, 31)) == "dibao-apply-shanghai"
    assert key(edition, "dibao-apply", SHANGHAI, date(2027, 1, 1)) == "dibao-apply"


def test_sources_say_what_is_not_known_or_past(small: Edition) -> None:
    law = small.sources(small.answers["dibao-apply"], DAY)[0]
    assert (law.number, law.title, law.clause, law.date) == ("", "中华人民共和国社会救助法", "第42条", "2026-04-30")
    notice = small.sources(small.answers["yiqing-notice"], DAY)[0]
    assert (notice.number, notice.title) == ("民电〔2020〕41号", "疫情期间基本生活保障通知（历史文件）")


def test_a_document_of_unknown_force_is_said_to_be_so(real: Edition) -> None:
    answer = real.answers["jiage-start"]
    assert [s.title for s in real.sources(answer, DAY) if "1835" in s.number] == [
        "关于进一步完善社会救助和保障标准与物价上涨挂钩联动机制的通知（效力未查明）"
    ]


def test_a_month_that_is_not_on_file_is_not_a_month_without_subsidy(small: Edition) -> None:
    assert small.subsidy("110101", "2026-08").own is not None
    assert small.subsidy("110101", "2026-09").own is None
    assert small.subsidy("310104", "2026-08").own is None, "never a neighbour's"


def test_hotlines_are_found_by_need(real: Edition) -> None:
    assert {line.number for line in real.hotlines("420111", "violence")} == {"110", "12338"}
    assert [line.number for line in real.hotlines("420111", "mind")] == ["12356"]
    assert real.hotlines("420111", "assistance")[0].number == "12345"


def test_offices_are_found_by_kind(real: Edition) -> None:
    assert [office.name for office in real.offices("420111", "rescue_station")] == ["县级救助管理机构（救助站）"]


def test_words_are_given_as_they_stand(small: Edition) -> None:
    assert small.words("no_rule_here") == "{place}的这项规定没有登记。\n请打{hotline}问。"
    assert small.words_short("greet") == small.words("greet")
    with pytest.raises(LookupError, match=r"has no words for 'nothing'; add them to content/words\.yml"):
        small.words("nothing")


def test_an_edition_is_whole_or_not_there(regions: RegionTree) -> None:
    broken = [*read_folder(GOOD).entries, Entry("answer", "x", {"id": "x"})]
    with pytest.raises(Refused, match="缺少“title”"):
        Edition(3, broken, regions)


def test_an_edition_of_a_thousand_answers_is_quickly_built(regions: RegionTree, real: Edition) -> None:
    entries = read_folder(GOOD.parents[3] / "content").entries
    many = [e for e in entries if e.kind != "answer"]
    answers = [e for e in entries if e.kind == "answer"]
    for number in range(1000):
        data = answers[number % len(answers)].data
        many.append(
            Entry("answer", f"a-{number}", {**data, "id": f"a-{number}", "aspect": f"{data['aspect']}-{number}"})
        )
    taken = []
    for _ in range(5):
        started = time.process_time()
        edition = Edition(1, many, regions)
        taken.append(time.process_time() - started)
    assert len(edition.answers) == 1000
    assert min(taken) < 0.15, "every process rebuilds it within a second of a publication, between two turns"
