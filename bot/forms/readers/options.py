"""Which options a clause names, by label or by the words people use, and which of them it denies: 有房没车."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from bot.forms.model import Option
from bot.forms.readers.kin import KIN, same
from bot.forms.readers.plain import plain, told

_NO = r"(?:没有?|没得|冇|无|木有|莫得)"
_DENIED_BEFORE = re.compile(
    rf"(?:{_NO}|不是|并不|不算|除了|不在|不用|不要|不想|不|别|非)(?:任何|什么|啥|其他|别的|一点|再|去|上|一[辆套间台点个张])?$"
)
_DENIED_AFTER = re.compile(r"(?:[子的]|这些|那些|一点)?(?P<also>都|也|是|啥的?)?(?:没有?|不是|没得|冇)(?!问题)")
_HAD = re.compile(r"(?:有|是)(?:一?[辆套间台点些个张])?$")
_NEGATIVE = re.compile(r"没|不|无|未|干不|养不|管不|吃不|断|缺")
_BARE_NO = frozenset({"没", "没有", "无", "冇", "没得"})
_COMPOUND = "[祸票站费租险主间]"
"""车祸, 车票, 房租: no word for a car, no word for a house."""
_EVIDENT = 3
"""A word of one letter means an option only in a clause this short, or where something is said of it."""

Mention = tuple[Option, int, int, bool]
"""The option, where it stands (end exclusive), and whether it is denied."""


def mentions(options: Sequence[Option], clause: str, asked: str = "") -> Iterator[Mention]:
    """Each option named in a clause, in order; longer words win over those inside them. `asked`: the words of the question;
    a bare 没有 of something else (没车, asked who has to keep them) names no option."""
    hits = [
        hit for hit in _hits(tuple(options), clause) if not _of_something_else(options[hit[2]], clause, *hit[:2], asked)
    ]
    ends_denied = bool(hits) and _DENIED_AFTER.fullmatch(clause[hits[-1][1] :].rstrip("了的啊呀 ")) is not None
    for position, (start, end, index) in enumerate(hits):
        following = hits[position + 1][0] if position + 1 < len(hits) else None
        denied = _DENIED_BEFORE.search(clause[:start]) is not None
        if not denied and not _NEGATIVE.match(clause, start) and not _HAD.search(clause[:start]):
            after = _DENIED_AFTER.match(clause, end)
            # 房没车: the no belongs to what follows it, unless every no here follows its word (房没有车没有).
            of_next = after is not None and following is not None and following <= after.end() + 2
            denied = after is not None and (not of_next or (ends_denied and following != after.end() + 2))
        yield options[index], start, end, denied


def _of_something_else(option: Option, clause: str, start: int, end: int, asked: str) -> bool:
    rest = told(clause[end:]).removeprefix("得")
    if not asked or not rest or clause[start:end] not in _BARE_NO:
        return False
    about = set("".join((asked, option.label, *option.words)))
    return about.isdisjoint(rest) and not any(word in rest for word in KIN)


def _hits(options: tuple[Option, ...], clause: str) -> list[tuple[int, int, int]]:
    short = len(told(clause)) <= _EVIDENT
    hits: list[tuple[int, int, int]] = []
    for name, index in _names(options):
        if len(name) == 1 and not (_spoken_of(clause, name) or (short and not re.search(name + _COMPOUND, clause))):
            continue
        start = clause.find(name)
        while start >= 0:
            end = start + len(name)
            if not any(start < last and first < end for first, last, _ in hits):
                hits.append((start, end, index))
            start = clause.find(name, end)
    return sorted(hits)


@lru_cache(maxsize=1024)
def _names(options: tuple[Option, ...]) -> tuple[tuple[str, int], ...]:
    """Everything the options may be called, the longest first; relatives by all their names, 没 also as 没有."""
    found: dict[str, int] = {}
    for index, option in enumerate(options):
        for word in (option.label, *option.words):
            for name in {word, *(same(word) if word in KIN else ())}:
                known = plain(name)
                for form in (known, re.sub("没(?!有)", "没有", known), known.replace("没有", "没")):
                    if form:
                        found.setdefault(form, index)
    return tuple(sorted(found.items(), key=lambda one: (-len(one[0]), one[1])))


def _spoken_of(clause: str, name: str) -> bool:
    """没车, 有房, 一辆车, 一个娃, 车有一辆: a word of one letter that something is said of."""
    word = re.escape(name)
    pattern = rf"(?:{_NO}|有|套|辆|台|间|些|点|个|位|口|名){word}(?!{_COMPOUND})|{word}(?:子)?(?:也|都)?(?:没|有|无)"
    return re.search(pattern, clause) is not None
