"""What the desk needs from the store for speaking with platforms, as Protocols: access tokens, signatures seen."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Tokens(Protocol):
    """Platform access tokens, one owner for all processes."""

    async def get(self, account: str) -> tuple[str, datetime] | None: ...

    async def lock(self, account: str, holder: str, now: datetime, seconds: float) -> bool:
        """True for exactly one holder until it is put or the time is over."""

    async def put(self, account: str, token: str, expires_at: datetime, now: datetime) -> None: ...

    async def drop(self, account: str, token: str) -> None:
        """Forget the token, only if it still is this one."""


class Signatures(Protocol):
    async def first_seen(self, signature: str, body_hash: str, now: datetime) -> bool:
        """True unless this signature came before with another body."""

    async def forget(self, before: datetime) -> int: ...
