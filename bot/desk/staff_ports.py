"""What the desk needs from the store for the people who work here, as Protocols: accounts, sessions, the audit log."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.audit import Deed, Head, Line
from bot.staff import Staff


@dataclass(frozen=True, slots=True)
class Secrets:
    """What proves somebody. Never shown, never logged; the TOTP key is sealed at rest."""

    password: str
    """argon2id, in its own notation; empty: none yet."""
    totp_key: str
    """Base32; empty: none yet."""
    totp_step: int
    """The newest 30-second step whose code was used: no code works twice."""
    recovery: tuple[str, ...]
    """Keyed hashes of the recovery codes that are left."""


@dataclass(frozen=True, slots=True)
class Session:
    """One signed-in browser. `id` names it in lists; the token itself is only in that browser."""

    id: str
    staff: str
    address: str
    agent: str
    created_at: datetime
    seen_at: datetime
    ended_at: datetime | None
    ended_why: str


class StaffAccounts(Protocol):
    async def add(
        self,
        login: str,
        name: str,
        roles: Sequence[str],
        regions: Sequence[str],
        skills: Sequence[str],
        actor: str,
        now: datetime,
    ) -> Staff:
        """An account in state `invited`. Raises BadInput if the login is taken."""

    async def get(self, staff: str) -> Staff: ...

    async def by_login(self, login: str) -> Staff | None: ...

    async def with_secrets(self, login: str) -> tuple[Staff | None, Secrets]:
        """What signing in looks at, by one statement whether the login exists or not."""

    async def list(self) -> Sequence[Staff]: ...

    async def change(self, staff: Staff, actor: str, now: datetime, **fields: Any) -> Staff:
        """Set name, roles, regions, skills or state. Raises Conflict if `staff.version` is not the newest."""

    async def secrets(self, staff: str) -> Secrets: ...

    async def keep_secrets(self, staff: str, now: datetime, **fields: Any) -> None:
        """Set password, totp_key, totp_step or recovery."""

    async def use_step(self, staff: str, step: int) -> bool:
        """Mark a TOTP step used; False when it, or a later one, was used before. One conditional UPDATE."""

    async def use_recovery(self, staff: str, hashed: str) -> int | None:
        """Take a recovery code off the list; how many are left, None when it was not on it, or another browser was faster."""

    async def invite(self, staff: str, token: str, until: datetime) -> None:
        """Only a keyed hash of the token is kept; a new one ends the one before."""

    async def by_invitation(self, token: str, now: datetime) -> Staff | None: ...

    async def tried(self, key: str, now: datetime) -> None:
        """Count a failed sign-in under a keyed hash of `key`; survives a restart."""

    async def tries(self, key: str, since: datetime) -> int: ...

    async def forget_tries(self, before: datetime) -> int: ...


class Sessions(Protocol):
    async def open(self, token: str, staff: str, address: str, agent: str, now: datetime) -> Session:
        """Only a keyed hash of the token is kept."""

    async def by_token(self, token: str) -> Session | None: ...

    async def seen(self, session: str, now: datetime) -> None: ...

    async def of_staff(self, staff: str) -> Sequence[Session]: ...

    async def end(self, session: str, why: str, now: datetime) -> bool: ...

    async def end_all(self, staff: str, why: str, now: datetime, but: str = "") -> int: ...

    async def forget(self, before: datetime) -> int:
        """Delete those that were last used before a moment; how many."""


class Audit(Protocol):
    async def add(
        self,
        actor: str,
        deed: Deed,
        what: str,
        now: datetime,
        *,
        region: str = "",
        reason: str = "",
        about: Mapping[str, Any] | None = None,
    ) -> Line:
        """Append a line in the transaction of the deed itself: no deed without its line, no line without its deed."""

    async def head(self) -> Head | None: ...

    async def base(self) -> Head | None:
        """The last line that was removed at the beginning because its time was over."""

    async def purge(self, before: datetime, now: datetime, most: int = 5_000) -> int:
        """Remove what is older from the beginning on, and write a line that says so; how many."""

    def lines(self, after: int = 0) -> AsyncIterator[tuple[Line, bytes]]:
        """In order, with the keyed hash kept beside each."""

    def mac(self, data: bytes) -> bytes:
        """The keyed hash the chain is made with."""
