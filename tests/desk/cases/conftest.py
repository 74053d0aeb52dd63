"""A town hall for the tests of cases: people with their chats, and applications that were handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest

from bot.calendar import WorkingDays
from bot.clock import FixedClock
from bot.conversations import Conversation
from bot.desk.case_ports import Case, Person
from bot.desk.desk import Desk
from bot.desk.ports import Message, Store
from bot.forms.model import Given, Sheet
from bot.messages import Author
from bot.regions import RegionTree
from tests.in_force import CONTENT, in_force, of_kinds

KINDS = ("words", "hotline", "office", "document", "field", "form", "consent", "programme")
_numbers = count(1)


@pytest.fixture
async def desk(store: Store, clock: FixedClock, regions: RegionTree) -> Desk:
    keeper = await in_force(store, of_kinds(*KINDS), clock, regions)
    return Desk(store, clock, regions, keeper, calendar=WorkingDays.from_csv(CONTENT / "calendar.csv"))


@dataclass
class Town:
    """Short ways to what a test needs; each call is a unit of work of its own."""

    desk: Desk

    @property
    def now(self) -> datetime:
        return self.desk.clock.now()

    async def chat(self, sender: str = "", open_for: float = 172_800) -> Conversation:
        """A conversation; `open_for`: seconds in which the platform lets us send."""
        async with self.desk.store.writing() as work:
            sender = sender or f"o-{next(_numbers)}"
            talk = await work.conversations.open("wechat", "gh_1", sender, self.now, "resident")
            fields: dict[str, Any] = {"region": "420111"}
            if open_for:
                fields |= {"quota_left": 5, "window_until": self.now + timedelta(seconds=open_for)}
            talk = await work.conversations.change(talk.id, self.now, **fields)
            await work.commit()
        return talk

    async def person(
        self,
        talk: Conversation | None = None,
        name: str = "王桂英",
        identity: str = "420106195001011234",
        phone: str = "13800008765",
    ) -> Person:
        async with self.desk.store.writing() as work:
            made = await work.people.make(talk.id if talk else "", self.now, "test")
            made = await work.people.change(made.id, self.now, name=name, identity=identity, phone=phone)
            await work.commit()
        return made

    async def case(
        self,
        person: Person,
        talk: Conversation | None = None,
        *,
        helper: str = "",
        answers: Mapping[str, Any] | None = None,
        region: str = "420111",
        programme: str = "dibao",
    ) -> Case:
        """Handed in now."""
        talk = talk or await self.chat()
        sheet = Sheet(programme, {path: Given(value) for path, value in (answers or {}).items()})
        async with self.desk.store.writing() as work:
            draft = await work.drafts.open(talk.id, person.id, "application", programme, sheet, {}, self.now)
            case = await work.cases.add(replace(draft, sheet=sheet), programme, region, "submitted", helper, self.now)
            await work.drafts.save(draft, self.now, state="done")
            await work.commit()
        return case

    async def set(self, case: Case, *states: str, reason: str = "理由在此") -> Case:
        """Moved along without telling anybody."""
        async with self.desk.store.writing() as work:
            for state in states:
                case = await work.cases.move(case, state, "officer:test", reason, self.now, None)
            await work.commit()
        return case

    async def get(self, case: Case) -> Case:
        async with self.desk.store.reading() as work:
            return await work.cases.get(case.id)

    async def timeline(self, case: Case) -> list[Any]:
        async with self.desk.store.reading() as work:
            return list(await work.cases.timeline(case.id))

    async def tasks(self, case: Case) -> list[Any]:
        async with self.desk.store.reading() as work:
            return list(await work.tasks.of_case(case.id))

    async def said(self, talk: Conversation) -> list[Message]:
        """What we said in this chat."""
        async with self.desk.store.reading() as work:
            rows = await work.messages.history(talk.id, 500)
        return [row for row in rows if row.author is not Author.RESIDENT]


@pytest.fixture
def town(desk: Desk) -> Town:
    return Town(desk)
