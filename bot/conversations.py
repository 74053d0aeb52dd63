"""Who holds a conversation: our own state, never the engine's. Pure: what is allowed, not how it is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.errors import Conflict

ASIDE = "aside"
"""The channel of talks that an instrument holds with itself: no door serves it, no worker of a door answers there, and
nobody waits in the queue."""


class Holder(StrEnum):
    BOT = "bot"
    QUEUED = "queued"
    OFFICER = "officer"
    WAITING = "waiting"
    CLOSED = "closed"


_MOVES: dict[Holder, frozenset[Holder]] = {
    Holder.BOT: frozenset({Holder.QUEUED, Holder.OFFICER, Holder.CLOSED}),
    Holder.QUEUED: frozenset({Holder.BOT, Holder.OFFICER, Holder.CLOSED}),
    Holder.OFFICER: frozenset({Holder.BOT, Holder.QUEUED, Holder.OFFICER, Holder.WAITING, Holder.CLOSED}),
    Holder.WAITING: frozenset({Holder.BOT, Holder.QUEUED, Holder.OFFICER, Holder.CLOSED}),
    Holder.CLOSED: frozenset({Holder.BOT, Holder.QUEUED, Holder.OFFICER}),
}


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a platform still lets us send to one resident on our own. No platform promises that windows add up: the
    newest trigger is the budget."""

    left: int = 0
    until: datetime | None = None

    @classmethod
    def opened(cls, messages: int, seconds: float, now: datetime) -> Ledger:
        return cls(messages, now + timedelta(seconds=seconds))

    def allows(self, now: datetime) -> bool:
        return self.left > 0 and self.until is not None and now < self.until

    def spent(self) -> Ledger:
        return Ledger(max(0, self.left - 1), self.until)


@dataclass(frozen=True, slots=True)
class Conversation:
    """One resident on one channel. `version` fences off a worker whose lease was taken over."""

    id: str
    channel: str
    account: str
    sender: str
    region: str
    """Division code the resident named last; empty while unknown."""
    holder: Holder
    holder_name: str
    reason: str
    """Why it was queued: asked, distress, unclear, complaint …"""
    priority: int
    """0 usual, 9 distress."""
    version: int
    quota_left: int
    """How many messages the platform still lets us send on our own."""
    window_until: datetime | None
    """Until when it lets us; None: nothing may be sent before the resident writes."""
    queued_at: datetime | None
    created_at: datetime
    updated_at: datetime
    form: str = ""
    """The draft of the form that is open here; empty: none."""

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.quota_left, self.window_until)


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to answer one conversation until `until`; every write repeats `version`, and a stale one is refused."""

    conversation: str
    version: int
    worker: str
    until: datetime


def check_move(old: Holder, new: Holder) -> None:
    """Refuse a change of hands that the office does not know."""
    if new is not old and new not in _MOVES[old]:
        raise Conflict(f"a conversation cannot go from {old} to {new}; look at it again")


def bot_may_speak(holder: Holder) -> bool:
    """While an officer holds a conversation, or its resident's answer is awaited, the bot is silent.

    A queued conversation has no officer yet: the bot goes on answering, so that nobody waits before a silent screen.
    """
    return holder in (Holder.BOT, Holder.QUEUED, Holder.CLOSED)
