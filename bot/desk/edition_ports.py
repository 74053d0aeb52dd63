"""What the desk needs from the store to publish, as Protocols: numbered editions, and vectors made once for their phrasings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.knowledge.entry import Entry


@dataclass(frozen=True, slots=True)
class EditionInfo:
    number: int
    base: int
    published_at: datetime
    actor: str
    note: str
    entries: int


class Editions(Protocol):
    async def head(self) -> int:
        """The number of the published edition; 0 before the first. Cheap: asked several times a second."""

    async def info(self, number: int) -> EditionInfo: ...

    async def list(self) -> Sequence[EditionInfo]: ...

    async def read(self, number: int) -> Sequence[Entry]: ...

    async def held(self, kind: str, key: str) -> Sequence[tuple[int, Entry]]:
        """One entry in every edition that has it, oldest first."""

    async def save_draft(self, entries: Iterable[Entry], base: int, actor: str, note: str, now: datetime) -> None:
        """Keep what `content load` read as the one draft; entries are stored once by content hash."""

    async def draft(self) -> tuple[int, str, Sequence[Entry]] | None:
        """(base edition, note, entries) of the draft, or None."""

    async def drafted_by(self) -> str: ...

    async def publish(self, entries: Iterable[Entry], base: int, actor: str, note: str, now: datetime) -> int:
        """Write edition head + 1 and make it head; raises Conflict if head is not `base`. Clears the draft."""


class Vectors(Protocol):
    async def get(self, encoder: str, hashes: Sequence[str]) -> Mapping[str, bytes]:
        """float32 little-endian bytes by text hash."""

    async def put(self, encoder: str, vectors: Mapping[str, bytes]) -> None: ...
