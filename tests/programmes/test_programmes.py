"""The published programmes: what they hold by place and by day, and that each leads somewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.calendar import WorkingDays
from bot.cases import due
from bot.knowledge.edition import Edition
from bot.knowledge.plain_language import leads_onward
from bot.logic import Test as Condition
from bot.programmes.amount import estimate
from bot.programmes.assess import Assessment
from bot.programmes.facts import Household
from bot.programmes.model import Programme
from tests.knowledge.broken import ROOT

TODAY = date(2026, 11, 25)


@pytest.fixture(scope="module")
def working_days() -> WorkingDays:
    return WorkingDays.from_csv(ROOT / "content" / "calendar.csv")


def chain(edition: Edition, region: str) -> tuple[str, ...]:
    return edition.chain(region)


def money(amount: str) -> dict[str, Any]:
    return {"low": amount, "high": amount, "about": False, "per": "month"}


def assessed(edition: Edition, day: date = TODAY, **told: Any) -> Assessment:
    return Assessment(edition.programmes.values(), Household(told, day, edition.figure), edition.chain)


def test_the_programmes_of_the_law_are_there(edition: Edition) -> None:
    assert set(edition.programmes) >= {
        "dibao", "bianyuan", "gangxing", "tekun", "linshi_jinan", "linshi_zhichu", "linshi_xiaoe", "jiage",
        "canji_shenghuo", "canji_huli", "ertong_guer", "ertong_shishi", "yiliao", "jiaoyu", "zhufang", "jiuye", "shouzai",
        "jibing", "liulang",
    }  # fmt: skip
    assert next(iter(edition.programmes)) == "liulang", "what cannot wait stands first"


def test_every_programme_says_where_to_turn_and_what_not_to_bring(edition: Edition) -> None:
    for programme in edition.programmes.values():
        apply = programme.apply_on(("000000",), TODAY)
        assert apply is not None, programme.id
        assert leads_onward(apply.text), programme.id
        assert apply.office or apply.at in ("hospital", "nowhere"), programme.id
        assert programme.doubts, f"{programme.id}: something is always left to the place"
        for paper in programme.papers.not_to_ask:
            assert paper.why, programme.id


def test_every_stage_with_days_stands_on_a_clause(edition: Edition) -> None:
    for programme in edition.programmes.values():
        for stage in programme.stages:
            assert stage.bases, (programme.id, stage.state)


def test_the_days_of_the_law_are_working_days_and_the_notice_is_not(edition: Edition) -> None:
    dibao = edition.programmes["dibao"]
    stages = {one.state: one for one in dibao.stages_on(chain(edition, "120101"), TODAY)}
    assert (stages["accepted"].days, stages["accepted"].at_most, stages["accepted"].working) == (30, 45, True)
    assert (stages["publicizing"].days, stages["publicizing"].working) == (7, False)
    assert (stages["reviewing"].days, stages["rejected"].days) == (10, 3)


@pytest.mark.parametrize(
    ("region", "state", "days", "working"),
    [
        ("330106", "investigating", 15, True),
        ("330106", "reviewing", 5, True),
        ("500103", "accepted", 30, False),
        ("120101", "reviewing", 10, True),
    ],
)
def test_a_place_may_have_days_of_its_own(edition: Edition, region: str, state: str, days: int, working: bool) -> None:
    stages = edition.programmes["dibao"].stages_on(chain(edition, region), TODAY)
    assert [(one.days, one.working) for one in stages if one.state == state] == [(days, working)]


def test_the_case_counts_its_deadline_by_the_stages(edition: Edition, working_days: WorkingDays) -> None:
    stages = edition.programmes["tekun"].stages_on(chain(edition, "120101"), TODAY)
    deadline = due(stages, "accepted", TODAY, working_days)
    assert deadline is not None
    assert deadline.day == date(2026, 12, 16), "15 working days after 25 November 2026"
    week = due(edition.programmes["dibao"].stages, "publicizing", TODAY, working_days)
    assert week is not None
    assert week.day == date(2026, 12, 2)


def test_what_is_not_known_of_the_rules_is_said_from_the_day_it_is_not_known(edition: Edition) -> None:
    dibao = edition.programmes["dibao"]

    def doubts(day: date) -> str:
        return "".join(doubt.text for doubt in dibao.doubts_on(("000000",), day))

    assert "基础养老金" not in doubts(date(2025, 12, 31))
    assert "基础养老金" in doubts(date(2026, 1, 1))
    assert "社会救助法施行后" not in doubts(date(2026, 6, 30))
    assert "社会救助法施行后" in doubts(date(2026, 7, 1))


def test_where_one_applies_for_work_changed_with_the_law(edition: Edition) -> None:
    work = edition.programmes["jiuye"]
    before, after = (work.apply_on(("000000",), day) for day in (date(2026, 6, 30), date(2026, 7, 1)))
    assert before is not None
    assert after is not None
    assert (before.at, after.at) == ("here", "hukou")


def test_the_line_of_the_margin_is_a_place_and_a_days_own(edition: Edition) -> None:
    margin = edition.programmes["bianyuan"]

    def multiple(region: str, day: date) -> tuple[Decimal, Decimal | None] | None:
        found = margin.on(chain(edition, region), day).parameters.get("multiple")
        return found.amount if found else None

    assert multiple("120101", date(2026, 6, 30)) == (Decimal("1.5"), Decimal("1.5"))
    assert multiple("120101", date(2026, 7, 1)) == (Decimal("1.5"), Decimal(2))
    assert multiple("310115", date(2026, 7, 1)) == (Decimal(2), Decimal(2))


def test_a_share_that_no_place_has_published_is_not_guessed(edition: Edition) -> None:
    rigid = edition.programmes["gangxing"].on(chain(edition, "120101"), TODAY)
    assert dict(rigid.parameters) == {}


def test_what_is_given_in_the_conversation_is_no_paper_to_bring(edition: Edition) -> None:
    fields = {paper.field for paper in edition.programmes["dibao"].papers.needed}
    assert {"check", "truth", "paper_identity"} <= fields


def test_an_amount_names_its_formula_its_figure_and_its_document(edition: Edition) -> None:
    place = {"region": "120101", "detail": ""}
    found = assessed(edition, place=place, household_size=3, household_income=money("1800"))
    (amount,) = estimate(found, "dibao")
    assert amount.text == "全家每月约1335元"
    assert amount.amount.text.startswith("（当地低保标准－平均每人收入）×人数")
    assert amount.figure is not None
    assert (amount.figure.since, amount.figure.document) == ("2025年9月1日", "津民规〔2025〕6号")
    assert amount.basis is not None
    assert (amount.basis.document, amount.basis.clause) == ("社会救助法", "第18条")


def test_an_amount_is_not_worked_out_of_a_figure_that_is_too_old(edition: Edition) -> None:
    place = {"region": "420106", "detail": ""}
    (amount,) = estimate(assessed(edition, place=place, household_size=3, household_income=money("0")), "dibao")
    assert (amount.low, amount.high, amount.text, amount.known) == (None, None, "", False)
    assert amount.figure is not None
    assert not amount.figure.current, "it may be told as what it was"


def test_an_amount_without_the_number_of_people_is_not_worked_out(edition: Edition) -> None:
    place = {"region": "120101", "detail": ""}
    (amount,) = estimate(assessed(edition, place=place, household_income=money("900")), "dibao")
    assert not amount.known


def test_programmes_that_wait_for_each_other_are_told_apart_from_a_verdict(edition: Edition) -> None:
    """Content with a circle is never published; should one be handed in all the same, it is said, not looped over."""
    circle = {**edition.programmes, "dibao": _leaning(edition.programmes["dibao"], edition.programmes["bianyuan"])}
    found = Assessment(circle.values(), Household({}, TODAY, edition.figure), edition.chain)
    with pytest.raises(LookupError, match="in a circle"):
        found.verdict("dibao")


def _leaning(one: Programme, on: Programme) -> Programme:
    leaning = replace(one.conditions[0], test=Condition.read({"is": [f"likely.{on.id}", "true"]}))
    return replace(one, conditions=(leaning,), _memo={})
