"""Faults a test prepares: on the way of a push, or in the answer of an interface."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from enum import StrEnum


class LineFault(StrEnum):
    """What goes wrong with one delivery; the platform then delivers again."""

    UNSENT = "unsent"
    """The push never leaves."""
    DROPPED = "dropped"
    """The push arrives, and the line is cut before the answer."""
    LOST = "lost"
    """The account answers in time, and the answer is lost on the way back."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An interface's next answer. `done_first` carries the call out and spoils only its answer: the case in which
    a blind repeat would show a message twice."""

    errcode: int = 0
    errmsg: str = "injected"
    status: int = 200
    delay: float = 0.0
    drop: bool = False
    done_first: bool = False


class Preparations:
    """Answers waiting for the next calls, by path, first prepared first used."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Prepared]] = defaultdict(deque)
        self._always: dict[str, Prepared] = {}

    def next(self, path: str, prepared: Prepared, times: int = 1) -> None:
        self._waiting[path].extend([prepared] * times)

    def always(self, path: str, prepared: Prepared | None) -> None:
        """The same answer until it is taken back with None."""
        if prepared is None:
            self._always.pop(path, None)
        else:
            self._always[path] = prepared

    def take(self, path: str) -> Prepared | None:
        if self._waiting[path]:
            return self._waiting[path].popleft()
        return self._always.get(path)
