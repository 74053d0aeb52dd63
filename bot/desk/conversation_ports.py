"""What the desk needs from the store to hold a conversation, as Protocols: who has it, and what the engine remembers of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from bot.conversations import Conversation, Holder, Lease


class Conversations(Protocol):
    async def open(self, channel: str, account: str, sender: str, now: datetime, actor: str) -> Conversation:
        """The conversation of this person on this account; made if there is none."""

    async def get(self, conversation: str) -> Conversation:
        """Raises BadInput if there is none."""

    async def hold(self, conversation: str) -> Conversation:
        """As `get`, as it stands now, and locked until the transaction ends: whoever decides by its holder asks so."""

    async def by_sender(self, channel: str, account: str, sender: str) -> Conversation | None: ...

    async def lease(self, worker: str, now: datetime, seconds: float, aside: str = "") -> Lease | None:
        """The conversation that has waited longest with a `received` message due (`not_before`) and no live lease:
        taken by one worker, its version raised. `aside`: only those an instrument holds with itself, of this account;
        nobody else gets these."""

    async def renew(self, lease: Lease, now: datetime, seconds: float) -> Lease:
        """Raises Conflict if another worker took it over."""

    async def release(self, lease: Lease) -> None:
        """Give it back; a stale lease changes nothing."""

    async def fence(self, lease: Lease) -> None:
        """Raise Conflict unless the lease is still the newest; locks the row until the transaction ends."""

    async def change(self, conversation: str, now: datetime, **fields: Any) -> Conversation:
        """Set region, quota_left, window_until, priority, form or answer_by."""

    async def move(
        self, conversation: str, to: Holder, actor: str, reason: str, now: datetime, name: str = ""
    ) -> Conversation:
        """Change who holds it (checked by `conversations.check_move`) and record the move with actor, region, reason."""

    async def waiting(self) -> Sequence[Conversation]:
        """The queue: distress first, then the longest wait."""

    async def moves(self, conversation: str) -> Sequence[Mapping[str, Any]]: ...


class Events(Protocol):
    """The dialogue engine's memory: one encrypted row a turn, numbered, so that a late or doubled save is refused."""

    async def read(self, conversation: str, turns: int) -> Sequence[tuple[int, Mapping[str, Any]]]:
        """The newest `turns` rows as (seq, payload), oldest first."""

    async def append(self, conversation: str, seq: int, payload: Mapping[str, Any], now: datetime) -> None:
        """Raises Conflict if this seq exists."""
