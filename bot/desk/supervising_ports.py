"""What the desk needs from the store for supervising: what is late and who was told, who has how much, large exports, and how
waits went, as Protocols. Pseudonyms, places and times only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

KINDS = ("conversation", "task", "case")


@dataclass(frozen=True, slots=True)
class Late:
    """A time that passed."""

    kind: str
    """One of KINDS; `ref` is its id."""
    ref: str
    region: str
    due_at: datetime
    reason: str = ""
    """Why a conversation was queued: a complaint about somebody is not told to them."""


@dataclass(frozen=True, slots=True)
class Escalation:
    id: str
    kind: str
    ref: str
    region: str
    due_at: datetime
    level: int
    """1: the supervisor of the place; 2: the one of a wider place, when the first did not look."""
    supervisor: str
    """A staff id; empty: nobody supervises this place."""
    at: datetime
    seen_at: datetime | None
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Load:
    """What one officer has in hand."""

    staff: str
    held: int
    """Conversations they answer."""
    waiting: int
    """Those whose resident is to write next."""
    overdue: int
    closed: int
    """Since a moment."""


@dataclass(frozen=True, slots=True)
class Episode:
    """One stay in the queue and what came of it. Moments of a later stay are not this one's."""

    conversation: str
    region: str
    reason: str
    queued_at: datetime
    taken_at: datetime | None
    taken_by: str
    replied_at: datetime | None
    """When an officer first wrote."""
    closed_at: datetime | None
    outcome: str
    score: int | None
    """What the resident said to it: 3 it helped, 2 a little, 1 not; None: nothing."""


@dataclass(frozen=True, slots=True)
class Export:
    """A large list that one asked for and another releases."""

    id: str
    asked_by: str
    reason: str
    filter: Mapping[str, str]
    """As it stands in the list's address."""
    rows: int
    state: str
    """asked, released, refused, taken."""
    decided_by: str
    asked_at: datetime
    decided_at: datetime | None
    taken_at: datetime | None


class Supervising(Protocol):
    async def late(self, now: datetime, today: date, limit: int) -> Sequence[Late]:
        """What is past its time now and of which nobody was told yet, some of each kind, the longest late first."""

    async def escalate(self, late: Late, level: int, supervisor: str, now: datetime) -> bool:
        """False when somebody was told of it before: of two processes one tells."""

    async def unseen(self, before: datetime, limit: int) -> Sequence[Escalation]:
        """Those of level 1 that were told before a moment, are open, and at which nobody looked; not those of level 2."""

    async def settle(self, now: datetime, today: date) -> int:
        """Close those whose thing is done, gone, or has another time; how many."""

    async def open(self, regions: Sequence[str], limit: int) -> Sequence[Escalation]:
        """Of these divisions, all below them and of no known place, the longest late first."""

    async def count_open(self, supervisor: str) -> int: ...

    async def seen(self, supervisor: str, now: datetime) -> int:
        """Mark all that are this supervisor's as looked at; how many were new."""

    async def loads(self, now: datetime, since: datetime) -> Sequence[Load]:
        """Of everybody who holds something or closed something since."""

    async def closed_by(self, staff: str, since: datetime, limit: int) -> Sequence[str]:
        """The conversations somebody closed since, the newest first."""

    async def present(self, since: datetime) -> frozenset[str]:
        """The accounts that were seen since, in a session that goes on."""

    async def episodes(self, regions: Sequence[str], since: datetime, until: datetime, limit: int) -> Sequence[Episode]:
        """Stays in the queue that began between these moments, of the places named and of none, the newest first."""

    async def ask_export(
        self, asked_by: str, reason: str, filter: Mapping[str, str], rows: int, now: datetime
    ) -> Export: ...

    async def get_export(self, export: str, lock: bool = False) -> Export:
        """Raises BadInput if there is none."""

    async def exports(self, since: datetime) -> Sequence[Export]:
        """The newest first."""

    async def set_export(self, export: str, state: str, now: datetime, by: str = "") -> Export: ...
