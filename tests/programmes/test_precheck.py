"""The pre-check over random households: short, to the point, kind, and first of all about tonight."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.knowledge.check import check_folder
from bot.knowledge.edition import Edition
from bot.knowledge.plain_language import refused_words
from bot.programmes.assess import Assessment, Result
from bot.programmes.facts import HERE, Household
from bot.programmes.precheck import MOST, next_question
from tests.knowledge.broken import ROOT
from tests.programmes.households import answers, led

DAYS = (date(2026, 11, 25), date(2026, 6, 30), date(2024, 6, 1))
ANY_DAY = st.sampled_from(DAYS)


@settings(max_examples=40, deadline=None)
@given(data=st.data(), day=ANY_DAY)
def test_no_household_is_asked_more_than_twelve_questions_and_then_all_is_settled(
    data: st.DataObject, day: date, edition: Edition
) -> None:
    steps = list(led(edition, data.draw(answers(edition)), day))
    questions = [question for question, _ in steps[:-1]]
    assert len(questions) <= MOST
    assert len(questions) == len(set(questions)), "the same is never asked twice"
    assert questions[0] == "tonight"
    assert all(not verdict.missing for verdict in steps[-1][1].all())


@settings(max_examples=15, deadline=None)
@given(data=st.data(), day=ANY_DAY)
def test_what_is_settled_stays_as_it_is(data: st.DataObject, day: date, edition: Edition) -> None:
    """A verdict that nothing is missing for is the same at the end: the questions left out would not have changed it."""
    told = data.draw(answers(edition))
    steps = list(led(edition, told, day))
    at_end = {verdict.programme.id: verdict.result for verdict in steps[-1][1].all()}
    asked = {question for question, _ in steps}
    # Where somebody is now is their own question; who was not asked it is where they are registered.
    everything = {key: value for key, value in told.items() if value is not None and (key != HERE or key in asked)}
    household = Household(everything, day, edition.figure)
    complete = Assessment(edition.programmes.values(), household, edition.chain)
    for id, result in at_end.items():
        if result is not Result.CANNOT_TELL:
            assert complete.verdict(id).result is result, id


@settings(max_examples=15, deadline=None)
@given(data=st.data(), day=ANY_DAY)
def test_a_question_is_asked_only_where_some_answer_could_still_change_something(
    data: st.DataObject, day: date, edition: Edition
) -> None:
    for question, assessment in led(edition, data.draw(answers(edition)), day):
        if question:
            wanting = [verdict for verdict in assessment.all() if question in verdict.missing]
            assert wanting
            assert all(verdict.result is not Result.NOT_LIKELY for verdict in wanting)


@settings(max_examples=15, deadline=None)
@given(data=st.data(), day=ANY_DAY)
def test_nobody_is_turned_away_in_words(data: st.DataObject, day: date, edition: Edition) -> None:
    *_, (_, assessment) = led(edition, data.draw(answers(edition)), day)
    for verdict in assessment.all():
        said = [reason.text for reason in verdict.reasons] + [doubt.text for doubt in verdict.doubts]
        said += [verdict.apply.text] if verdict.apply else []
        assert verdict.apply, f"{verdict.programme.id} leads nowhere"
        assert [word for text in said for word in refused_words(text)] == []
        for reason in verdict.reasons:
            assert reason.basis or not verdict.programme.reach.holds(assessment.chain, day), reason.condition.id


def test_the_stranded_are_asked_where_they_are_before_anything_else(edition: Edition) -> None:
    told: dict[str, Any] = {"tonight": ["bed"], "place_now": {"region": "120101", "detail": "火车站"}}
    questions = [question for question, _ in led(edition, told, DAYS[0])]
    assert questions[:2] == ["tonight", "place_now"]
    assert "place_now" not in [question for question, _ in led(edition, {"tonight": []}, DAYS[0])]


def test_a_household_on_dibao_is_hardly_asked_anything(edition: Edition) -> None:
    told: dict[str, Any] = {"tonight": [], "troubles": [], "people": [], "benefits": ["dibao"]}
    questions = [question for question, _ in led(edition, told, DAYS[0])]
    assert questions == ["tonight", "troubles", "people", "benefits", ""]


def test_who_keeps_a_child_is_asked_only_where_there_is_one(edition: Edition) -> None:
    told: dict[str, Any] = {"tonight": [], "troubles": [], "people": ["elder"], "benefits": ["dibao"]}
    assert "child_parents" not in [question for question, _ in led(edition, told, DAYS[0])]
    told["people"] = ["child"]
    assert "child_parents" in [question for question, _ in led(edition, told, DAYS[0])]


def test_an_income_above_every_line_makes_the_rest_needless(edition: Edition) -> None:
    rich = {"low": "30000", "high": "30000", "about": False, "per": "month"}
    told: dict[str, Any] = {
        "tonight": [], "troubles": [], "people": [], "benefits": [], "place": {"region": "500103", "detail": ""},
        "household_income": rich, "household_size": 2, "hukou_kind": "urban", "assets": [],
    }  # fmt: skip
    questions = [question for question, _ in led(edition, told, DAYS[0])]
    assert "hukou_kind" not in questions
    assert "assets" not in questions
    assert "supporters" not in questions


def test_a_stranger_programme_makes_no_question_of_its_own(edition: Edition) -> None:
    """The questions come from the programmes handed in: with one programme only its own facts are asked."""
    alone = [edition.programmes["ertong_guer"]]
    first = Assessment(alone, Household({}, DAYS[0], edition.figure), edition.chain)
    assert next_question(first, edition.fields) == "people"
    then = Assessment(alone, Household({"people": []}, DAYS[0], edition.figure), edition.chain)
    assert next_question(then, edition.fields) == ""


def test_the_published_programmes_are_checked(regions: Any) -> None:
    report = check_folder(ROOT / "content", regions, DAYS[0])
    ours = [str(one) for one in report.refusals if one.file.startswith("programmes/")]
    assert ours == []
