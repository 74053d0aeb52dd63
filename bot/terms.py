"""Numbers worked out of facts, as ranges: what a condition compares and what an amount is made of. Pure.

1.5                        a number
household_size             a fact: a number, or a range
{times: [a, b]} {plus: [a, …]} {minus: [a, b]}    never below zero: there is no negative income or benefit
{upto: a}                  from nothing to a
{first: [a, …]}            the first of them that is known
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.errors import BadInput

Range = tuple[Decimal, Decimal | None]
"""(low, high); None is no upper end."""
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Term:
    """One number worked out of facts; unknown (None) where a fact it needs is."""

    data: Any
    _run: Callable[[Mapping[str, Any]], Range | None]
    reads: frozenset[str]

    def __call__(self, facts: Mapping[str, Any]) -> Range | None:
        return self._run(facts)

    @classmethod
    def read(cls, data: Any) -> Term:
        """Raises BadInput that quotes the part it does not understand."""
        fixed = _number(data)
        if fixed is not None:
            return Term(data, lambda facts: (fixed, fixed), frozenset())
        if isinstance(data, str) and data:
            return Term(data, lambda facts: as_range(facts.get(data)), frozenset({data}))
        if isinstance(data, dict) and len(data) == 1:
            ((word, parts),) = data.items()
            terms = [cls.read(part) for part in (parts if isinstance(parts, list) else [parts])]
            if word in _WAYS and terms and len(terms) == _TAKES.get(word, len(terms)):
                return Term(data, _worked(_WAYS[word], terms), frozenset().union(*(term.reads for term in terms)))
        raise BadInput(
            f"“{as_written(data)}”不是一个数；写数字、事实的名字，或 {{times: [1.5, 事实]}} 这样的一项（times plus minus upto first）"
        )


def as_written(data: Any) -> str:
    """A part of a condition as its editor wrote it, for the words of a refusal."""
    if isinstance(data, Mapping):
        return "{" + ", ".join(f"{name}: {as_written(part)}" for name, part in data.items()) + "}"
    return "[" + ", ".join(map(as_written, data)) + "]" if isinstance(data, list) else str(data)


def as_range(value: Any) -> Range | None:
    """A number or a (low, high) pair as a range; None stays None."""
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, tuple):
        return value
    number = _number(value)
    return None if number is None else (number, number)


def _number(said: Any) -> Decimal | None:
    try:
        value = Decimal(str(said))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _worked(way: Callable[[list[Range | None]], Range | None], terms: list[Term]) -> Callable[[Any], Range | None]:
    return lambda facts: way([term(facts) for term in terms])


def _times(values: list[Range | None]) -> Range | None:
    a, b = values
    if a is None or b is None:
        return None
    return a[0] * b[0], None if a[1] is None or b[1] is None else a[1] * b[1]


def _plus(values: list[Range | None]) -> Range | None:
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return None
    highs = [high for _, high in known if high is not None]
    return sum((low for low, _ in known), _ZERO), sum(highs, _ZERO) if len(highs) == len(known) else None


def _minus(values: list[Range | None]) -> Range | None:
    a, b = values
    if a is None or b is None:
        return None
    low = _ZERO if b[1] is None else max(_ZERO, a[0] - b[1])
    return low, None if a[1] is None else max(_ZERO, a[1] - b[0])


def _upto(values: list[Range | None]) -> Range | None:
    (value,) = values
    return None if value is None else (_ZERO, value[1])


def _first(values: list[Range | None]) -> Range | None:
    return next((value for value in values if value is not None), None)


_WAYS: Mapping[str, Callable[[list[Range | None]], Range | None]] = {
    "times": _times,
    "plus": _plus,
    "minus": _minus,
    "upto": _upto,
    "first": _first,
}
_TAKES = {"times": 2, "minus": 2, "upto": 1}
