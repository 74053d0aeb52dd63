"""Conditions over facts in three values: yes, no, and not known yet. Written as data, read once, pure.

    {all: [T, …]} {any: [T, …]} {not: T}          Kleene's logic: any(yes, unknown) is yes, all(yes, unknown) unknown
    {is: [fact, value]} {in: [fact, [value, …]]}  for a list fact `has` asks whether it holds the value
    {has: [fact, value]} {none: fact}             `none`: known to be empty
    {less: [a, b]} {at_most: [a, b]} {more: [a, b]} {at_least: [a, b]}
    {known: fact} true false unknown              `unknown`: nobody can say it from what residents tell

a and b are terms (`bot.terms`): numbers, names of facts, or sums and products of them. A fact that is a range (low,
high) compares as unknown where the range reaches over the border.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bot.errors import BadInput
from bot.terms import Range, Term, as_range, as_written

__all__ = ["Facts", "Refine", "Test", "as_range"]

Facts = Mapping[str, Any]
"""What is known; a missing key, or None, is not known. Money is (low, high) with None for no upper end."""
Refine = Callable[[str], frozenset[str]]
"""The questions not asked yet whose answers would make this fact known, or known more exactly."""
_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Test:
    """One condition. `data` is what was written."""

    data: Any
    _run: Callable[[Facts], bool | None]
    _open: Callable[[Facts, Refine], frozenset[str]]
    reads: frozenset[str]
    """The facts it can ask for."""

    def __call__(self, facts: Facts) -> bool | None:
        return self._run(facts)

    def open(self, facts: Facts, refine: Refine) -> frozenset[str]:
        """The questions whose answers can still change its value: none once it is settled, none where no answer to
        any question would settle it."""
        return self._open(facts, refine)

    @classmethod
    def read(cls, data: Any) -> Test:
        """Raises BadInput that quotes the part it does not understand."""
        return _read(data)


def _read(data: Any) -> Test:
    if isinstance(data, bool) or data in ("true", "false", "unknown"):
        value = None if data == "unknown" else data in (True, "true")
        return Test(data, lambda facts: value, _settled, _NOTHING)
    if not isinstance(data, dict) or len(data) != 1:
        raise BadInput(f"“{as_written(data)}”不是一个条件；写成 {{is: [事实, 值]}} 这样的一项")
    ((word, said),) = data.items()
    if word in ("all", "any") and isinstance(said, list) and said:
        return _many(data, [_read(one) for one in said], word == "all")
    if word == "not":
        part = _read(said)
        return Test(data, lambda facts: _not(part(facts)), part.open, part.reads)
    if word in ("known", "none") and isinstance(said, str):
        return _leaf(data, _KNOWN[word](said), said)
    if word in ("is", "in", "has") and isinstance(said, list) and len(said) == 2 and isinstance(said[0], str):
        return _leaf(data, _same(word, said[0], said[1]), said[0])
    if word in _ORDER and isinstance(said, list) and len(said) == 2:
        return _compare(data, word, said)
    raise BadInput(
        f"“{word}: {as_written(said)}”看不懂；可以写 all any not is in has none less at_most more at_least known"
    )


def _settled(facts: Facts, refine: Refine) -> frozenset[str]:
    return _NOTHING


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _many(data: Any, parts: list[Test], every: bool) -> Test:
    def run(facts: Facts) -> bool | None:
        values = [part(facts) for part in parts]
        if (not every) in values:
            return not every
        return None if None in values else every

    def still(facts: Facts, refine: Refine) -> frozenset[str]:
        if run(facts) is not None:
            return _NOTHING
        return _NOTHING.union(*(part.open(facts, refine) for part in parts))

    return Test(data, run, still, _NOTHING.union(*(part.reads for part in parts)))


def _leaf(data: Any, run: Callable[[Facts], bool | None], name: str) -> Test:
    """A test of one fact: it is open as long as that fact is not known."""

    def still(facts: Facts, refine: Refine) -> frozenset[str]:
        return refine(name) if facts.get(name) is None else _NOTHING

    return Test(data, run, still, frozenset({name}))


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


_ORDER = ("less", "at_most", "more", "at_least")
_ENDLESS = Decimal("Infinity")
_ANYTHING: tuple[Decimal, Decimal] = (-_ENDLESS, _ENDLESS)


def _compare(data: Any, word: str, said: list[Any]) -> Test:
    low, high = Term.read(said[0]), Term.read(said[1])
    if word in ("more", "at_least"):
        low, high = high, low
    strict = word in ("less", "more")
    # From here: is `low` below `high`?

    def run(facts: Facts) -> bool | None:
        a, b = _ends(low(facts)), _ends(high(facts))
        if a is None or b is None:
            return None
        if _below(a[1], b[0], strict):
            return True
        return False if _below(b[1], a[0], not strict) else None

    def still(facts: Facts, refine: Refine) -> frozenset[str]:
        if run(facts) is not None:
            return _NOTHING
        a, b = _ends(low(facts)), _ends(high(facts))
        of_a, of_b = _questions(low, refine), _questions(high, refine)
        if (a is None and not of_a) or (b is None and not of_b):
            return _NOTHING
        # Answers can bring a side to either of its ends; where there is nothing more to ask, its worse end stays.
        (a0, a1), (b0, b1) = a or _ANYTHING, b or _ANYTHING
        yes = _below(a0 if of_a else a1, b1 if of_b else b0, strict)
        no = _below(b0 if of_b else b1, a1 if of_a else a0, not strict)
        return of_a | of_b if yes or no else _NOTHING

    return Test(data, run, still, low.reads | high.reads)


def _ends(value: Range | None) -> tuple[Decimal, Decimal] | None:
    return None if value is None else (value[0], _ENDLESS if value[1] is None else value[1])


def _below(a: Decimal, b: Decimal, strict: bool) -> bool:
    return a < b or (not strict and a == b and a.is_finite())


def _questions(term: Term, refine: Refine) -> frozenset[str]:
    return _NOTHING.union(*(refine(name) for name in term.reads))
