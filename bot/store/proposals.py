"""Proposals of editors: sealed at rest, one open for an entry, each save counted."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from bot.desk.publicity_ports import OPEN, Acceptance, Comment, Proposal, State
from bot.errors import BadInput, Conflict
from bot.store.body import from_json, to_json
from bot.store.ids import new_id
from bot.store.keys import KeyRing
from bot.store.link import Link, chunks
from bot.store.writing_tables import acceptances, steps
from bot.store.writing_tables import proposals as table

_SEALED = frozenset({"data", "note"})
_CHANGEABLE = frozenset(
    {"region", "base", "edition", "editors", "state", "publish_on", "approver", "published", "submitted_at"}
    | {"decided_at", "source"}
    | _SEALED
)


class ProposalRows:
    def __init__(self, link: Link, ring: KeyRing) -> None:
        self._link, self._ring = link, ring

    async def add(
        self,
        kind: str,
        key: str,
        data: Mapping[str, Any] | None,
        *,
        base: str,
        edition: int,
        region: str,
        author: str,
        now: datetime,
        note: str = "",
        source: str = "",
    ) -> Proposal:
        row = new_id(now)
        values = {
            "id": row,
            "kind": kind,
            "key": key,
            "body": self._seal(row, data, note),
            "base": base,
            "edition": edition,
            "region": region,
            "author": author,
            "editors": author,
            "state": State.DRAFT.value,
            "publish_on": "",
            "approver": "",
            "published": 0,
            "source": source,
            "version": 1,
            "created_at": now,
            "updated_at": now,
            "open_for": _open_for(kind, key, State.DRAFT),
        }
        if not await self._link.put_new(table, values, "open_for"):
            raise Conflict(f"“{key}”正有人在改，还没发布；打开那份草稿接着改")
        return await self.get(row)

    async def get(self, proposal: str) -> Proposal:
        row = await self._link.first(select(table).where(table.c.id == proposal))
        if row is None:
            raise BadInput(f"没有这份草稿：{proposal[:40]}")
        return self._read(row)

    async def several(self, proposals: Collection[str]) -> Sequence[Proposal]:
        wanted = list(dict.fromkeys(proposals))
        found: dict[str, Proposal] = {}
        for some in chunks(wanted):
            for row in await self._link.all(select(table).where(table.c.id.in_(some))):
                found[row.id] = self._read(row)
        if missing := [one for one in wanted if one not in found]:
            raise BadInput(f"没有这份草稿：{missing[0][:40]}")
        return [found[one] for one in wanted]

    async def open_for(self, kind: str, key: str) -> Proposal | None:
        row = await self._link.first(select(table).where(table.c.open_for == f"{kind} {key}"))
        return None if row is None else self._read(row)

    async def list(
        self,
        states: Collection[State] = (),
        *,
        kind: str = "",
        key: str = "",
        author: str = "",
        source: str = "",
        limit: int = 500,
    ) -> Sequence[Proposal]:
        wanted = select(table)
        if states:
            wanted = wanted.where(table.c.state.in_(sorted(states)))
        for column, value in ((table.c.kind, kind), (table.c.key, key), (table.c.author, author)):
            if value:
                wanted = wanted.where(column == value)
        if source:
            wanted = wanted.where(table.c.source.startswith(source, autoescape=True))
        rows = await self._link.all(wanted.order_by(table.c.updated_at.desc(), table.c.id.desc()).limit(limit))
        return [self._read(row) for row in rows]

    async def save(self, proposal: Proposal, now: datetime, **fields: Any) -> Proposal:
        if unknown := fields.keys() - _CHANGEABLE:
            raise BadInput(f"a proposal has no changeable {', '.join(sorted(unknown))}; use {sorted(_CHANGEABLE)}")
        values = {name: value for name, value in fields.items() if name not in _SEALED}
        if fields.keys() & _SEALED:
            data, note = fields.get("data", proposal.data), fields.get("note", proposal.note)
            values["body"] = self._seal(proposal.id, data, note)
        if "editors" in values:
            values["editors"] = " ".join(values["editors"])
        if "publish_on" in values:
            values["publish_on"] = values["publish_on"].isoformat() if values["publish_on"] else ""
        if "state" in values:
            state = State(values["state"])
            values |= {"state": state.value, "open_for": _open_for(proposal.kind, proposal.key, state)}
        changed = await self._link.changed(
            update(table)
            .where(table.c.id == proposal.id, table.c.version == proposal.version)
            .values(**values, version=proposal.version + 1, updated_at=now)
        )
        if not changed:
            raise Conflict(f"“{proposal.key}”刚刚被别人改过，请重新打开看看")
        return await self.get(proposal.id)

    async def say(self, proposal: str, what: str, text: str, actor: str, now: datetime) -> Comment:
        row = new_id(now)
        body = self._ring.seal_words(text, "proposal_steps", row, "body")
        values = {"id": row, "proposal": proposal, "what": what, "actor": actor, "at": now}
        await self._link.run(insert(steps).values(body=body, **values))
        return Comment(row, proposal, what, text, actor, now)

    async def said(self, proposal: str) -> Sequence[Comment]:
        wanted = select(steps).where(steps.c.proposal == proposal).order_by(steps.c.at, steps.c.id)
        said = self._ring.open_words
        return [
            Comment(row.id, row.proposal, row.what, said(row.body, "proposal_steps", row.id, "body"), row.actor, row.at)
            for row in await self._link.all(wanted)
        ]

    async def accept(self, edition: int, question: str, before: str, after: str, actor: str, now: datetime) -> None:
        values = {"edition": edition, "question": question, "before": before, "after": after, "actor": actor, "at": now}
        await self._link.run(insert(acceptances).values(**values))

    async def accepted(self, edition: int) -> Sequence[Acceptance]:
        wanted = select(acceptances).where(acceptances.c.edition == edition).order_by(acceptances.c.question)
        return [
            Acceptance(row.edition, row.question, row.before, row.after, row.actor, row.at)
            for row in await self._link.all(wanted)
        ]

    def _seal(self, row: str, data: Mapping[str, Any] | None, note: str) -> bytes:
        body = to_json({"data": None if data is None else dict(data), "note": note}, f"proposals {row}")
        return self._ring.seal(body, "proposals", row, "body")

    def _read(self, row: Row[Any]) -> Proposal:
        body = from_json(self._ring.open(row.body, "proposals", row.id, "body"))
        return Proposal(
            id=row.id,
            kind=row.kind,
            key=row.key,
            data=body["data"],
            base=row.base,
            edition=row.edition,
            region=row.region,
            author=row.author,
            editors=tuple(row.editors.split()),
            state=State(row.state),
            note=str(body["note"]),
            publish_on=date.fromisoformat(row.publish_on) if row.publish_on else None,
            approver=row.approver,
            published=row.published,
            source=row.source,
            version=row.version,
            created_at=row.created_at,
            updated_at=row.updated_at,
            submitted_at=row.submitted_at,
            decided_at=row.decided_at,
        )


def _open_for(kind: str, key: str, state: State) -> str | None:
    return f"{kind} {key}" if state in OPEN else None
