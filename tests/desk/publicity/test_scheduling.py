"""What was approved for a day goes out on that day, once, whoever looks; what no longer fits stays and says why."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.desk.ports import Store
from bot.desk.publicity import board, proposals, publishing, scheduling
from bot.desk.publicity_ports import State
from bot.errors import BadInput
from tests.desk.publicity.conftest import KEY, Team
from tests.desk.publicity.test_proposals import worded
from tests.desk.publicity.test_publishing import protect

DAY = date(2026, 12, 1)


async def scheduled(team: Team, key: str = KEY, on: date = DAY, accepted: tuple[str, ...] = ()) -> str:
    draft = await proposals.start(team.desk, team.ed, "answer", key)
    draft = await proposals.save(
        team.desk, team.ed, draft.id, draft.version, worded(await team.entry(key), "新的一句。")
    )
    (sent,) = await proposals.submit(team.desk, team.ed, {draft.id: draft.version})
    await scheduling.schedule(team.desk, team.ann, {sent.id: sent.version}, on, "到时候换", accepted)
    return sent.id


async def state(team: Team, proposal: str) -> State:
    async with team.desk.store.reading() as work:
        return (await work.proposals.get(proposal)).state


async def test_it_waits_for_its_day_and_goes_out_once(team: Team, second_store: Store) -> None:
    one, other = await scheduled(team), await scheduled(team, "dibao-apply")
    later = await scheduled(team, "tekun-apply", DAY + timedelta(days=9))
    assert await scheduling.publish_due(team.desk) == ()
    team.later(seconds=6 * 86400)
    there = replace(team.desk, store=second_store, meaning=None)
    done = await asyncio.gather(scheduling.publish_due(replace(team.desk, meaning=None)), scheduling.publish_due(there))
    assert sorted(number for numbers in done for number in numbers) == [2]
    assert await scheduling.publish_due(team.desk) == ()
    assert [await state(team, id) for id in (one, other, later)] == [State.PUBLISHED, State.PUBLISHED, State.SCHEDULED]
    assert (await team.entry())["text"].endswith("新的一句。\n")


async def test_what_no_longer_fits_stays_approved_and_the_others_go(team: Team) -> None:
    good, bad = await scheduled(team), await scheduled(team, "linshi-what")
    # Somebody publishes another text of it meanwhile.
    entries = [
        replace(one, data=worded(dict(one.data), "别人的话。")) if one.key == "linshi-what" else one
        for one in await team.entries()
    ]
    async with team.desk.store.writing() as work:
        await work.editions.publish(entries, 1, "cli", "from files", team.desk.clock.now())
        await work.commit()
    team.later(seconds=6 * 86400)
    await scheduling.publish_due(team.desk)
    assert (await state(team, good), await state(team, bad)) == (State.PUBLISHED, State.APPROVED)
    found = await board.board(team.desk, team.ann)
    assert "在起草以后又发布过" in found.failed[bad]
    assert "别人的话。" in (await team.entry("linshi-what"))["text"]


async def test_protected_questions_are_accepted_when_it_is_scheduled(team: Team) -> None:
    title = (await team.entry())["title"]
    await protect(team, title, f"answer:{KEY}")
    draft = await proposals.start(team.desk, team.ed, "protected", "q-test")
    draft = await proposals.save(team.desk, team.ed, draft.id, draft.version, None)
    (sent,) = await proposals.submit(team.desk, team.ed, {draft.id: draft.version})
    with pytest.raises(BadInput, match="受保护"):
        await scheduling.schedule(team.desk, team.ann, {sent.id: sent.version}, DAY)
    await scheduling.schedule(team.desk, team.ann, {sent.id: sent.version}, DAY, accepted=["q-test"])
    team.later(seconds=6 * 86400)
    (number,) = await scheduling.publish_due(team.desk)
    async with team.desk.store.reading() as work:
        assert [one.question for one in await work.proposals.accepted(number)] == ["q-test"]


async def test_what_ends_soon_stands_on_the_board(team: Team) -> None:
    ending = worded(await team.entry(), "到月底为止。")
    ending["scope"] = {**ending["scope"], "to": "2026-12-02"}
    good = await team.approved(KEY, ending)
    await publishing.publish(team.desk, team.ann, {good.id: good.version})
    await team.live()
    found = await board.board(team.desk, team.ann)
    (one,) = [each for each in found.endings if each.key == KEY]
    assert (one.days, one.step) == (7, 7)
    team.later(seconds=10 * 86400)
    (one,) = [each for each in (await board.board(team.desk, team.ann)).endings if each.key == KEY]
    assert (one.days, one.step) == (-3, 0)


async def test_a_day_that_is_over_is_no_day_to_schedule_for(team: Team) -> None:
    draft = await proposals.start(team.desk, team.ed, "answer", KEY)
    (sent,) = await proposals.submit(team.desk, team.ed, {draft.id: draft.version})
    with pytest.raises(BadInput, match="今天以后"):
        await scheduling.schedule(team.desk, team.ann, {sent.id: sent.version}, team.desk.today())
