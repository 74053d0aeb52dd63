"""What people asked: the log, its vectors and groups. Words and vectors are sealed; a person's go with the person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import and_, bindparam, delete, func, insert, select, update

from bot.asking import week_of
from bot.clock import SHANGHAI
from bot.desk.asking_ports import Asked, Run, ToGroup
from bot.errors import BadInput
from bot.store.asking_tables import asked, proposed, runs, vectors
from bot.store.asking_views import QuestionViews
from bot.store.link import chunks
from bot.store.room import Room

_INSERT = asked.insert()
_SET_TEAM = update(asked).where(asked.c.id == bindparam("one")).values(team=bindparam("group"), place=bindparam("near"))
_CHUNK = 500
_WRITTEN_AT_ONCE = 1000


class QuestionRows(QuestionViews):
    """`bot.desk.asking_ports.Questions`."""

    async def add(self, one: Asked) -> None:
        day = one.at.astimezone(SHANGHAI).date()
        words = self._ring.seal(one.words.encode("utf-8", "ignore"), "asked", one.id, "words") if one.words else None
        values = {
            "id": one.id,
            "conversation": one.conversation,
            "region": one.region,
            "channel": one.channel,
            "outcome": one.outcome,
            "reason": one.reason,
            "entry": one.entry,
            "programme": one.programme,
            "score": one.score,
            "at": one.at,
            "second": int(one.at.timestamp()),
            "day": day.isoformat(),
            "week": week_of(day).isoformat(),
            "words": words,
            "team": one.team,
            "place": 0,
        }
        await self._link.run(_INSERT, values)

    async def get(self, one: str) -> Asked:
        row = await self._link.first(select(asked).where(asked.c.id == one))
        if row is None:
            raise BadInput("这条提问已经删除了，请刷新后再看")
        return self._read(row)

    async def ungrouped(self) -> int:
        return int(
            await self._link.value(select(func.count()).where(asked.c.team == "", asked.c.words.is_not(None))) or 0
        )

    async def unencoded(self, encoder: str, since: date, limit: int) -> Mapping[str, str]:
        have = and_(vectors.c.id == asked.c.id, vectors.c.encoder == encoder)
        wanted = (
            select(asked.c.id, asked.c.words)
            .select_from(asked.outerjoin(vectors, have))
            .where(asked.c.words.is_not(None), asked.c.day >= since.isoformat(), vectors.c.id.is_(None))
            .order_by(asked.c.id.desc())
            .limit(limit)
        )
        return {row.id: self._words(row.words, row.id) for row in await self._link.all(wanted)}

    async def keep_vectors(self, encoder: str, made: Mapping[str, bytes]) -> None:
        for some in chunks(sorted(made), _CHUNK):
            there = {row.id for row in await self._link.all(select(asked.c.id).where(asked.c.id.in_(some)))}
            rows = [
                {"id": one, "encoder": encoder, "vector": self._ring.seal(made[one], "asked_vectors", one, encoder)}
                for one in some
                if one in there
            ]
            if rows:
                await self._link.run(self._link.insert(vectors).values(rows).on_conflict_do_nothing())

    async def to_group(self, encoder: str, since: date, after: str, limit: int) -> Sequence[ToGroup]:
        have = and_(vectors.c.id == asked.c.id, vectors.c.encoder == encoder)
        wanted = (
            select(asked.c.id, asked.c.words, asked.c.team, asked.c.place, vectors.c.vector)
            .select_from(asked.outerjoin(vectors, have))
            .where(asked.c.words.is_not(None), asked.c.id > after, asked.c.day >= since.isoformat())
            .order_by(asked.c.id)
            .limit(limit)
        )
        return [
            ToGroup(
                row.id,
                self._words(row.words, row.id),
                self._ring.open(row.vector, "asked_vectors", row.id, encoder) if row.vector else None,
                row.team,
                row.place,
            )
            for row in await self._link.all(wanted)
        ]

    async def set_teams(self, teams: Iterable[tuple[str, str, int]]) -> None:
        rows = iter(teams)
        while some := [{"one": one, "group": team, "near": near} for one, team, near in islice(rows, _WRITTEN_AT_ONCE)]:
            await self._link.run(_SET_TEAM, some)

    async def ran(self, run: Run) -> None:
        await self._link.run(delete(runs))
        await self._link.run(insert(runs).values(id=1, at=run.at, questions=run.questions, teams=run.teams))

    async def last_run(self) -> Run | None:
        row = await self._link.first(select(runs))
        return Run(row.at, row.questions, row.teams) if row else None

    async def forget(self, before: date, limit: int = _CHUNK) -> int:
        old = select(asked.c.id).where(asked.c.day < before.isoformat()).order_by(asked.c.day).limit(limit)
        ids = [row.id for row in await self._link.all(old)]
        await self._link.run(delete(vectors).where(vectors.c.id.in_(ids)))
        return await self._link.changed(delete(asked).where(asked.c.id.in_(ids)))


async def drop_questions(room: Room, *which: Any) -> int:
    """Delete the questions that fit, with their vectors: what a person asked goes with the person."""
    old = select(asked.c.id).where(*which)
    await room.link.run(delete(vectors).where(vectors.c.id.in_(old)))
    return await room.link.changed(delete(asked).where(*which))


async def drop_proposed(room: Room, talks: Sequence[str]) -> None:
    """What officers handed on from these conversations. What stands in a draft or an edition is the office's by then."""
    await room.link.run(delete(proposed).where(proposed.c.conversation.in_(talks)))
