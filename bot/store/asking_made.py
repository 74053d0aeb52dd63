"""What the publicity desk made of the questions: decisions about groups, wordings judged, and what officers handed on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from bot.desk.asking_ports import Decision, Proposed
from bot.errors import BadInput
from bot.language.normalise import match_key
from bot.store.asking_tables import decisions, proposed, suggestions
from bot.store.body import from_json, to_json
from bot.store.case_views import within
from bot.store.ids import new_id
from bot.store.keys import KeyRing
from bot.store.link import Link, chunks


class MadeOfQuestions:
    def __init__(self, link: Link, ring: KeyRing) -> None:
        self._link, self._ring = link, ring

    async def decide(self, one: Decision) -> None:
        values = {"team": one.team, "state": one.state, "proposal": one.proposal, "actor": one.actor, "at": one.at}
        made = self._link.insert(decisions).values(values)
        await self._link.run(made.on_conflict_do_update(index_elements=["team"], set_=values))

    async def decisions(self, teams: Collection[str] = ()) -> Sequence[Decision]:
        wanted = select(decisions).order_by(decisions.c.at.desc(), decisions.c.team)
        statements = [wanted.where(decisions.c.team.in_(some)) for some in chunks(sorted(teams))] if teams else [wanted]
        rows = [row for statement in statements for row in await self._link.all(statement)]
        return [Decision(row.team, row.state, row.proposal, row.actor, row.at) for row in rows]

    async def judge(
        self, team: str, entry: str, wording: str, accepted: bool, proposal: str, actor: str, now: datetime
    ) -> bool:
        values = {
            "id": new_id(now),
            "team": team,
            "entry": entry,
            "wording": self._hash(wording),
            "state": "accepted" if accepted else "refused",
            "proposal": proposal,
            "actor": actor,
            "at": now,
        }
        return await self._link.put_new(suggestions, values, "entry, wording")

    async def judged(self, entry: str, wordings: Sequence[str]) -> Collection[str]:
        hashes = {self._hash(one): one for one in wordings}
        known = (suggestions.c.entry == entry, suggestions.c.wording.in_(list(hashes)))
        rows = await self._link.all(select(suggestions.c.wording).where(*known)) if hashes else []
        return {hashes[bytes(row.wording)] for row in rows}

    async def refused(self, teams: Collection[str]) -> Mapping[str, Collection[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for some in chunks(sorted(teams)):
            no = (suggestions.c.team.in_(some), suggestions.c.state == "refused")
            for row in await self._link.all(select(suggestions.c.team, suggestions.c.entry).where(*no)):
                found[row.team].add(row.entry)
        return found

    async def propose(
        self, conversation: str, region: str, question: str, answer: str, actor: str, now: datetime
    ) -> Proposed:
        one = Proposed(new_id(now), conversation, region, question, answer, "open", "", actor, now)
        body = to_json({"question": question, "answer": answer}, f"asked_proposed {one.id}")
        values = {"id": one.id, "conversation": conversation, "region": region, "state": one.state, "actor": actor}
        sealed = self._ring.seal(body, "asked_proposed", one.id, "words")
        await self._link.run(proposed.insert().values(words=sealed, proposal="", at=now, **values))
        return one

    async def proposed(self, regions: Sequence[str], limit: int) -> Sequence[Proposed]:
        here = (within(proposed.c.region, regions), proposed.c.state == "open")
        rows = await self._link.all(select(proposed).where(*here).order_by(proposed.c.at, proposed.c.id).limit(limit))
        return [self._proposed(row) for row in rows]

    async def proposed_one(self, one: str) -> Proposed:
        row = await self._link.first(select(proposed).where(proposed.c.id == one))
        if row is None:
            raise BadInput("这条推荐已经删除了，请刷新后再看")
        return self._proposed(row)

    async def settle(self, one: str, state: str, proposal: str) -> bool:
        still = (proposed.c.id == one, proposed.c.state == "open")
        return await self._link.changed(update(proposed).where(*still).values(state=state, proposal=proposal)) == 1

    def _proposed(self, row: Row[Any]) -> Proposed:
        body = from_json(self._ring.open(row.words, "asked_proposed", row.id, "words"))
        question, answer = str(body["question"]), str(body["answer"])
        return Proposed(
            row.id, row.conversation, row.region, question, answer, row.state, row.proposal, row.actor, row.at
        )

    def _hash(self, wording: str) -> bytes:
        return self._ring.hash("asked wording", match_key(wording))
