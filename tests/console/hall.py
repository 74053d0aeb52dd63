"""A console over a town's cases: real content, officers of different places, and applications that were handed in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from aiohttp.test_utils import TestServer

from bot.audit import Deed, Line
from bot.clock import FixedClock
from bot.desk.case_ports import Case
from bot.desk.cases.signing import OfficeKey
from bot.desk.desk import Desk
from bot.forms.model import Given, Sheet
from bot.staff import Role
from console.app import build_console
from tests.console.conftest import Office
from tests.console.door import Visitor, inside
from tests.console.people import colleague, operator
from tests.desk.cases.conftest import Town
from tests.desk.cases.conftest import desk as desk

NAME, IDENTITY, PHONE = "王桂英", "420106195001011234", "13800008765"
PICTURE = b"\xff\xd8\xff\xe0 a photo"
SUM = {"low": "23174", "high": "23174", "about": False, "per": "month"}
ANSWERS: Mapping[str, Any] = {
    "members.1.name": NAME,
    "members.1.identity": IDENTITY,
    "members.2.name": "李小龙",
    "members.2.relation": "child",
    "household_size": 2,
    "health_detail": "尿毒症每周透析",
    "monthly_wage": SUM,
}
SECRETS = (NAME, IDENTITY, PHONE, "李小龙", "透析", "23174")


@dataclass
class Hall:
    office: Office
    town: Town

    async def visitor(self, login: str, role: Role = Role.OFFICER, regions: tuple[str, ...] = ("420111",)) -> Visitor:
        return await inside(
            self.office, (await colleague(self.office.desk, self.office.boss, login, [role], regions)).staff
        )

    async def case(
        self, answers: Mapping[str, Any] = ANSWERS, region: str = "420111", name: str = NAME, due: int | None = None
    ) -> Case:
        """Handed in now, with a photo and a consent; `due`: working out of days is the mover's business, here it is set."""
        talk = await self.town.chat()
        person = await self.town.person(talk, name=name, identity=IDENTITY, phone=PHONE)
        sheet = Sheet("dibao", {path: Given(value) for path, value in answers.items()})
        desk, now = self.office.desk, self.town.now
        last = desk.today() + timedelta(days=due) if due is not None else None
        async with desk.store.writing() as work:
            draft = await work.drafts.open(talk.id, person.id, "application", "dibao", sheet, {}, now)
            await work.papers.add(draft.id, person.id, 1, "identity", "kept", PICTURE, now)
            await work.consents.ask(
                draft.id, 2, "李小龙", "check", "1", f"code {draft.id}", now + timedelta(days=3), now
            )
            case = await work.cases.add(replace(draft, sheet=sheet), "dibao", region, "submitted", "", now, due=last)
            await work.drafts.save(draft, now, state="done")
            await work.commit()
        return case

    async def lines(self, *deeds: Deed) -> list[Line]:
        async with self.office.desk.store.reading() as work:
            return [line async for line, _ in work.audit.lines() if line.deed in deeds]

    async def now(self, case: Case) -> Case:
        async with self.office.desk.store.reading() as work:
            return await work.cases.get(case.id)

    def later(self, **span: float) -> None:
        clock = self.office.desk.clock
        assert isinstance(clock, FixedClock)
        clock.advance(**span)

    @property
    def today(self) -> date:
        return self.office.desk.today()


@pytest.fixture
async def hall(desk: Desk) -> AsyncIterator[Hall]:
    server = TestServer(build_console(desk, office_keys=[OfficeKey("shi", "sm3", bytes(range(32)), "420100")]))
    await server.start_server()
    office = Office(desk, server, await operator(desk))
    yield Hall(office, Town(desk))
    await office.close()


async def text(visitor: Visitor, path: str) -> str:
    answer = await visitor.get(path)
    assert answer.status == 200, (path, await answer.text())
    return await answer.text()


async def everything(hall: Hall, chen: Visitor, case: Case) -> dict[str, str]:
    """One of each kind that hangs on a case."""
    answer = await chen.post(f"/cases/{case.id}/tasks", kind="visit", day="2026-12-01", hour="09:30", text="上门看房")
    assert answer.status == 303, await answer.text()
    answer = await chen.post(f"/cases/{case.id}/referrals", office="school", what="请减免学费", follow_up="2026-12-09")
    assert answer.status == 303, await answer.text()
    async with hall.office.desk.store.reading() as work:
        (referral,) = await work.referrals.of_case(case.id)
        (task,) = [one for one in await work.tasks.of_case(case.id) if one.kind != "follow_up"]
        (paper,) = await work.papers.of_case(case.id)
    return {"{case}": case.id, "{task}": task.id, "{referral}": referral.id, "{paper}": paper.id}
