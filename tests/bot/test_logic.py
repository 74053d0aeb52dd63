"""Conditions in three values: what they say, what they still want to know, and the words in which they are refused."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.logic import Test as Condition

KNOWN = {"size": 3, "kind": "urban", "assets": [], "people": ["elder"], "income": (Decimal(900), Decimal(1000))}


@pytest.mark.parametrize(
    ("data", "value"),
    [
        ("true", True),
        ("false", False),
        ("unknown", None),
        ({"is": ["kind", "urban"]}, True),
        ({"is": ["kind", "rural"]}, False),
        ({"is": ["nothing", "x"]}, None),
        ({"in": ["kind", ["rural", "urban"]]}, True),
        ({"has": ["people", "elder"]}, True),
        ({"has": ["people", "child"]}, False),
        ({"none": "assets"}, True),
        ({"none": "people"}, False),
        ({"none": "nothing"}, None),
        ({"known": "size"}, True),
        ({"known": "nothing"}, False),
        ({"less": ["income", "1000"]}, None),
        ({"at_most": ["income", "1000"]}, True),
        ({"less": ["income", "1001"]}, True),
        ({"less": ["income", "900"]}, False),
        ({"more": ["size", "2"]}, True),
        ({"more": ["size", "3"]}, False),
        ({"at_least": ["size", "3"]}, True),
        ({"at_least": ["size", "4"]}, False),
        ({"less": [{"times": ["2", "size"]}, "7"]}, True),
        ({"less": [{"times": ["size", "income"]}, "2700"]}, False),
        ({"all": [{"known": "size"}, "unknown"]}, None),
        ({"all": [{"none": "people"}, "unknown"]}, False),
        ({"any": [{"known": "size"}, "unknown"]}, True),
        ({"any": [{"none": "people"}, "unknown"]}, None),
        ({"not": "unknown"}, None),
        ({"not": {"none": "people"}}, True),
    ],
)
def test_a_condition_says(data: Any, value: bool | None) -> None:
    assert Condition.read(data)(KNOWN) is value


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"lesser": ["a", "b"]}, "“lesser: \\[a, b\\]”看不懂"),
        (["a"], "“\\[a\\]”不是一个条件"),
        ({"all": []}, "“all: \\[\\]”看不懂"),
        ({"is": ["a"]}, "“is: \\[a\\]”看不懂"),
        ({"less": ["a", {"divided": ["b", "c"]}]}, "“{divided: \\[b, c\\]}”不是一个数"),
        ({"less": ["a", {"times": ["b"]}]}, "“{times: \\[b\\]}”不是一个数"),
    ],
)
def test_what_is_not_understood_is_quoted(data: Any, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        Condition.read(data)


CHOICES = {"kind": ("urban", "rural"), "tonight": ("home", "street"), "size": (1, 3), "income": (0, 900, 2000)}
LEAVES = [
    "unknown",
    {"is": ["kind", "urban"]},
    {"in": ["tonight", ["street"]]},
    {"less": ["income", "1000"]},
    {"at_least": [{"times": ["size", "500"]}, "income"]},
    {"more": ["size", "2"]},
    {"less": ["income", "standard"]},
]
CONDITIONS = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
    ),
    max_leaves=6,
)
PARTIAL = st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in CHOICES.items()})


def completions(facts: dict[str, Any]) -> Iterator[dict[str, Any]]:
    missing = [name for name in CHOICES if name not in facts]
    for values in itertools.product(*(CHOICES[name] for name in missing)):
        yield {**facts, **dict(zip(missing, values, strict=True))}


@given(data=CONDITIONS, facts=PARTIAL)
def test_what_is_known_stays_known(data: Any, facts: dict[str, Any]) -> None:
    """More facts never turn a yes into a no: nobody is told something that the next answer takes back."""
    condition = Condition.read(data)
    value = condition(facts)
    if value is not None:
        assert {condition(more) for more in completions(facts)} == {value}


@given(data=CONDITIONS, facts=PARTIAL)
def test_what_is_not_asked_for_would_not_have_changed_it(data: Any, facts: dict[str, Any]) -> None:
    """The questions left out make no difference, whatever their answers: `standard` is never to be known here."""
    condition = Condition.read(data)
    wanted = condition.open(facts, lambda name: frozenset({name} if name in CHOICES and name not in facts else ()))
    assert wanted <= condition.reads
    for more in completions(facts):
        asked = {name: value for name, value in more.items() if name in facts or name in wanted}
        assert condition(asked) is condition(more)


def test_a_question_that_can_settle_nothing_is_not_asked() -> None:
    """Where the standard is only known to be more than nothing, an income settles it alone at zero."""
    below = Condition.read({"less": ["income", "standard"]})
    unpublished = (Decimal("0.01"), None)
    ask = {"income": frozenset({"income"}), "standard": frozenset[str]()}
    assert below.open({"standard": unpublished}, ask.__getitem__) == {"income"}
    some = {"standard": unpublished, "income": (Decimal(60), Decimal(1800))}
    assert below.open(some, ask.__getitem__) == frozenset()
    assert below({"standard": unpublished, "income": 0}) is True
