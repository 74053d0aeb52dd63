"""What a 居民身份证 or a page of the 户口簿 says, from the lines that were read off its photo. Pure.

Only a proposal: a number counts when its checksum holds, and the resident confirms it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.people import identity_number_is_valid

_LEAST_SURE = 0.5
"""Lines the reader itself doubts more than this are not used."""
_NUMBER = re.compile(r"(?<![0-9])[1-9][0-9]{16}[0-9X](?![0-9])")
_LOOKALIKES = str.maketrans("OoDQIl|×xⅩ", "0000111XXX")
"""What a digit on a printed card is taken for."""
_NAMED = re.compile(r"姓\s*名[:：]?")
_NAME = re.compile(r"[一-鿿㐀-䶿]{2,6}|[一-鿿㐀-䶿]{1,10}[·•][一-鿿㐀-䶿]{1,10}")
_LABELS = re.compile("姓名|性别|民族|出生|住址|公民|身份|号码|户主|关系|户号|籍贯|曾用名|婚姻|登记|文化|服务|何时|本市")


@dataclass(frozen=True, slots=True)
class Line:
    """One run of characters as read, with its place: the middle and the height, in pixels."""

    text: str
    x: float
    y: float
    height: float
    sure: float = 1.0


@dataclass(frozen=True, slots=True)
class Read:
    """What one person's card or page says. `identity` is proved by its checksum; `name` may be empty."""

    name: str
    identity: str


def people_in(lines: Sequence[Line], today: date) -> tuple[Read, ...]:
    """Everybody whose number is on the photo and holds, in the order of the page; a 户口簿 photo may show two pages."""
    lines = [line for line in lines if line.sure >= _LEAST_SURE]
    numbers = [(number, line) for line in lines for number in _numbers(line.text, today)]
    names = _names(lines)
    found: dict[str, Read] = {}
    for number, line in sorted(numbers, key=lambda pair: (pair[1].y, pair[1].x)):
        if number not in found:
            found[number] = Read(_nearest(names, line), number)
    return tuple(found.values())


def _numbers(text: str, today: date) -> list[str]:
    plain = re.sub(r"\s", "", text.translate(_LOOKALIKES))
    return [number for number in _NUMBER.findall(plain) if identity_number_is_valid(number, today)]


def _names(lines: Sequence[Line]) -> list[tuple[str, Line]]:
    """Names beside the label 姓名: in the same run, or in the next one on the same row."""
    found = []
    for line in lines:
        label = _NAMED.search(line.text)
        if not label:
            continue
        rest = re.sub(r"\s", "", line.text[label.end() :])
        rest = _LABELS.split(rest)[0]
        if not rest:
            rest = _beside(line, lines)
        if _NAME.fullmatch(rest):
            found.append((rest.replace("•", "·"), line))
    return found


def _beside(label: Line, lines: Sequence[Line]) -> str:
    """What stands nearest on the label's row (in an upside-down photo to its left), if it is no label itself."""
    row = [one for one in lines if one is not label and abs(one.y - label.y) < 0.8 * max(one.height, label.height)]
    near = min(row, key=lambda one: (one.x < label.x, abs(one.x - label.x)), default=None)
    return re.sub(r"\s", "", near.text) if near and not _LABELS.search(near.text) else ""


def _nearest(names: Sequence[tuple[str, Line]], number: Line) -> str:
    """The name that stands above this number: on a photo of two pages the nearest. A photo taken upside down has none
    above it, and then any counts."""
    above = [(name, line) for name, line in names if line.y < number.y] or names
    return min(above, key=lambda one: abs(number.y - one[1].y) + abs(number.x - one[1].x) / 2, default=("", number))[0]
