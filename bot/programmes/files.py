"""Programmes as editors write them: one file in content/programmes each, read into `bot.programmes.model`.

What cannot be used is noted in one line: what is wrong, what to do. Unknown keys, days and regions are refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from bot.errors import BadInput
from bot.knowledge.answers import PROGRAMMES
from bot.knowledge.contacts import OFFICES
from bot.knowledge.fields import NATION, Fields
from bot.logic import Test
from bot.programmes.model import Programme
from bot.programmes.parts import (
    GROUPS,
    PER,
    PLACES,
    UNITS,
    Amount,
    Apply,
    Basis,
    Condition,
    Doubt,
    Need,
    Paper,
    Papers,
    Parameter,
    Reach,
    Stage,
    Value,
    number,
)
from bot.regions import RegionTree
from bot.terms import Term

KEY = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_NUMBER = re.compile(r"\d{1,7}(\.\d{1,4})?", re.ASCII)
_WHOLE = re.compile(r"\d{1,3}", re.ASCII)
Read = TypeVar("Read")


def read_programme(data: Fields, tree: RegionTree) -> Programme:
    """One programme. Facts and clauses it names are checked against the rest of the content elsewhere."""
    reader = _Reader(tree)
    apply = tuple(reader.apply(one) for one in data.groups("apply"))
    programme = Programme(
        id=_key(data, "id"),
        name=data.text("name"),
        plain=data.text("plain"),
        group=data.one_of("group", GROUPS),
        topic=data.one_of("topic", PROGRAMMES),
        order=_whole(data, "order"),
        urgent=_yes(data, "urgent"),
        reach=reader.reach(data),
        here=any(one.at == "here" for one in apply),
        apply=apply,
        conditions=tuple(reader.condition(one) for one in data.groups("conditions")),
        parameters=tuple(reader.parameter(one) for one in data.groups("parameters")),
        needs=tuple(_need(one) for one in data.groups("facts", single="fact")),
        papers=reader.papers(data.group("papers")),
        stages=tuple(reader.stage(one) for one in data.groups("stages")),
        amounts=tuple(reader.amount(one) for one in data.groups("amounts")),
        doubts=tuple(reader.doubt(one) for one in data.groups("doubts")),
        form=data.text("form", required=False),
    )
    for name, found in (("apply", programme.apply), ("conditions", programme.conditions)):
        if not found:
            data.complain(name, "一条也没有", "至少写一条")
    data.end()
    return programme


class _Reader:
    """Reads the parts that know regions."""

    def __init__(self, tree: RegionTree) -> None:
        self._tree = tree

    def reach(self, data: Fields) -> Reach:
        reach = Reach(data.region("region", self._tree, default=NATION), data.day("from"), data.day("to"))
        if reach.first and reach.last and reach.last < reach.first:
            data.complain("to", f"{reach.last}在第一天{reach.first}之前", "核对 from 和 to")
        return reach

    def bases(self, data: Fields, needed: bool = True) -> tuple[Basis, ...]:
        bases = tuple(self._basis(one) for one in data.groups("clauses"))
        if needed and not bases:
            data.complain("clauses", "没有依据", "写上文件和第几条")
        return bases

    def _basis(self, data: Fields) -> Basis:
        basis = Basis(data.text("document"), data.text("clause", required=False), self.reach(data))
        data.end()
        return basis

    def apply(self, data: Fields) -> Apply:
        found = Apply(
            at=data.one_of("at", PLACES),
            office=data.one_of("office", OFFICES, required=False),
            text=data.text("text"),
            bases=self.bases(data),
            reach=self.reach(data),
        )
        data.end()
        return found

    def condition(self, data: Fields) -> Condition:
        found = Condition(
            id=_key(data, "id"),
            text=data.text("text"),
            unmet=data.text("unmet", required=False),
            unsure=data.text("unsure", required=False),
            test=_understood(data, "test", Test.read, Test.read("unknown")),
            bases=self.bases(data),
            reach=self.reach(data),
        )
        data.end()
        return found

    def parameter(self, data: Fields) -> Parameter:
        found = Parameter(
            name=_key(data, "name"),
            text=data.text("text"),
            values=tuple(self._value(one) for one in data.groups("values")),
        )
        data.end()
        return found

    def _value(self, data: Fields) -> Value:
        low, high = data.text("low"), data.text("high", required=False)
        for name, said in (("low", low), ("high", high)):
            if said and not _NUMBER.fullmatch(said):
                data.complain(name, f"“{said}”不是数", "只写数字，如 1.5")
                low = high = ""
        found = Value(number(low or "0", high), self.bases(data), self.reach(data))
        if found.amount[1] is not None and found.amount[1] < found.amount[0]:
            data.complain("high", f"“{high}”比 low 小", "核对 low 和 high")
        data.end()
        return found

    def papers(self, data: Fields) -> Papers:
        found = Papers(
            needed=tuple(self._paper(one) for one in data.groups("needed")),
            sometimes=tuple(self._paper(one, when=True) for one in data.groups("sometimes")),
            not_to_ask=tuple(self._paper(one, why=True) for one in data.groups("not_to_ask")),
        )
        data.end()
        return found

    def _paper(self, data: Fields, when: bool = False, why: bool = False) -> Paper:
        test = _understood(data, "when", Test.read, Test.read("unknown")) if when else None
        found = Paper(
            text=data.text("text"),
            field=data.text("field", required=False),
            when=test,
            why=data.text("why", required=why),
            bases=self.bases(data),
        )
        data.end()
        return found

    def stage(self, data: Fields) -> Stage:
        found = Stage(
            state=_key(data, "state"),
            text=data.text("text"),
            days=_whole(data, "days"),
            at_most=_whole(data, "at_most"),
            working=data.one_of("unit", ("working", "calendar"), required=False) != "calendar",
            counts_from=data.text("counts_from", required=False),
            bases=self.bases(data),
            reach=self.reach(data),
        )
        if found.at_most and found.at_most < found.days:
            data.complain("at_most", f"{found.at_most}天比 days 的{found.days}天短", "核对 days 和 at_most")
        data.end()
        return found

    def amount(self, data: Fields) -> Amount:
        found = Amount(
            term=_understood(data, "term", Term.read, Term.read("0")),
            text=data.text("text"),
            unit=data.one_of("unit", UNITS),
            per=data.one_of("per", PER),
            figure=data.one_of("figure", PROGRAMMES, required=False),
            bases=self.bases(data),
            reach=self.reach(data),
        )
        data.end()
        return found

    def doubt(self, data: Fields) -> Doubt:
        found = Doubt(data.text("text"), self.reach(data))
        data.end()
        return found


def _need(data: Fields) -> Need:
    when = _understood(data, "when", Test.read, None) if data.has("when") else None
    need = Need(_key(data, "fact"), when)
    data.end()
    return need


def _understood(data: Fields, name: str, read: Callable[[object], Read], instead: Read) -> Read:
    """A test or a term; what is not understood is noted with the words it was refused in."""
    if not data.has(name):
        data.complain(name, "没有写", "写上，如 {has: [people, elder]}")
        return instead
    try:
        return read(data.value(name))
    except BadInput as error:
        what, _, todo = str(error).partition("；")
        data.complain(name, f"里的{what}", todo or "改写这一项")
        return instead


def _key(data: Fields, name: str) -> str:
    value = data.text(name)
    if value and not KEY.fullmatch(value):
        data.complain(name, f"“{value}”不能作名字", "用小写英文字母、数字和下划线，如 low_income")
    return value


def _yes(data: Fields, name: str) -> bool:
    return data.one_of(name, ("true", "false"), required=False) == "true"


def _whole(data: Fields, name: str) -> int:
    value = data.text(name, required=False)
    if value and not _WHOLE.fullmatch(value):
        data.complain(name, f"“{value}”不是整数", "只写数字，如 30")
        return 0
    return int(value or 0)
