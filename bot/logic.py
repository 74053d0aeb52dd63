"""Conditions over facts in three values: yes, no, and not known yet. Written as data, read once, pure.

    {all: [T, …]} {any: [T, …]} {not: T}          Kleene's logic: any(yes, unknown) is yes, all(yes, unknown) unknown
    {is: [fact, value]} {in: [fact, [value, …]]}  for a list fact `has` asks whether it holds the value
    {has: [fact, value]} {none: fact}             `none`: known to be empty
    {less: [a, b]} {at_most: [a, b]} {more: [a, b]} {at_least: [a, b]}
    {known: fact} true false

a and b are numbers, names of facts, or {times: [number, term]} / {plus: [term, …]}. A fact that is a range (low, high)
compares as unknown where the range reaches over the border.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.errors import BadInput

Facts = Mapping[str, Any]
"""What is known; a missing key, or None, is not known. Money is (low, high) with None for no upper end."""


@dataclass(frozen=True, slots=True)
class Test:
    """One condition. `data` is what was written."""

    data: Any
    _run: Callable[[Facts], bool | None]
    reads: frozenset[str]
    """The facts it can ask for."""

    def __call__(self, facts: Facts) -> bool | None:
        return self._run(facts)

    @classmethod
    def read(cls, data: Any) -> Test:
        """Raises BadInput that quotes the part it does not understand."""
        return _read(data)


def _read(data: Any) -> Test:
    if isinstance(data, bool) or data in ("true", "false"):
        value = data in (True, "true")
        return Test(data, lambda facts: value, frozenset())
    if not isinstance(data, dict) or len(data) != 1:
        raise BadInput(f"“{data}”不是一个条件；写成 {{is: [事实, 值]}} 这样的一项")
    ((word, said),) = data.items()
    if word in ("all", "any") and isinstance(said, list) and said:
        parts = [_read(one) for one in said]
        return Test(data, _many(parts, word == "all"), frozenset().union(*(part.reads for part in parts)))
    if word == "not":
        part = _read(said)
        return Test(data, lambda facts: _not(part(facts)), part.reads)
    if word in ("known", "none") and isinstance(said, str):
        return Test(data, _KNOWN[word](said), frozenset({said}))
    if word in ("is", "in", "has") and isinstance(said, list) and len(said) == 2 and isinstance(said[0], str):
        return Test(data, _same(word, said[0], said[1]), frozenset({said[0]}))
    if word in _ORDER and isinstance(said, list) and len(said) == 2:
        return _compare(data, word, said)
    raise BadInput(f"“{word}: {said}”看不懂；可以写 all any not is in has none less at_most more at_least known")


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _many(parts: list[Test], every: bool) -> Callable[[Facts], bool | None]:
    def run(facts: Facts) -> bool | None:
        values = [part(facts) for part in parts]
        if (not every) in values:
            return not every
        return None if None in values else every

    return run


def _known(name: str) -> Callable[[Facts], bool | None]:
    return lambda facts: facts.get(name) is not None


def _none(name: str) -> Callable[[Facts], bool | None]:
    return lambda facts: None if facts.get(name) is None else not facts[name]


_KNOWN = {"known": _known, "none": _none}


def _same(word: str, name: str, wanted: Any) -> Callable[[Facts], bool | None]:
    options = wanted if word == "in" and isinstance(wanted, list) else [wanted]

    def run(facts: Facts) -> bool | None:
        value = facts.get(name)
        if value is None:
            return None
        if word == "has":
            return any(_alike(one, wanted) for one in value)
        return any(_alike(value, option) for option in options)

    return run


def _alike(value: Any, wanted: Any) -> bool:
    """Content files are read as text: true is written, True is meant."""
    if isinstance(value, bool) or isinstance(wanted, bool):
        return str(value).lower() == str(wanted).lower()
    return str(value) == str(wanted)


Range = tuple[Decimal, Decimal | None]
_ORDER = ("less", "at_most", "more", "at_least")


def _compare(data: Any, word: str, said: list[Any]) -> Test:
    left, right = _term(said[0]), _term(said[1])

    def run(facts: Facts) -> bool | None:
        a, b = left[0](facts), right[0](facts)
        if a is None or b is None:
            return None
        if word in ("more", "at_least"):
            a, b = b, a
        strict = word in ("less", "more")
        # From here: is a below b?
        if a[1] is not None and (a[1] < b[0] or (not strict and a[1] == b[0])):
            return True
        if b[1] is not None and (a[0] > b[1] or (strict and a[0] == b[1])):
            return False
        return None

    return Test(data, run, left[1] | right[1])


def _term(said: Any) -> tuple[Callable[[Facts], Range | None], frozenset[str]]:
    if isinstance(said, dict) and len(said) == 1:
        ((word, parts),) = said.items()
        if word == "times" and isinstance(parts, list) and len(parts) == 2:
            factor, (inner, reads) = _number(parts[0]), _term(parts[1])
            if factor is not None:
                return lambda facts: _times(factor, inner(facts)), reads
        if word == "plus" and isinstance(parts, list) and parts:
            terms = [_term(part) for part in parts]
            return lambda facts: _plus([term(facts) for term, _ in terms]), frozenset().union(*(r for _, r in terms))
        raise BadInput(f"“{said}”不是一个数；写数字、事实的名字，或 {{times: [1.5, 事实]}}、{{plus: [事实, …]}}")
    fixed = _number(said)
    if fixed is not None:
        return lambda facts: (fixed, fixed), frozenset()
    if not isinstance(said, str):
        raise BadInput(f"“{said}”不是一个数；写数字或事实的名字")
    return lambda facts: as_range(facts.get(said)), frozenset({said})


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


def _times(factor: Decimal, value: Range | None) -> Range | None:
    return None if value is None else (value[0] * factor, None if value[1] is None else value[1] * factor)


def _plus(values: list[Range | None]) -> Range | None:
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return None
    highs = [high for _, high in known]
    return (
        sum((low for low, _ in known), Decimal(0)),
        None if None in highs else sum((high for high in highs if high is not None), Decimal(0)),
    )
