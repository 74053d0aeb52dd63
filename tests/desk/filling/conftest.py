"""A desk with everything published but the answers: forms, programmes, words, consents."""

from __future__ import annotations

import pytest

from bot.calendar import WorkingDays
from bot.clock import FixedClock
from bot.desk.desk import Desk
from bot.desk.ports import Store
from bot.regions import RegionTree
from tests.desk.filling.talk import Talk
from tests.in_force import CONTENT, in_force, without_answers


@pytest.fixture
async def desk(store: Store, clock: FixedClock, regions: RegionTree) -> Desk:
    keeper = await in_force(store, without_answers(), clock, regions)
    return Desk(store, clock, regions, keeper, calendar=WorkingDays.from_csv(CONTENT / "calendar.csv"))


@pytest.fixture
def talk(desk: Desk) -> Talk:
    return Talk(desk)
