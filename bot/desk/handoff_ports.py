"""What the desk needs from the store for handing over: the lists, notes, labels and how a talk ended, as a Protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.conversations import Conversation

VIEWS = ("mine", "queue", "distress", "overdue", "waiting", "closed")


@dataclass(frozen=True, slots=True)
class Note:
    """For colleagues only: it lies in a table that no outbox reads."""

    id: str
    kind: str
    """note; callback and undelivered are the desk's own, and `ref` says for which task or message."""
    ref: str
    text: str
    actor: str
    """A staff id, or `system`."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Closing:
    """How an officer's part of a talk ended, and what the resident said to it."""

    id: str
    conversation: str
    staff: str
    outcome: str
    at: datetime
    score: int | None


@dataclass(frozen=True, slots=True)
class Word:
    """One word somebody looks for: a label that begins so, or what else it may mean."""

    label: str
    places: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    """Reasons of handing over, by their beginning."""


@dataclass(frozen=True, slots=True)
class Sought:
    """All of this: every word, and moved or written to between two moments."""

    words: tuple[Word, ...] = ()
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Shared:
    """What all who work for the same places are told alike, so that two hundred open pages ask once."""

    counts: Mapping[str, int]
    """As `Talks.counts` of somebody who holds nothing."""
    mine: Mapping[str, int]
    """How many each holds, by staff id."""
    complained: frozenset[str]
    """Of whom somebody complains: their counters are their own."""


class Talks(Protocol):
    async def list(
        self, view: str, staff: str, regions: Sequence[str], now: datetime, limit: int
    ) -> Sequence[Conversation]:
        """One of VIEWS, of these divisions and all below them and of no known place, the most pressing first. What somebody
        complained of to another is in no list of theirs."""

    async def search(self, staff: str, regions: Sequence[str], sought: Sought, limit: int) -> Sequence[Conversation]:
        """Over all of them, the one that changed last first; nothing sealed is opened to decide."""

    async def counts(self, staff: str, regions: Sequence[str], now: datetime) -> Mapping[str, int]:
        """How many stand in each view but `closed`."""

    async def shared(self, regions: Sequence[str], now: datetime) -> Shared:
        """By three statements, whoever asks."""

    async def pulse(self) -> str:
        """Another word whenever a message, a move or a note was added: cheap, for live updates."""

    async def ahead(self, conversation: Conversation) -> int:
        """How many are before it in the queue of its place."""

    async def waits(self, since: datetime, limit: int) -> Sequence[timedelta]:
        """How long it took lately from the queue to an officer, the newest first."""

    async def note(
        self, conversation: str, text: str, actor: str, now: datetime, kind: str = "note", ref: str = ""
    ) -> None: ...

    async def notes(self, conversation: str, kind: str = "note") -> Sequence[Note]:
        """Oldest first."""

    async def label(self, conversation: str, label: str, on: bool, actor: str, now: datetime) -> None: ...

    async def labels(self, conversations: Sequence[str]) -> Mapping[str, Sequence[str]]: ...

    async def last_said(self, conversations: Sequence[str]) -> Mapping[str, str]:
        """What the resident said last, masked as it was stored; "" for what has no words."""

    async def closed(self, conversation: Conversation, staff: str, outcome: str, now: datetime) -> None: ...

    async def closing(self, conversation: str) -> Closing | None:
        """The newest."""

    async def rate(self, closing: str, score: int, now: datetime) -> bool:
        """False when it was rated before: the first word counts."""
