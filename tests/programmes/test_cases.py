"""Every case of tests/programmes/cases: what a household is told of each programme, with amount, clause and what is missing."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.knowledge.edition import Edition
from bot.programmes.amount import estimate
from bot.programmes.assess import Assessment
from bot.regions import RegionTree
from tests.programmes.cases import FACTS, PROGRAMMES, RESULTS, Case, assess, load

ALL = list(load())
_SAID = {fact: key for key, fact in FACTS.items()}
_RESULT = {result: key for key, result in RESULTS.items()}


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.file}:{case.name}")
def test_a_household_is_told_this(case: Case, edition: Edition, regions: RegionTree) -> None:
    found = assess(case, edition, regions)
    told = {name: _RESULT[found.verdict(id).result] for name, id in PROGRAMMES.items() if id in edition.programmes}
    rest = {name: case.data["其余"] for name in told if "其余" in case.data}
    expected = {**rest, **case.data["结果"]}
    assert {name: told[name] for name in expected} == expected, _explained(found, expected)
    for name, facts in case.data.get("还差", {}).items():
        assert [_SAID[fact] for fact in found.verdict(PROGRAMMES[name]).missing] == facts, name
    for name, text in case.data.get("金额", {}).items():
        assert "；".join(one.text for one in estimate(found, PROGRAMMES[name])) == text, name
    for name, clauses in case.data.get("依据", {}).items():
        bases = [reason.basis for reason in found.verdict(PROGRAMMES[name]).reasons if reason.basis]
        assert set(clauses) <= {f"{basis.document} {basis.clause}" for basis in bases}, name


def _explained(found: Assessment, expected: dict[str, str]) -> str:
    verdicts = [found.verdict(PROGRAMMES[name]) for name in expected]
    return "\n".join(
        f"{one.programme.name}: " + "; ".join(f"{r.condition.id} {r.value} {r.missing}" for r in one.reasons)
        for one in verdicts
    )


def test_there_are_enough_cases_and_none_stands_twice() -> None:
    assert len(ALL) >= 120
    assert [name for name, times in Counter(case.name for case in ALL).items() if times > 1] == []


def test_every_programme_is_likely_unlikely_and_open_in_some_case(edition: Edition) -> None:
    seen = Counter((name, result) for case in ALL for name, result in case.data["结果"].items())
    always_open = {"价格补贴"}  # whether prices rose enough this month is nobody's fact
    never_open_with_all_told = {"刚性支出"}  # no place's share is on file
    for name in PROGRAMMES:
        wanted = set(RESULTS) - ({"可能"} if name in always_open | never_open_with_all_told else set())
        assert {result for result in wanted if not seen[name, result]} == set(), name
    assert set(PROGRAMMES.values()) == set(edition.programmes)
