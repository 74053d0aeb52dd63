"""Which answers a correction is about: named by their words, by whose they are, or by the value they have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.forms.model import Asked, Field, Form, Given, Kind, Sheet, State, split_path
from bot.forms.moves import Change
from bot.forms.readers import choices
from bot.forms.readers.base import Context, Found, Refused, Said
from bot.forms.readers.members import words_of
from bot.forms.readers.plain import plain, told
from bot.forms.readers.reading import find
from bot.forms.steps import applying

_BY_KIND: Mapping[str, Kind] = {
    "收入": Kind.MONEY,
    "电话": Kind.PHONE,
    "手机号": Kind.PHONE,
    "手机": Kind.PHONE,
    "身份证号": Kind.IDENTITY,
    "身份证": Kind.IDENTITY,
    "证号": Kind.IDENTITY,
    "卡号": Kind.BANK_CARD,
    "银行卡": Kind.BANK_CARD,
    "账号": Kind.BANK_CARD,
    "名字": Kind.NAME,
    "姓名": Kind.NAME,
    "地址": Kind.ADDRESS,
    "住址": Kind.ADDRESS,
}
"""Words for all answers of a kind, where no field has the word for itself."""
_PEOPLE = re.compile(r"几口人|人口数?|人数|家庭人口|口人")
_TAIL = re.compile(
    r"(?:尾号|尾数|最后[一二三四两1234]位|后[一二三四两1234]位|末尾)(?:数字|号码)?(?:应该|其实)?(?:是|为|改成|改为|:|：)?\s*"
    r"(?P<end>[\dXx〇零一二三四五六七八九]{1,6})"
)
_ANEW = re.compile(r"只有|改成|改为|都没有?|应该是|全都?")
_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")


@dataclass(frozen=True, slots=True)
class Mark:
    """Where answers are named in a text, and which."""

    start: int
    end: int
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Targets:
    """The answers of a sheet, and how they are found in a resident's words."""

    form: Form
    sheet: Sheet
    context: Context
    open: Mapping[str, Asked]
    """Every path whose question applies now."""

    @classmethod
    def of(cls, form: Form, sheet: Sheet, context: Context) -> Targets:
        places = applying(form, sheet.answers, context.today)
        return cls(form, sheet, context, {path: asked for at in places for path, asked in at.fields.items()})

    @property
    def answered(self) -> dict[str, Asked]:
        return {path: asked for path, asked in self.open.items() if path in self.sheet.answers}

    def said(self, path: str) -> Any:
        """The value of an answer; None where nothing was said."""
        given = self.sheet.answers.get(path)
        return given.value if given and given.state is State.SAID else None

    def change(self, path: str, words: str, anew: bool = False) -> Change:
        """The new value in these words, proved; without one, the question is asked again. `anew`: a list of choices is
        told from its beginning."""
        field, given = self.open[path].field, self.sheet.answers.get(path)
        words = _spliced(field, words, given) or words
        merged = None if anew else _merged(field, words, given)
        hit = merged or (find(field, words, self._alone(path)) if told(words) else None)
        if hit is None:
            return Change(path)
        return Change(path, refused=hit.result) if isinstance(hit.result, Refused) else Change(path, hit.result.value)

    def replacing(self, old: str, new: str, before: str) -> dict[str, Any]:
        """The answers whose value the old words say, each with what the new words say to it."""
        people = self.people(before + old)
        found = {
            path: value
            for path in self.answered
            if not people or split_path(path)[0] in people
            if (value := self._replaced(path, old, new)) is not None
        }
        named = {path: value for path, value in found.items() if _names(self.open[path].field, before + old + new)}
        return named or found

    def people(self, words: str) -> list[int]:
        """The members these words name."""
        known, low = words_of(self.form, self.sheet.answers, self.context), plain(words)
        found: list[int] = []
        for word in sorted(known, key=len, reverse=True):
            if word in low:
                found.extend(known[word])
                low = low.replace(word, "，")
        return list(dict.fromkeys(found))

    def marks(self, text: str) -> list[Mark]:
        """Where answers are named, the longest words first: 身份证号 is no 号."""
        low, by_word = plain(text), self._by_word()
        taken: list[Mark] = []
        for word in sorted(by_word, key=len, reverse=True):
            for start in _places(low, word):
                end = start + len(word)
                if not any(start < mark.end and mark.start < end for mark in taken):
                    taken.append(Mark(start, end, by_word[word]))
        if not taken and self.form.members in self.open and _PEOPLE.search(low):
            # The number stands before its word: 是4口人.
            taken.append(Mark(0, 0, (self.form.members,)))
        return sorted(taken, key=lambda mark: mark.start)

    def narrowed(self, paths: Sequence[str], people: Sequence[int]) -> list[str]:
        """Of a field of several members, those who were named; else those who said anything; of sums, those that are any."""
        if people:
            mine = [path for path in paths if split_path(path)[0] in people]
            paths = mine or [path for path in paths if split_path(path)[0] == 0]
        said = [path for path in paths if self.said(path) is not None]
        any_ = [path for path in said if not _nothing(self.said(path))]
        return (any_ or said or list(paths)) if len(paths) > 1 else list(paths)

    def _by_word(self) -> dict[str, tuple[str, ...]]:
        fields = self.answered or dict(self.open)
        found: dict[str, tuple[str, ...]] = {}
        for path, asked in fields.items():
            for word in {plain(one) for one in (asked.field.label, *asked.field.words)}:
                if len(word) > 1:
                    found[word] = (*found.get(word, ()), path)
        for word, kind in _BY_KIND.items():
            paths = tuple(path for path, asked in fields.items() if asked.field.kind is kind)
            if word not in found and paths:
                found[word] = paths
        return found

    def _replaced(self, path: str, old: str, new: str) -> Any:
        field, value = self.open[path].field, self.said(path)
        if value is None or field.kind in (Kind.TEXT, Kind.YES_NO):
            return None
        here = self._alone(path)
        was = find(field, old, here)
        if was is None or not isinstance(was.result, Said) or not _same(field, was.result.value, value):
            return None
        now = find(field, new, here)
        if now is None or not isinstance(now.result, Said) or _same(field, now.result.value, value):
            return None
        return now.result.value

    def _alone(self, path: str) -> Context:
        """The context of one answer, which is not compared with itself."""
        others = {key: given for key, given in self.sheet.answers.items() if key != path}
        return replace(self.context, form=self.form, answers=others, member=split_path(path)[0])


