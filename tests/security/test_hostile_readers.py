"""No text breaks what reads it, and none made to hurt costs more than a moment (A-37, A-39): nobody else waits for it."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import time
from collections.abc import Iterable, Iterator
from datetime import date
from types import ModuleType
from typing import Any, TypeGuard

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bot.desk
import bot.knowledge.search
import bot.language
import bot.regions
import connectors.wechat
from bot import people
from bot.desk.responding import NLU_CHARACTERS
from bot.language import amounts, choosing, dates, departments, distress, normalise, numerals, plain, programmes, typos
from bot.regions import RegionTree

_TREE = RegionTree.from_csv("content/regions.csv")
_DAY = date(2026, 11, 25)
_READERS: dict[str, Any] = {
    "normalise": normalise.normalise,
    "match_key": normalise.match_key,
    "plain": plain.plain_words,
    "repair": typos.repair,
    "amounts": amounts.find,
    "amount": amounts.parse,
    "dates": lambda text: dates.parse(text, _DAY),
    "digits": numerals.to_digits,
    "number": numerals.number,
    "programmes": programmes.find,
    "departments": departments.find,
    "places": _TREE.find,
    "choosing": lambda text: choosing.chosen(text, ["低保怎么申请", "特困"]),
    "mask": people.mask,
    "danger": distress.listen,
}
_WHOLE = 48_000
"""What fits through the smallest door: 64 KB of XML around base64."""
REACH = {
    "bot.people": _WHOLE,
    "bot.language.distress": distress._PIECE,
    "bot.language.choosing": 200,
}
"""How much of a text meets the expressions of a module, where it is not what NLU reads."""
LIMIT = 0.010
_FUNCTIONS = {"compile", "search", "match", "fullmatch", "sub", "split", "finditer", "findall"}


def _modules() -> Iterator[ModuleType]:
    yield from (people, bot.regions)
    for package in (bot.language, bot.desk, bot.knowledge.search, connectors.wechat):
        for found in pkgutil.iter_modules(package.__path__, package.__name__ + "."):
            yield importlib.import_module(found.name)


def _expressions(module: ModuleType) -> dict[str, tuple[re.Pattern[str], bool]]:
    """Every expression of a module: kept under a name, deep in a table or object, or written where it is used; and
    whether it is only ever held against a text from its start."""
    with open(str(module.__file__), encoding="utf-8") as file:
        calls = [call for call in ast.walk(ast.parse(file.read())) if _asks(call)]
    used: dict[str, set[str]] = {}
    for call in calls:
        if isinstance(call.func.value, ast.Name):
            used.setdefault(call.func.value.id, set()).add(call.func.attr)
    found = {pattern.pattern: (pattern, False) for pattern in _inside(vars(module).values(), module.__name__, set())}
    for name, how in used.items():
        if isinstance(pattern := vars(module).get(name), re.Pattern):
            found[pattern.pattern] = (pattern, how <= {"match", "fullmatch"})
    for call in calls:
        if isinstance(call.func.value, ast.Name) and call.func.value.id == "re":
            if any(isinstance(part, ast.Name) and part.id == "self" for part in ast.walk(call.args[0])):
                continue  # made in an object of the module's, where `_inside` finds it
            written = eval(compile(ast.Expression(call.args[0]), module.__name__, "eval"), dict(vars(module)))
            found.setdefault(written, (re.compile(written), call.func.attr in ("match", "fullmatch")))
    return found


def _asks(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _FUNCTIONS


def _inside(values: Iterable[Any], module: str, seen: set[int]) -> Iterator[re.Pattern[str]]:
    for value in values:
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, re.Pattern):
            yield value
        elif isinstance(value, dict):
            yield from _inside(value.values(), module, seen)
        elif isinstance(value, list | tuple | set | frozenset):
            yield from _inside(value, module, seen)
        elif type(value).__module__.startswith("bot.language"):
            held = [
                getattr(value, name, None)
                for name in (*getattr(value, "__dict__", ()), *getattr(value, "__slots__", ()))
            ]
            yield from _inside(held, module, seen)


EXPRESSIONS = [
    pytest.param(
        *expression, REACH.get(module.__name__, NLU_CHARACTERS), id=f"{module.__name__.removeprefix('bot.')}-{n}"
    )
    for module in _modules()
    for n, expression in enumerate(_expressions(module).values())
]


def _attacks(pattern: str, length: int) -> Iterator[str]:
    """Runs of what the expression itself speaks of, and of what every such expression minds, with and without an end
    that spoils the match."""
    words = re.findall(r"[一-鿿]+|[A-Za-z]|\d+", re.sub(r"\\[a-zA-Z]|\\u[0-9a-f]{4}", "", pattern))
    signs = sorted(set(re.sub(r"[\w\s]", "", pattern)))[:12]
    own = sorted({word for word in words if len(word) <= 6}, key=lambda word: -len(word))
    classes = [
        "1",
        "1 ",
        "1,",
        "12",
        "１",
        "19",
        "2020",
        "420106",
        "1380013",
        "一",
        "一十",
        "三五",
        "我",
        "。",
        " ",
        " \t",
        "，那",
        "a",
        "_",
        "\n",
    ]
    units = [*own[:40], *(a + b for a, b in zip(own[:12], own[1:13], strict=False)), *signs, *classes]
    for unit in dict.fromkeys(units):
        run = (unit * (length // len(unit) + 1))[: length - 1]
        yield run
        yield run + "\ue000"


def _cpu(pattern: re.Pattern[str], anchored: bool, text: str) -> float:
    began = time.process_time()
    pattern.fullmatch(text)
    if not anchored:
        for _ in pattern.finditer(text):
            pass
    return time.process_time() - began


@pytest.mark.parametrize(("pattern", "anchored", "reach"), EXPRESSIONS)
def test_no_expression_runs_away(pattern: re.Pattern[str], anchored: bool, reach: int) -> None:
    """What would double with every word shows on 24 of them, what grows with their square on 600; a tenth of a
    second is far beyond either on a busy machine, too."""
    for length in (24, 48, 72, min(reach, 600)):
        for text in _attacks(pattern.pattern, length):
            spent = _cpu(pattern, anchored, text)
            assert spent <= 0.1, f"{spent * 1000:.0f} ms for {text[:8]!r}… ({len(text)} characters)"


@pytest.mark.proof
@pytest.mark.alone
@pytest.mark.parametrize(("pattern", "anchored", "reach"), EXPRESSIONS)
def test_no_text_is_worth_more_than_ten_milliseconds(pattern: re.Pattern[str], anchored: bool, reach: int) -> None:
    timed = ((_cpu(pattern, anchored, text), text) for text in _attacks(pattern.pattern, reach))
    worst, text = max(timed, key=lambda pair: pair[0])
    if worst > LIMIT:  # a busy machine: the best of five counts
        worst = min(_cpu(pattern, anchored, text) for _ in range(5))
    assert worst <= LIMIT, f"{worst * 1000:.1f} ms for {text[:8]!r}… ({len(text)} characters)"


@pytest.mark.proof
@pytest.mark.alone
def test_the_readers_as_wholes_stay_cheap() -> None:
    """Not only their expressions: a hundred places in one text cost 140 ms before they were bounded."""
    units = [
        "朝阳",
        "中山路",
        "吉林",
        "武汉市",
        "一",
        "一十",
        "三五百",
        "1万",
        "谢谢",
        "请问",
        "那个，",
        "6222",
        "低保",
        "死了",
        "〔",
        "ﷺ",
        "1 ",
    ]
    for name, reader in _READERS.items():
        if name in ("mask", "danger"):
            continue
        for unit in units:
            text = (unit * 600)[:600]
            best = min(_timed(reader, text + "x" * n) for n in range(3))
            assert best <= 0.030, f"{name}: {best * 1000:.0f} ms for {unit!r}"


def _timed(reader: Any, text: str) -> float:
    began = time.process_time()
    reader(text)
    return time.process_time() - began


@given(st.text(alphabet=st.characters(codec=None), max_size=80))
@settings(max_examples=150, deadline=None)
def test_no_text_breaks_what_reads_it(text: str) -> None:
    for reader in _READERS.values():
        reader(text)


@given(st.text(alphabet="零一二三两十百千万亿〇几半个月年天前块元多来0123456789.,-/ 号日", max_size=40))
@settings(max_examples=300, deadline=None)
def test_no_heap_of_numerals_breaks_what_counts(text: str) -> None:
    for name in ("amounts", "amount", "dates", "digits", "number", "normalise"):
        _READERS[name](text)
