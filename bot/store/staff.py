"""Accounts and sessions of the people who work here. Tokens and codes are kept as keyed hashes only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from bot.desk.staff_ports import Secrets, Session
from bot.errors import BadInput, Conflict
from bot.staff import Role, Staff
from bot.store.ids import new_id
from bot.store.keys import KeyRing
from bot.store.link import Link
from bot.store.staff_tables import staff_accounts as table
from bot.store.staff_tables import staff_sessions as sessions
from bot.store.staff_tables import staff_tries as tries

_CHANGEABLE = frozenset({"name", "roles", "regions", "skills", "state"})
_SECRETS = frozenset({"password", "totp_key", "totp_step", "recovery"})


class StaffRows:
    def __init__(self, link: Link, ring: KeyRing) -> None:
        self._link, self._ring = link, ring

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
        row_id = new_id(now)
        values = {
            "id": row_id,
            "login": login,
            "name": name,
            "roles": _joined(roles),
            "regions": _joined(regions),
            "skills": _joined(skills),
            "state": "invited",
            "password": "",
            "totp_step": 0,
            "recovery": "",
            "version": 1,
            "actor": actor,
            "created_at": now,
            "updated_at": now,
        }
        if not await self._link.put_new(table, values, "login"):
            raise BadInput(f"登录名 {login} 已经有人用了，换一个")
        return await self.get(row_id)

    async def get(self, staff: str) -> Staff:
        row = await self._link.first(select(table).where(table.c.id == staff))
        if row is None:
            raise BadInput(f"没有这个账号：{staff}")
        return _staff(row)

    async def by_login(self, login: str) -> Staff | None:
        row = await self._link.first(select(table).where(table.c.login == login))
        return None if row is None else _staff(row)

    async def with_secrets(self, login: str) -> tuple[Staff | None, Secrets]:
        row = await self._link.first(select(table).where(table.c.login == login))
        return (None, Secrets("", "", 0, ())) if row is None else (_staff(row), self._secrets(row))

    async def list(self) -> Sequence[Staff]:
        return [_staff(row) for row in await self._link.all(select(table).order_by(table.c.login))]

    async def change(self, staff: Staff, actor: str, now: datetime, **fields: Any) -> Staff:
        if unknown := fields.keys() - _CHANGEABLE:
            raise BadInput(f"an account has no changeable {', '.join(sorted(unknown))}; use {sorted(_CHANGEABLE)}")
        values = {key: value if isinstance(value, str) else _joined(value) for key, value in fields.items()}
        changed = await self._link.changed(
            update(table)
            .where(table.c.id == staff.id, table.c.version == staff.version)
            .values(**values, version=staff.version + 1, actor=actor, updated_at=now)
        )
        if not changed:
            raise Conflict(f"账号 {staff.login} 刚刚被别人改过，请重新打开再改")
        return await self.get(staff.id)

    async def secrets(self, staff: str) -> Secrets:
        row = await self._link.first(select(table).where(table.c.id == staff))
        if row is None:
            raise BadInput(f"没有这个账号：{staff}")
        return self._secrets(row)

    def _secrets(self, row: Row[Any]) -> Secrets:
        key = self._ring.open(row.totp_key, "staff_accounts", row.id, "totp_key").decode() if row.totp_key else ""
        return Secrets(row.password, key, row.totp_step, tuple(row.recovery.split()))

    async def keep_secrets(self, staff: str, now: datetime, **fields: Any) -> None:
        if unknown := fields.keys() - _SECRETS:
            raise BadInput(f"an account has no secret {', '.join(sorted(unknown))}; use {sorted(_SECRETS)}")
        values = dict(fields)
        if "totp_key" in values:
            values["totp_key"] = self._ring.seal(values["totp_key"].encode(), "staff_accounts", staff, "totp_key")
        if "recovery" in values:
            values["recovery"] = " ".join(values["recovery"])
        await self._link.run(update(table).where(table.c.id == staff).values(**values, updated_at=now))

    async def use_step(self, staff: str, step: int) -> bool:
        used = update(table).where(table.c.id == staff, table.c.totp_step < step).values(totp_step=step)
        return await self._link.changed(used) == 1

    async def use_recovery(self, staff: str, hashed: str) -> int | None:
        row = await self._link.first(select(table.c.recovery).where(table.c.id == staff))
        kept = row.recovery.split() if row else []
        if hashed not in kept:
            return None
        left = [one for one in kept if one != hashed]
        taken = update(table).where(table.c.id == staff, table.c.recovery == row.recovery)  # type: ignore[union-attr]
        return len(left) if await self._link.changed(taken.values(recovery=" ".join(left))) == 1 else None

    async def invite(self, staff: str, token: str, until: datetime) -> None:
        values = {"invitation": self._ring.hash("invitation", token) if token else None, "invited_until": until}
        await self._link.run(update(table).where(table.c.id == staff).values(**values))

    async def by_invitation(self, token: str, now: datetime) -> Staff | None:
        row = await self._link.first(
            select(table).where(table.c.invitation == self._ring.hash("invitation", token), table.c.invited_until > now)
        )
        return None if row is None else _staff(row)

    async def tried(self, key: str, now: datetime) -> None:
        await self._link.run(insert(tries).values(key=self._ring.hash("staff try", key), at=now))

    async def tries(self, key: str, since: datetime) -> int:
        counted = select(func.count()).where(tries.c.key == self._ring.hash("staff try", key), tries.c.at > since)
        return int(await self._link.value(counted))

    async def forget_tries(self, before: datetime) -> int:
        return await self._link.changed(delete(tries).where(tries.c.at < before))


class SessionRows:
    def __init__(self, link: Link, ring: KeyRing) -> None:
        self._link, self._ring = link, ring

    async def open(self, token: str, staff: str, address: str, agent: str, now: datetime) -> Session:
        row_id = new_id(now)
        await self._link.run(
            insert(sessions).values(
                id=row_id,
                token=self._ring.hash("session", token),
                staff=staff,
                address=address,
                agent=agent[:200],
                created_at=now,
                seen_at=now,
                ended_why="",
            )
        )
        return Session(row_id, staff, address, agent[:200], now, now, None, "")

    async def by_token(self, token: str) -> Session | None:
        row = await self._link.first(select(sessions).where(sessions.c.token == self._ring.hash("session", token)))
        return None if row is None else _session(row)

    async def seen(self, session: str, now: datetime) -> None:
        await self._link.run(update(sessions).where(sessions.c.id == session).values(seen_at=now))

    async def of_staff(self, staff: str) -> Sequence[Session]:
        newest = select(sessions).where(sessions.c.staff == staff).order_by(sessions.c.created_at.desc()).limit(50)
        return [_session(row) for row in await self._link.all(newest)]

    async def end(self, session: str, why: str, now: datetime) -> bool:
        ended = update(sessions).where(sessions.c.id == session, sessions.c.ended_at.is_(None))
        return await self._link.changed(ended.values(ended_at=now, ended_why=why)) == 1

    async def end_all(self, staff: str, why: str, now: datetime, but: str = "") -> int:
        ended = update(sessions).where(sessions.c.staff == staff, sessions.c.ended_at.is_(None), sessions.c.id != but)
        return await self._link.changed(ended.values(ended_at=now, ended_why=why))

    async def forget(self, before: datetime) -> int:
        return await self._link.changed(delete(sessions).where(sessions.c.seen_at < before))


def _joined(values: Sequence[str]) -> str:
    return " ".join(sorted(str(value) for value in values))


def _staff(row: Row[Any]) -> Staff:
    return Staff(
        row.id,
        row.login,
        row.name,
        frozenset(Role(role) for role in row.roles.split()),
        tuple(row.regions.split()),
        tuple(row.skills.split()),
        row.state,
        row.created_at,
        row.version,
    )


def _session(row: Row[Any]) -> Session:
    return Session(row.id, row.staff, row.address, row.agent, row.created_at, row.seen_at, row.ended_at, row.ended_why)
