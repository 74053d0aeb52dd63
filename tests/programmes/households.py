"""Random households, and the pre-check as it is led: one question after the other until nothing is left to ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from hypothesis import strategies as st

from bot.forms.model import Field, Kind
from bot.knowledge.edition import Edition
from bot.programmes.assess import Assessment
from bot.programmes.facts import Household
from bot.programmes.precheck import next_question

# With two standards (重庆), one (天津), none that is still good (武汉), a province only, and a place outside.
PLACES = ("500103", "120101", "420106", "330106", "420000", "810000", "310115", "370200")
INCOMES = ("0", "300", "900", "1500", "2100", "2400", "3300", "4500", "6000", "9000", "30000")
NOT_KNOWN = None
"""不知道, or 跳过."""


def answers(edition: Edition) -> st.SearchStrategy[dict[str, Any]]:
    """What a household would answer to each question, some of them not at all."""
    asked = {need.fact for programme in edition.programmes.values() for need in programme.needs}
    return st.fixed_dictionaries({key: st.none() | _answer(edition.fields[key]) for key in sorted(asked)})


def _answer(field: Field) -> st.SearchStrategy[Any]:
    values = [option.value for option in field.options]
    if field.kind is Kind.CHOICES:
        return st.lists(st.sampled_from(values), unique=True, max_size=4)
    if field.kind is Kind.CHOICE:
        return st.sampled_from(values)
    if field.kind is Kind.NUMBER:
        return st.integers(1, 8)
    if field.kind is Kind.ADDRESS:
        return st.sampled_from(PLACES).map(lambda code: {"region": code, "detail": ""})
    assert field.kind is Kind.MONEY, field.key
    pairs = st.tuples(st.sampled_from(INCOMES), st.sampled_from(INCOMES) | st.none())
    return pairs.map(lambda pair: _money(*pair))


def _money(low: str, high: str | None) -> dict[str, Any]:
    low, high = (low, high) if high is None or int(low) <= int(high) else (high, low)
    return {"low": low, "high": high, "about": low != high, "per": "month"}


def led(edition: Edition, told: Mapping[str, Any], day: date) -> Iterator[tuple[str, Assessment]]:
    """Each question with what is known when it is asked; at the end "" with what is known then."""
    known: dict[str, Any] = {}
    asked: list[str] = []
    while True:
        household = Household(known, day, edition.figure, asked=asked)
        assessment = Assessment(edition.programmes.values(), household, edition.chain)
        question = next_question(assessment, edition.fields)
        yield question, assessment
        if not question:
            return
        asked.append(question)
        if told.get(question) is not NOT_KNOWN:
            known[question] = told[question]
