"""What broadcasts need from outside, as Protocols: the store that keeps them, and the platform that sends them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol


class Stage(StrEnum):
    """Where a broadcast stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    """Waits for its moment; may still be stopped."""
    SENDING = "sending"
    """Handed to the platform; whether it took it is not known yet."""
    SENT = "sent"
    """The platform took it."""
    FAILED = "failed"
    UNCONFIRMED = "unconfirmed"
    """The platform did not say; nothing is repeated before somebody has looked."""
    STOPPED = "stopped"


NAMES: Mapping[Stage, str] = {
    Stage.DRAFT: "草稿",
    Stage.SUBMITTED: "待审",
    Stage.RETURNED: "退回修改",
    Stage.APPROVED: "等着发",
    Stage.SENDING: "正在发",
    Stage.SENT: "已发出",
    Stage.FAILED: "没发成",
    Stage.UNCONFIRMED: "不知道发出没有",
    Stage.STOPPED: "已停下",
}
WRITABLE = frozenset({Stage.DRAFT, Stage.RETURNED})
TOUCHED = frozenset({Stage.SENDING, Stage.SENT, Stage.UNCONFIRMED})
"""Those that count against the platform's limit, or may."""
KINDS: Mapping[str, str] = {"news": "消息", "reminder": "提醒"}


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One text for many people."""

    id: str
    kind: str
    text: str
    region: str
    """Whose matter it is."""
    audience: str
    """The platform's tag of those who get it; empty: everybody who follows."""
    audience_name: str
    stage: Stage
    author: str
    editors: tuple[str, ...]
    """All who wrote in it: none of them may approve it."""
    approver: str
    send_at: datetime | None
    """Not before; None: soon after it is approved."""
    due_at: datetime | None
    """When it goes out; None while nobody approved it."""
    token: str
    """By which the platform knows a repeat of it (`clientmsgid`)."""
    platform_id: str
    outcome: str
    """The word for how it ended: ok, or the name of the platform's refusal."""
    said: str
    """The same for staff, in a sentence."""
    reached: int | None
    missed: int | None
    """How many got it and how many did not, as the platform reported; None: not reported yet."""
    attempts: int
    version: int
    created_at: datetime
    updated_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Step:
    """A step a broadcast took, and what was said with it."""

    what: str
    text: str
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Audience:
    """Some of those who follow, as the platform keeps them: a tag and how many have it."""

    id: str
    name: str
    people: int


@dataclass(frozen=True, slots=True)
class Limits:
    """What a platform lets out. `per`: day or month; `most`: broadcasts that reach one person in that time."""

    most: int
    per: str
    longest: int
    """Characters of a text."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The platform took it. `again`: it had it before, and did not send it twice."""

    platform_id: str
    again: bool = False


class Broadcasts(Protocol):
    async def add(self, staff: str, fields: Mapping[str, Any], now: datetime) -> Broadcast: ...

    async def get(self, broadcast: str) -> Broadcast:
        """Raises BadInput if there is none."""

    async def list(self, limit: int = 100) -> Sequence[Broadcast]:
        """The newest first."""

    async def save(self, broadcast: Broadcast, now: datetime, **fields: Any) -> Broadcast:
        """One version more. Raises Conflict if `broadcast.version` is not the newest."""

    async def say(self, broadcast: str, what: str, text: str, actor: str, now: datetime) -> None: ...

    async def steps(self, broadcast: str) -> Sequence[Step]: ...

    async def due(self, now: datetime, stuck: datetime) -> Sequence[Broadcast]:
        """Approved ones whose moment has come, and those whose sender died before `stuck`; oldest first."""

    async def went(self, since: datetime, audiences: Collection[str] = ()) -> int:
        """How many went out since then to any of these audiences; none named: to whomever."""

    async def by_platform_id(self, platform_id: str) -> Broadcast | None: ...

    async def note_audiences(self, account: str, audiences: Sequence[Audience], now: datetime) -> None:
        """In the place of what was known."""

    async def audiences(self) -> tuple[Sequence[Audience], datetime | None]:
        """Those the platform named last, and when; None: it never did."""


class Broadcaster(Protocol):
    """A platform that sends one text to many; a door implements it."""

    @property
    def account(self) -> str: ...

    @property
    def limits(self) -> Limits: ...

    async def audiences(self) -> Sequence[Audience]:
        """The tags of the account. Raises TryAgain or Undeliverable."""

    async def broadcast(self, text: str, audience: str, token: str) -> Taken:
        """Hand it over once: the same `token` again is not sent again. Raises TryAgain (also Paused, Misconfigured) when it
        was not taken and may be later, Undeliverable with its reason when it never will, or when nobody knows."""


LIMITS: Mapping[str, Limits] = {"service": Limits(4, "month", 600), "subscription": Limits(1, "day", 600)}
"""By the kind of the official account: 服务号, 订阅号 (protocol of the platform, counted there for each follower)."""
