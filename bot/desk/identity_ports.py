"""What the desk needs from the store to know one person on several channels, as Protocols: codes to go on elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Passing(StrEnum):
    """Where a code stands."""

    OPEN = "open"
    """Said, and not typed anywhere yet."""
    CLAIMED = "claimed"
    """Typed in another chat; the first one is asked whether that was they. It opens nothing any more."""
    DONE = "done"
    REFUSED = "refused"
    """The first chat said that it was not they."""
    WITHDRAWN = "withdrawn"
    """A newer one was said instead."""


@dataclass(frozen=True, slots=True)
class Continuation:
    """One code: from which chat, and what it carries. The code itself is nowhere."""

    id: str
    conversation: str
    person: str
    """Whom the first chat spoke for; empty: it carries what was asked, and nobody."""
    state: Passing
    other: str
    """The chat where it was typed."""
    about: Mapping[str, str]
    """{"entry", "title"} of the answer given last there, or nothing."""
    created_at: datetime
    expires_at: datetime


class Continuations(Protocol):
    async def add(
        self, code: str, conversation: str, person: str, about: Mapping[str, str], now: datetime, until: datetime
    ) -> Continuation:
        """The one open code of this conversation: any before it is withdrawn. Only a keyed hash of it is kept."""

    async def find(self, code: str, now: datetime) -> Continuation | None:
        """Open and in time. A code that is wrong, spent or too old is None, all alike."""

    async def claim(self, continuation: Continuation, other: str, until: datetime, now: datetime) -> bool:
        """Spend the code for this chat; False if somebody was faster or it is too late. Whatever comes of it, the code
        opens nothing again."""

    async def claimed(self, conversation: str, now: datetime) -> Continuation | None:
        """What this chat, which said the code, is asked about now."""

    async def settle(self, continuation: Continuation, to: Passing, now: datetime) -> bool:
        """CLAIMED → DONE or REFUSED, once and in time."""

    async def forget(self, before: datetime) -> int:
        """Delete those that ended before this moment; how many."""
