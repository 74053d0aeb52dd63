"""What is due is forgotten without being asked, and nothing else is."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.clock import FixedClock
from bot.desk.desk import Desk
from bot.desk.ports import Store
from bot.desk.retention import forget
from bot.errors import BadInput
from bot.knowledge.keeper import EditionKeeper
from bot.regions import RegionTree
from tests.store.applications import began, sheet, submitted
from tests.store.conftest import NOW, after, opened


async def test_old_drafts_done_tasks_and_traces_go_and_the_rest_stays(store: Store, regions: RegionTree) -> None:
    clock = FixedClock(NOW)
    desk = Desk(store, clock, regions, EditionKeeper(store, regions))
    case, talk = await submitted(store, "o-1"), await opened(store, "o-2")
    async with store.writing() as work:
        drafts = [await work.drafts.open(talk.id, "", "precheck", "", sheet(), {}, after(n)) for n in range(250)]
        fresh = await began(work, talk.id, NOW + timedelta(days=20))
        task = await work.tasks.add("callback", case.person, case.id, "420111", "回电", "", after(60), NOW)
        await work.tasks.done(task.id, "officer:li", after(90))
        await work.cases.tried("number:1", NOW)
        await work.requests.put("moves", "k1", "hash", 200, "{}", NOW)
        await work.commit()
    assert await forget(desk) == 0
    clock.advance(days=31)
    # 250 pre-checks and the closed draft of the case, the task, the trace and the request.
    assert await forget(desk) == 250 + 1 + 3
    async with store.reading() as work:
        assert (await work.drafts.get(fresh.draft.id)).version == 1
        assert (await work.cases.get(case.id, answers=True)).answers == case.answers
        for lost in (work.drafts.get(drafts[0].id), work.tasks.get(task.id)):
            with pytest.raises(BadInput):
                await lost
        assert await work.cases.tries("number:1", NOW) == 0
        assert await work.requests.get("moves", "k1") is None
    assert await forget(desk) == 0
