"""Who holds a conversation: our own state, never the engine's. Pure: what is allowed, not how it is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.errors import Conflict

ASIDE = "aside"
"""The channel of talks that an instrument holds with itself: no door serves it, no worker of a door answers there, and
nobody waits in the queue."""

FIRST, URGENT = 5, 9
"""Priorities beside the usual 0: an officer put it first; somebody is in danger, or in need that waits for nothing."""


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
    """The account of the officer who holds it (`bot.staff.Staff.id`)."""
    reason: str
    """Why it was queued: asked, distress:<danger>, emergency, complaint:<staff id> …"""
    priority: int
    """0 usual, FIRST or URGENT."""
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
    answer_by: datetime | None = None
    """By when a person should have answered; None: nobody owes an answer."""

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


def hearer(conversation: Conversation, staffed: bool) -> Holder:
    """Who a message belongs to that comes in now: the bot, the queue or the officer, exactly one (docs/decisions/0019).

    `staffed`: whether people are there. Where nobody is, who waits in the queue is not left before a silent screen; and
    the five questions of an emergency, which puts itself into the queue with its first word, go on to their end.
    """
    if conversation.holder in (Holder.OFFICER, Holder.WAITING):
        return Holder.OFFICER
    if (
        conversation.holder is Holder.QUEUED
        and staffed
        and not (conversation.reason == "emergency" and conversation.form)
    ):
        return Holder.QUEUED
    return Holder.BOT


def bot_may_speak(holder: Holder) -> bool:
    """Whether a row of the bot may leave. While an officer holds a conversation, or its resident's answer is awaited, it may
    not. Of a queued one what the bot said before leaves, and its word on how long the wait is.
    """
    return holder in (Holder.BOT, Holder.QUEUED, Holder.CLOSED)
