"""What is wrong with the content, all of it at once, in the words of those who write it.

Refusals are read by editors of a publicity team, so they are Chinese: file, entry, what is wrong, what to do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.errors import BadInput


class Note(Protocol):
    """Say what is wrong and what to do; file, line and entry are already known. `at`: the field, for a page's box."""

    def __call__(self, what: str, todo: str, at: str = "", /) -> None: ...


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend, or (as a warning) to look at."""

    file: str
    line: int
    entry: str
    what: str
    todo: str
    at: str = field(default="", compare=False)
    """The field to mend: `text`, `scope.from`; empty where it is more than one."""

    def __str__(self) -> str:
        where = f"{self.file} 第{self.line}行" if self.line else self.file
        return (
            f"{where}，{self.entry}：{self.what}；{self.todo}。"
            if self.entry
            else f"{where}：{self.what}；{self.todo}。"
        )


class Refused(BadInput):
    """The content cannot be used as it is; `problems` says everything there is to mend."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        lines = "\n".join(str(problem) for problem in self.problems)
        super().__init__(f"内容有{len(self.problems)}处要改，没有作任何改动：\n{lines}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands in the plain files; line 0 when it comes from the store."""

    file: str
    line: int
    entry: str

    def problem(self, what: str, todo: str, at: str = "") -> Problem:
        return Problem(self.file, self.line, self.entry, what, todo, at)


@dataclass(slots=True)
class Problems:
    """Collects, so that an editor mends everything in one round."""

    found: list[Problem] = field(default_factory=list)

    def at(self, place: Place) -> Note:
        return lambda what, todo, at="": self.found.append(place.problem(what, todo, at))

    def refuse(self) -> None:
        if self.found:
            raise Refused(self.found)
