"""Published answers, editors signed in, and drafts they have begun."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from bot.clock import FixedClock
from bot.desk.desk import Desk
from bot.desk.ports import Store
from bot.desk.publicity_ports import Proposal
from bot.knowledge.entry import Entry
from bot.regions import RegionTree
from bot.staff import Role
from tests.console.conftest import Office
from tests.console.door import Visitor, inside
from tests.console.people import colleague
from tests.in_force import in_force

KEY = "tekun-days"
ONE = "/answers/one?" + urlencode({"kind": "answer", "key": KEY})


@pytest.fixture
async def desk(store: Store, clock: FixedClock, regions: RegionTree, content: tuple[Entry, ...]) -> Desk:
    return Desk(store, clock, regions, await in_force(store, content, clock, regions))


async def visitor(office: Office, login: str, role: Role = Role.EDITOR, *regions: str) -> Visitor:
    return await inside(
        office, (await colleague(office.desk, office.boss, login, [role], regions or ("000000",))).staff
    )


async def text(who: Visitor, path: str, status: int = 200) -> str:
    answer = await who.get(path)
    assert answer.status == status, (path, answer.status)
    return await answer.text()


async def begun(who: Visitor, key: str = KEY, kind: str = "answer") -> str:
    answer = await who.post("/answers/start", kind=kind, key=key)
    assert answer.status == 303, await answer.text()
    return answer.headers["Location"]


async def kept(office: Office, path: str) -> Proposal:
    async with office.desk.store.reading() as work:
        return await work.proposals.get(path.rpartition("/")[2])
