"""What every channel does for the gateway, and nothing more: prove and read a callback, answer in it, send afterwards.

The gateway knows channels only by this Protocol; adding one means fulfilling it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.conversations import Conversation
from bot.desk.ports import Message
from bot.messages import Capabilities, Inbound, Reply

Query = Iterable[tuple[str, str]]
"""A query with its repeats: `request.query.items()`. A mapping would hide a parameter given twice."""

Said = Message | Reply
"""Something to say: a row of the message table, or words that have no row, whose options then have no own id."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back in the same exchange. `carried`: how many of the things to say it holds, from the first on."""

    body: bytes
    content_type: str
    carried: int


@dataclass(frozen=True, slots=True)
class Callback:
    """One proved and read callback. `respond([])` is the bare acknowledgement."""

    inbounds: Sequence[Inbound]
    signature: str
    """What proved it. Seen before with another `body_hash`, it is an attack; with the same one, a redelivery."""
    body_hash: str
    respond: Callable[[Sequence[Said]], Answer]
    passive: bool = True
    """Whether its answer may go back in the exchange at all; else only the outbox sends, and counts."""


class Channel(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def path(self) -> str:
        """Where its callbacks come to, without a slash before it."""
        ...

    @property
    def capabilities(self) -> Capabilities: ...

    def verify_url(self, query: Query, now: datetime) -> str:
        """The text to echo, as text/plain, when the platform checks our address. Raises Forged."""
        ...

    def read(self, query: Query, headers: Mapping[str, str], body: bytes, now: datetime) -> Callback:
        """Prove and read one callback. Raises Forged, and nothing else, whatever the bytes are."""
        ...

    async def send(self, conversation: Conversation, message: Message) -> str:
        """Send one row outside an exchange; a note on it ("", or "unconfirmed" when the platform did not say whether it
        arrived). Raises TryAgain (also Paused, Misconfigured) when nothing went out, QuotaSpent when only the
        resident's next message opens the way, Undeliverable else."""
        ...

    async def fetch(self, media: str) -> bytes:
        """A picture that came in a callback, by the platform's id of it. Raises TryAgain when it may come later,
        Undeliverable when it never will (gone, too large, no picture)."""
        ...

    async def close(self) -> None: ...
