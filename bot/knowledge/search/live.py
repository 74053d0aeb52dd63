"""The finder of a running process: one index at a time, swapped in one assignment, so a search under way ends on the index it
began with."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from bot.knowledge.search.candidate import Candidate
from bot.knowledge.search.index import SearchIndex
from bot.knowledge.search.reading import A_TURN


class LiveFinder:
    """Answers from the newest index it was given (`bot.desk.ports.Finder`)."""

    def __init__(self, index: SearchIndex) -> None:
        self.replace(index)

    @property
    def index(self) -> SearchIndex:
        return self._index

    def replace(self, index: SearchIndex) -> None:
        """Searches from now on use this index; one under way ends on the old."""
        self._index = index
        # One turn asks twice: the model for its features, then the desk for its answer.
        self._asked = lru_cache(maxsize=A_TURN)(index.search)

    def find(self, text: str, programme: str = "", top: int = 10, closely: bool = True) -> Sequence[Candidate]:
        return self._asked(text, programme, top, closely)
