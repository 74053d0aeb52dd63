"""Finds the words of a table in a text, the longest first."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WordMatch:
    start: int
    end: int
    code: str


class WordTable:
    """Codes and, after each, all its spoken names separated by blanks; 低保边缘 is found before the 低保 inside it."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._codes = {word: code for code, words in names.items() for word in words.split()}
        self._pattern = re.compile("|".join(sorted(map(re.escape, self._codes), key=len, reverse=True)))

    def find(self, text: str) -> list[WordMatch]:
        return [WordMatch(match.start(), match.end(), self._codes[match[0]]) for match in self._pattern.finditer(text)]
