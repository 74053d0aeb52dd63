"""Published figures as programmes judge by them: what is old, elsewhere or only half published is not made into one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bot.knowledge.edition import Edition
from bot.knowledge.files import read_folder
from bot.regions import RegionTree
from tests.knowledge.broken import ROOT

TODAY = date(2026, 11, 25)


@pytest.fixture(scope="module")
def published(regions: RegionTree) -> Edition:
    made_of = {"document", "standard"}
    return Edition(1, [one for one in read_folder(ROOT / "content").entries if one.kind in made_of], regions)


def test_a_figure_in_force(published: Edition) -> None:
    found = published.figure("dibao", "120101", TODAY)
    assert found is not None
    assert (found.urban, found.rural, found.current) == ((1045, 1045), (1045, 1045), True)
    assert (found.since, found.document) == ("2025年9月1日", "津民规〔2025〕6号")
    assert not found.two_sided


def test_town_and_country_differ(published: Edition) -> None:
    found = published.figure("dibao", "500103", TODAY)
    assert found is not None
    assert found.two_sided
    assert (found.range("urban"), found.range("rural"), found.range("")) == ((770, 770), (630, 630), (630, 770))


def test_one_that_is_too_old_is_only_told(published: Edition) -> None:
    found = published.figure("dibao", "420106", TODAY)
    assert found is not None
    assert not found.current
    assert found.range("urban") == (Decimal("0.01"), None)
    assert found.urban == (940, 940), "what it was may still be said, as what it was"


def test_a_figure_by_the_year_is_taken_a_month(published: Edition) -> None:
    found = published.figure("dibao", "450902", date(2024, 1, 1))
    assert found is not None
    assert (found.urban, found.rural) == ((760, 760), (500, 500))


def test_parts_of_a_city(published: Edition) -> None:
    part = published.figure("dibao", "370281", date(2025, 1, 1))
    whole = published.figure("dibao", "370200", date(2025, 1, 1))
    assert part is not None
    assert whole is not None
    assert part.rural == (860, 860)
    assert whole.rural == (860, 1115), "who names only the city may live in any of its parts"


@pytest.mark.parametrize("place", ["420000", "710000", "999999", ""])
def test_nothing_is_on_file_for_a_place_that_has_none(published: Edition, place: str) -> None:
    assert published.figure("dibao", place, TODAY) is None


def test_ways_of_living_make_a_range(published: Edition) -> None:
    found = published.figure("tekun", "120119", TODAY)
    assert found is not None
    assert (found.urban, found.rural) == ((1870, 1870), (1530, 1870))
