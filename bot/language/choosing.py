"""Which option a resident means: "2", "２", "第二个", "选二", or the words of the option themselves."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_LONGEST = 200
"""A longer text is a story, not an option: labels are one line, and a story may be long."""
_DIGITS = {digit: value for value, digit in enumerate("一二三四五六七八九", 1)} | {"两": 2, "十": 10}
_NUMBER = re.compile(
    r"(?:我?选|第|按|要|回复|是)*(\d{1,2}|[一二两三四五六七八九十])(?:个|项|条|号|吧|的|啊|呀|呢|那个|\W)*"
)


def chosen(text: str, labels: Sequence[str]) -> int | None:
    """The index of the option meant, or None when the text is something else."""
    if len(text) > _LONGEST:
        return None
    plain = unicodedata.normalize("NFKC", text).strip()
    bare = re.sub(r"\W+", "", plain)
    for index, label in enumerate(labels):
        # A menu line echoed by its text may carry its number: 2. 临时救助.
        if bare in (words := re.sub(r"\W+", "", unicodedata.normalize("NFKC", label)), f"{index + 1}{words}") and bare:
            return index
    found = _NUMBER.fullmatch(plain)
    if not found:
        return None
    number = int(found[1]) if found[1].isdigit() else _DIGITS[found[1]]
    return number - 1 if 1 <= number <= len(labels) else None
