"""What those work with who load and publish content: the house of an entry point is one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.clock import Clock
from bot.desk.ports import Store
from bot.knowledge.search.encoders import Encoder
from bot.regions import RegionTree


class Library(Protocol):
    """No published edition and no finder: there may be none yet."""

    @property
    def store(self) -> Store: ...

    @property
    def clock(self) -> Clock: ...

    @property
    def regions(self) -> RegionTree: ...

    @property
    def encoders(self) -> Sequence[Encoder]: ...
