"""A town hall with three routes beside the chat, and senders that answer as prepared."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bot.conversations import Conversation
from bot.desk.case_ports import Case, Person
from bot.desk.cases.notifying import Notice, Told, notify
from bot.desk.desk import Desk
from bot.desk.notices.ports import SMS, SUBSCRIPTION, TEMPLATE, Kept, Letter, Route, Template, Try
from bot.desk.notices.rules import Rules
from bot.desk.notices.sending import send_due
from tests.desk.cases.conftest import Town
from tests.desk.cases.conftest import desk as desk

SUB = Template("TPL_SUB", {"thing1": "programme", "phrase2": "state", "date3": "day"}, "pages/case")
TPL = Template("TPL_OA", {"thing5": "title", "character_string2": "number"})
TEXT = Template("SMS_7", {"name": "programme", "state": "state"})
ROUTES = (
    Route(SUBSCRIPTION, "mini", consent=True, templates={"*": SUB}),
    Route(TEMPLATE, "wechat", consent=False, templates={"notice_move": TPL}),
    Route(SMS, "", consent=False, templates={"*": TEXT}),
)


@dataclass
class Sender:
    """A platform's interface that answers as prepared: an id, or a fault to raise."""

    answers: deque[str | Exception] = field(default_factory=deque)
    got: list[Letter] = field(default_factory=list)

    async def send(self, letter: Letter) -> str:
        self.got.append(letter)
        answer = self.answers.popleft() if self.answers else f"id-{len(self.got)}"
        if isinstance(answer, Exception):
            raise answer
        return answer


@dataclass
class Hall(Town):
    senders: dict[str, Sender] = field(
        default_factory=lambda: {name: Sender() for name in (SUBSCRIPTION, TEMPLATE, SMS)}
    )

    async def mini(self, agreed: int = 0, person: Person | None = None) -> Conversation:
        """A chat of the mini program, and how many notices it lets out."""
        async with self.desk.store.writing() as work:
            talk = await work.conversations.open("mini", "gh_m", f"m-{id(object())}-{self.now}", self.now, "resident")
            for _ in range(agreed):
                await work.notices.agreed(talk.id, SUB.id, yes=True, now=self.now)
            if person:
                await work.people.bind(talk.id, person.id, "test", self.now)
            await work.commit()
        return talk

    async def tell(self, case: Case, key: str = "notice_move", text: str = "材料齐了。") -> Told:
        async with self.desk.store.writing() as work:
            told = await notify(self.desk, work, case, Notice(key, text, ("lookup",)))
            await work.commit()
        return told

    async def send(self) -> int:
        return await send_due(self.desk, self.senders)

    async def notice(self, told: Told) -> Kept:
        async with self.desk.store.reading() as work:
            return await work.notices.get(told.id)

    async def tries(self, case: Case) -> list[Try]:
        async with self.desk.store.reading() as work:
            return list(await work.notices.tries(case.id))

    async def tried(self, case: Case) -> list[tuple[str, str, str]]:
        return [(one.route, one.outcome, one.reason) for one in await self.tries(case)]


@pytest.fixture
def hall(desk: Desk) -> Hall:
    return Hall(replace(desk, notices=Rules(ROUTES)))


HOURS = timedelta(hours=1)
