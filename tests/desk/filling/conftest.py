"""A desk with everything published but the answers: forms, programmes, words, consents."""

from __future__ import annotations

from functools import cache

import pytest

from bot.calendar import WorkingDays
from bot.clock import FixedClock
from bot.desk.desk import Desk
from bot.desk.ports import Store
from bot.knowledge.entry import Entry
from bot.knowledge.files import read_folder
from bot.knowledge.keeper import EditionKeeper
from bot.regions import RegionTree
from tests.desk.conftest import CONTENT
from tests.desk.filling.talk import Talk


@cache
def entries() -> tuple[Entry, ...]:
    return tuple(entry for entry in read_folder(CONTENT).entries if entry.kind != "answer")


@pytest.fixture
async def desk(store: Store, clock: FixedClock, regions: RegionTree) -> Desk:
    async with store.writing() as work:
        await work.editions.publish(entries(), 0, "test", "real content", clock.now())
        await work.commit()
    keeper = EditionKeeper(store, regions)
    await keeper.refresh()
    return Desk(store, clock, regions, keeper, calendar=WorkingDays.from_csv(CONTENT / "calendar.csv"))


@pytest.fixture
def talk(desk: Desk) -> Talk:
    return Talk(desk)