def _nothing(value: Any) -> bool:
    return isinstance(value, Mapping) and value.get("high") == "0"


def _places(text: str, word: str) -> Iterator[int]:
    start = text.find(word)
    while start >= 0:
        yield start
        start = text.find(word, start + len(word))


def _spliced(field: Field, words: str, given: Given | None) -> str | None:
    """身份证尾号是8: the number on the sheet with another end."""
    if field.kind not in (Kind.IDENTITY, Kind.PHONE, Kind.BANK_CARD) or given is None or given.state is not State.SAID:
        return None
    match = _TAIL.search(words)
    if match is None:
        return None
    end = match["end"].translate(_DIGITS).upper()
    return str(given.value)[: -len(end)] + end


def _merged(field: Field, words: str, given: Given | None) -> Found | None:
    """有车，刚才说错了: of several choices only those named change, unless the whole list is said anew."""
    if field.kind is not Kind.CHOICES or given is None or given.state is not State.SAID or _ANEW.search(words):
        return None
    named = choices.named(field, words)
    if not named:
        return None
    kept = [option.value for option in field.options if named.get(option.value, option.value in given.value)]
    return Found(0, len(words), Said(kept))


def _same(field: Field, one: Any, other: Any) -> bool:
    if field.kind is Kind.MONEY:
        return bool(one["low"] == other["low"])
    if field.kind is Kind.ADDRESS:
        return bool(one["region"] == other["region"])
    if field.kind is Kind.DATE:
        return bool(one["first"] <= other["last"] and other["first"] <= one["last"])
    return bool(one == other)


def _names(field: Field, words: str) -> bool:
    low = plain(words)
    return any(word and plain(word) in low for word in (field.label, *field.words))
