"""Platform access tokens, held once for all processes, and the signatures that came before."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update

from bot.store.keys import KeyRing
from bot.store.link import Link
from bot.store.tables import signatures as seen
from bot.store.tables import tokens as table


class TokenRows:
    def __init__(self, link: Link, ring: KeyRing) -> None:
        self._link = link
        self._ring = ring

    async def get(self, account: str) -> tuple[str, datetime] | None:
        row = await self._link.first(select(table.c.token, table.c.expires_at).where(table.c.account == account))
        if row is None or row.token is None:
            return None
        return self._ring.open(row.token, "tokens", account, "token").decode(), row.expires_at

    async def lock(self, account: str, holder: str, now: datetime, seconds: float) -> bool:
        """Also False for the holder itself while it is locked: two tasks of one process must not both fetch."""
        until = now + timedelta(seconds=seconds)
        lock = {"lock_holder": holder, "lock_until": until}
        statement = (
            self._link.insert(table)
            .values(account=account, **lock)
            .on_conflict_do_update(
                index_elements=[table.c.account],
                set_=lock,
                where=or_(table.c.lock_until.is_(None), table.c.lock_until <= now),
            )
            .returning(table.c.account)
        )
        return await self._link.value(statement) is not None

    async def put(self, account: str, token: str, expires_at: datetime, now: datetime) -> None:
        values = {
            "token": self._ring.seal(token.encode(), "tokens", account, "token"),
            "expires_at": expires_at,
            "updated_at": now,
            "lock_holder": "",
            "lock_until": None,
        }
        await self._link.run(
            self._link.insert(table)
            .values(account=account, **values)
            .on_conflict_do_update(index_elements=[table.c.account], set_=values)
        )

    async def drop(self, account: str, token: str) -> None:
        # Locked between the look and the change: another process may be putting a fresh one this moment.
        row = await self._link.first(select(table.c.token).where(table.c.account == account).with_for_update())
        if row is None or row.token is None:
            return
        current = self._ring.open(row.token, "tokens", account, "token")
        if hmac.compare_digest(current, token.encode()):
            await self._link.run(update(table).where(table.c.account == account).values(token=None, expires_at=None))


class SignatureRows:
    def __init__(self, link: Link) -> None:
        self._link = link

    async def first_seen(self, signature: str, body_hash: str, now: datetime) -> bool:
        values = {"signature": signature, "body_hash": body_hash, "seen_at": now}
        if await self._link.put_new(seen, values, "signature"):
            return True
        first = await self._link.value(select(seen.c.body_hash).where(seen.c.signature == signature))
        return first is not None and hmac.compare_digest(str(first), body_hash)

    async def forget(self, before: datetime) -> int:
        return await self._link.changed(delete(seen).where(seen.c.seen_at < before))
