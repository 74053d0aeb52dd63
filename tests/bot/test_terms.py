"""Numbers out of facts, as ranges: never below zero, and as wide as what is not known."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.terms import Term, as_range

FACTS = {"size": 3, "income": (Decimal(900), Decimal(1000)), "much": (Decimal(500), None), "standard": 1045}


@pytest.mark.parametrize(
    ("data", "value"),
    [
        ("1.5", (Decimal("1.5"), Decimal("1.5"))),
        ("size", (3, 3)),
        ("much", (500, None)),
        ("nothing", None),
        ({"times": ["size", "standard"]}, (3135, 3135)),
        ({"times": ["2", "much"]}, (1000, None)),
        ({"times": ["2", "nothing"]}, None),
        ({"plus": ["size", "income", "1"]}, (904, 1004)),
        ({"plus": ["size", "much"]}, (503, None)),
        ({"minus": ["standard", "income"]}, (45, 145)),
        ({"minus": ["standard", "much"]}, (0, 545)),
        ({"minus": ["income", "standard"]}, (0, 0)),
        ({"upto": "standard"}, (0, 1045)),
        ({"first": ["nothing", "size", "standard"]}, (3, 3)),
        ({"first": ["nothing"]}, None),
    ],
)
def test_a_term_is(data: Any, value: Any) -> None:
    assert Term.read(data)(FACTS) == value


def test_it_tells_which_facts_it_reads() -> None:
    assert Term.read({"times": ["size", {"minus": ["standard", {"first": ["a", "b"]}]}]}).reads == {
        "size", "standard", "a", "b",
    }  # fmt: skip


AMOUNTS = st.integers(0, 10_000).map(Decimal)


@given(a=AMOUNTS, wider_a=AMOUNTS, b=AMOUNTS, wider_b=AMOUNTS)
def test_a_range_holds_every_value_inside_it(a: Decimal, wider_a: Decimal, b: Decimal, wider_b: Decimal) -> None:
    ranges = {"a": (min(a, wider_a), max(a, wider_a)), "b": (min(b, wider_b), max(b, wider_b))}
    for way in ("times", "plus", "minus"):
        term = Term.read({way: ["a", "b"]})
        low, high = term(ranges) or (Decimal(-1), Decimal(-1))
        exact = term({"a": a, "b": b})
        assert exact is not None
        assert low <= exact[0] <= (high or exact[0])


@pytest.mark.parametrize("value", [float("inf"), "nan", "1e400x", True, None, "", "三百"])
def test_what_is_no_number_is_not_known(value: Any) -> None:
    assert as_range(value) is None
