"""Deadlines of an objection, to the day, and a letter that holds nothing but what was told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.cases.objecting import WORDS, Against, Ways, letter, ways

TODAY = date(2026, 11, 25)
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("told", "review", "court"),
    [
        (date(2026, 11, 20), date(2027, 1, 19), date(2027, 5, 20)),
        (date(2026, 8, 31), date(2026, 10, 30), date(2027, 2, 28)),
        (date(2027, 8, 31), date(2027, 10, 30), date(2028, 2, 29)),
        (date(2026, 12, 1), date(2027, 1, 30), date(2027, 6, 1)),
        (date(2026, 6, 30), date(2026, 8, 29), date(2026, 12, 30)),
    ],
)
def test_sixty_days_for_review_and_six_months_for_the_court(told: date, review: date, court: date) -> None:
    found = ways(Against.REFUSED, TODAY, told)
    assert (found.route, found.review_until, found.court_until) == ("review", review, court)
    assert found.passed == (review < TODAY)
    assert found.letter


def test_an_office_that_says_nothing_is_late_after_its_own_term_or_after_sixty_days() -> None:
    termed = ways(Against.NO_ANSWER, TODAY, date(2026, 10, 1), due=date(2026, 11, 20))
    assert (termed.route, termed.review_from, termed.review_until) == ("late", date(2026, 11, 21), date(2027, 1, 19))
    assert termed.letter
    assert termed.court_until is None, "the court comes after the review"
    without = ways(Against.NO_ANSWER, TODAY, date(2026, 10, 1))
    assert (without.review_from, without.review_until) == (date(2026, 12, 1), date(2027, 1, 29))
    assert not without.letter, "not late yet: a letter now would be sent back"


def test_without_a_day_no_day_is_made_up() -> None:
    assert ways(Against.REFUSED, TODAY) == Ways("review", letter=True)
    assert ways(Against.NO_ANSWER, TODAY) == Ways("late", letter=True)


@pytest.mark.parametrize(
    ("against", "route", "written"),
    [(Against.CHECK, "recheck", False), (Against.STAFF, "complaint", False), (Against.UNPAID, "payment", True)],
)
def test_what_has_a_shorter_way(against: Against, route: str, written: bool) -> None:
    found = ways(against, TODAY, date(2026, 11, 1))
    assert (found.route, found.letter, found.review_until) == (route, written, None)


@given(st.sampled_from(list(Against)), DAYS, DAYS)
def test_no_way_ends_before_it_begins(against: Against, told: date, today: date) -> None:
    found = ways(against, today, told)
    if found.review_until:
        assert found.review_until >= told + timedelta(days=60)
        assert found.passed == (today > found.review_until)
    if found.review_from and found.review_until:
        assert found.review_from <= found.review_until
    if found.court_until:
        assert 181 <= (found.court_until - told).days <= 184


@given(st.sampled_from(list(Against)), st.none() | DAYS, st.text(min_size=1, max_size=80))
def test_the_letter_says_what_was_told_and_leaves_the_rest_blank(
    against: Against, told: date | None, wants: str
) -> None:
    text = letter(against, "武汉市洪山区人民政府", told, "低保", "1234 5678 9012 3", wants)
    assert wants.strip() in text
    assert "武汉市洪山区人民政府" in text
    assert "1234 5678 9012 3" in text
    if told and against is not Against.NO_ANSWER:
        assert f"{told.year}年{told.month}月{told.day}日知道{WORDS[against]}" in text
    assert "身份证号：________" in text
