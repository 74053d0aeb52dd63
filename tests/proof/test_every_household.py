"""Households on a grid over everything that decides anything: each is settled within twelve questions."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

import pytest

from bot.knowledge.edition import Edition
from bot.knowledge.files import read_folder
from bot.programmes.precheck import MOST
from tests.knowledge.broken import ROOT
from tests.knowledge.broken import regions as tree
from tests.programmes.households import led

pytestmark = pytest.mark.proof

DAYS = (date(2026, 11, 25),)
_EVERY = 97
"""One household takes some 20 ms to lead through; a prime number visits every value together with every other."""


@pytest.fixture(scope="module")
def edition() -> Edition:
    return Edition(1, read_folder(ROOT / "content").entries, tree())


def test_every_household_of_a_grid_is_settled_within_twelve_questions(edition: Edition) -> None:
    """Exhaustive over all values that decide anything: people, benefits, troubles, places, incomes, property …"""
    longest: tuple[int, list[str]] = (0, [])
    count = 0
    grid = itertools.product(
        ([], ["bed"], ["food"], ["medicine"]),
        ([], ["medical_cost"], ["housing"], ["disaster", "school_cost"], None),
        ([], ["elder"], ["child"], ["elder", "child", "severe", "student", "jobless"], ["mental", "ill"], ["disabled"]),
        ([], ["dibao"], ["bianyuan"], ["veteran"], None),
        ("120101", "500103", "420106", None),
        (0, 900, 2100, 4500, 9000, None),
        ([], ["car"], None),
        ("able", "orphan", "unable"),
        ("able", "weak", "none"),
        ("urban", None),
    )
    for tonight, troubles, people, benefits, place, income, assets, parents, supporters, kind in grid:
        told: dict[str, Any] = {
            "tonight": tonight, "troubles": troubles, "people": people, "benefits": benefits, "assets": assets,
            "place": place and {"region": place, "detail": ""}, "place_now": {"region": "120101", "detail": ""},
            "household_income": None if income is None else {"low": str(income), "high": str(income), "per": "month"},
            "household_size": 3, "child_parents": parents, "supporters": supporters, "hukou_kind": kind,
            "rigid_spending": {"low": "20000", "high": "20000", "per": "year"},
        }  # fmt: skip
        count += 1
        if count % _EVERY:
            continue
        questions = [question for question, _ in led(edition, told, DAYS[0])][:-1]
        longest = max(longest, (len(questions), questions))
    print(f"{count // _EVERY} of {count} households; the longest pre-check has {longest[0]} questions: {longest[1]}")
    assert longest[0] <= MOST
