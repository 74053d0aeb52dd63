"""Which people of a household a text speaks of: by name, by relation, 我, 孩子, 其他人, 除了孙子."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.forms.facts import facts_of, members_of
from bot.forms.model import Field, Form, Given, Kind, State, member_path
from bot.forms.readers.base import Context
from bot.forms.readers.kin import BY_SEX, CHILD, COUPLE, ELDER, MYSELF, same
from bot.forms.readers.plain import plain

_EVERYONE = (
    r"(?:我们|咱们?|俺们)?(?:一?家[三四五六七八]口|全家人?|一家人|一家子|家里人|大家|大伙|所有人|每个人|个个|人人"
    r"|几个人|[两三四五六七八]个人?|[两三四五六七八]口人?)?(?:都|全都|全)"
)
_OTHERS = r"(?:其他|其余|别的|剩下|另外)(?:的|几个|两个|家里)*人?|别人|其他人"
_APART = r"除了?|除去|不算"
_JOIN = re.compile(r"(?:\s|、|,|，|和|跟|与|还有|以及|及|加上?|的|家|我|她|他|两个|[一二两]个|俩|以外|之外|外|也)*")
_MINDING = re.compile(r"(?:带|看|照顾|照看|伺候|接送|护理|陪)(?:着|我|小)?$")
"""我带孙子 says what I do, and nothing of the grandson."""
RELATION = "relation"


@dataclass(frozen=True, slots=True)
class Group:
    """Members named together, and what is said of them until others are named."""

    members: tuple[int, ...]
    start: int
    end: int
    chunk: tuple[int, int]
    """Where the words about them stand."""


def words_of(form: Form, answers: Mapping[str, Given], context: Context) -> dict[str, tuple[int, ...]]:
    """Everything a member may be called, and who it can be."""
    fields = {one.field.key: one.field for step in form.steps for one in step.fields}
    known: dict[str, list[int]] = {}
    for number in range(1, members_of(form, answers) + 1):
        sex = facts_of(form, answers, context.today, number).get("sex") if number > 1 else None
        others = BY_SEX["female" if sex == "male" else "male"] if sex else frozenset()
        for word in _called(fields, answers, number) - others:
            known.setdefault(plain(word), []).append(number)
    for word in MYSELF:
        known[word] = [1]
    partner = known.get("老伴", [])
    if len(partner) == 1:
        known |= {word: [1, *partner] for word in COUPLE}
    _by_age(known, form, answers, context)
    return {word: tuple(dict.fromkeys(numbers)) for word, numbers in known.items() if word}


def _called(fields: Mapping[str, Field], answers: Mapping[str, Given], number: int) -> set[str]:
    words: set[str] = set()
    for key, field in fields.items():
        given = answers.get(member_path(number, key)) or (answers.get(key) if number == 1 else None)
        if given is None or given.state is not State.SAID:
            continue
        if field.kind is Kind.NAME and key == "name":
            name = str(given.value)
            words |= {name, name[1:]} if len(name) == 3 else {name}
        if key == RELATION and field.kind is Kind.CHOICE and number > 1:
            for option in field.options:
                if option.value == given.value:
                    said = {option.label, *option.words}
                    words |= said | {other for word in said for other in same(word)}
    return {word for word in words if word not in MYSELF}


def _by_age(known: dict[str, list[int]], form: Form, answers: Mapping[str, Given], context: Context) -> None:
    for words, youngest, oldest in ((CHILD, 0, 17), (ELDER, 60, 150)):
        if any(word in known for word in words):
            continue
        people = [
            number
            for number in range(1, members_of(form, answers) + 1)
            if youngest <= facts_of(form, answers, context.today, number).get("age", -1) <= oldest
        ]
        for word in words if people else ():
            known[word] = people


def groups(text: str, form: Form, answers: Mapping[str, Given], context: Context) -> list[Group]:
    """The members a text names, in order, each with the words that follow. 都健康，孙子残疾 is everybody, then 孙子."""
    count, known = members_of(form, answers), words_of(form, answers, context)
    names = "|".join(sorted(map(re.escape, known), key=len, reverse=True))
    pattern = re.compile(rf"(?P<apart>{_APART})|(?P<others>{_OTHERS})|(?P<all>{_EVERYONE})|(?P<who>{names})")
    found: list[tuple[list[int], int, int]] = []
    named: set[int] = set()
    apart: list[int] | None = None
    began = 0
    for match in pattern.finditer(text):
        if match["apart"]:
            apart, began = [], match.start()
            continue
        joined = bool(found) and _JOIN.fullmatch(text, found[-1][2], match.start()) is not None
        if match["all"]:
            if apart is not None:
                found.append(([one for one in range(1, count + 1) if one not in apart], began, match.end()))
                apart = None
            elif not joined and not (found and _JOIN.sub("", text[found[-1][2] : match.start()]) == ""):
                found.append((list(range(1, count + 1)), match.start(), match.end()))
            continue
        if match["others"]:
            if apart is None:
                found.append(([one for one in range(1, count + 1) if one not in named], match.start(), match.end()))
            continue
        if _MINDING.search(text[: match.start()]):
            continue
        people = known[match["who"]]
        if apart is not None:
            apart.extend(people)
            named.update(people)
            continue
        if (
            len(people) > 1
            and match["who"] not in COUPLE
            and not re.match(r"\s*(?:们|都|俩|两个|全|也都)", text[match.end() :])
        ):
            # 孙子 where there are two of them: nobody is guessed, each is asked alone.
            people = ()
        named.update(people)
        if joined and not _all_at(text, found[-1]):
            found[-1] = ([*found[-1][0], *people], found[-1][1], match.end())
        else:
            found.append((list(people), match.start(), match.end()))
    ends = [*(start for _, start, _ in found[1:]), len(text)]
    return [
        Group(tuple(dict.fromkeys(people)), start, end, (end, stop))
        for (people, start, end), stop in zip(found, ends, strict=False)
    ]


def _all_at(text: str, group: tuple[list[int], int, int]) -> bool:
    """都 ends a list of people: what follows it names others."""
    return re.fullmatch(_EVERYONE, text[group[1] : group[2]]) is not None
