"""Who should take a conversation: by place, then by what they know, then by what they have in hand."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.conversations import Conversation, Holder
from bot.desk.desk import Desk
from bot.desk.handoff import holding
from bot.desk.ports import Store
from bot.desk.supervising import routing
from bot.errors import BadInput, Conflict, NotYours, TryAgain
from bot.messages import Author, State
from bot.staff import Staff
from tests.desk.handoff.conftest import officer, queued, rows
from tests.desk.handoff.conftest import talk as reread
from tests.desk.supervising.conftest import CITY, DISTRICT, lines, supervisor


async def suggested(desk: Desk, talk: Conversation) -> list[routing.Candidate]:
    async with desk.store.reading() as work:
        return await routing.candidates(desk, work, talk, await routing.Crew.of(desk, work))


async def waits(desk: Desk, sender: str = "o-wang", label: str = "") -> Conversation:
    talk = await queued(desk, sender)
    async with desk.store.writing() as work:
        talk = await work.conversations.change(talk.id, desk.clock.now(), region=DISTRICT)
        if label:
            await work.talks.label(talk.id, label, True, "test", desk.clock.now())
        await work.commit()
    return talk


async def knows(desk: Desk, one: Staff, *skills: str) -> None:
    async with desk.store.writing() as work:
        await work.staff.change(one, "test", desk.clock.now(), skills=list(skills))
        await work.commit()


async def sits_here(desk: Desk, one: Staff) -> None:
    async with desk.store.writing() as work:
        await work.sessions.open(f"token-{one.id}", one.id, "127.0.0.1", "Firefox", desk.clock.now())
        await work.commit()


async def test_place_before_skill_before_load(office: Desk) -> None:
    far = await officer(office, "far", "远工", region=CITY)
    busy = await officer(office, "busy", "忙工", region=DISTRICT)
    free = await officer(office, "free", "闲工", region=DISTRICT)
    able = await officer(office, "able", "能工", region=DISTRICT)
    await officer(office, "else", "外工", region="440305")
    await knows(office, far, "儿童")
    await knows(office, able, "儿童")
    for one, sender in ((busy, "o-1"), (able, "o-2"), (able, "o-3")):
        await holding.claim(office, one, (await waits(office, sender)).id)
    talk = await waits(office, label="困境儿童")
    found = await suggested(office, talk)
    assert [one.staff.name for one in found] == ["能工", "闲工", "忙工", "远工"]
    assert (found[0].knows, found[0].held, found[1].held) == ("儿童", 2, 0)
    await sits_here(office, far)
    assert (await suggested(office, talk))[0].staff.name == "远工", "only they are at their desk"
    assert free.id in {one.staff.id for one in found}


async def test_nobody_is_suggested_for_a_complaint_about_themselves(office: Desk) -> None:
    chen, li = await officer(office, "chen", "陈工"), await officer(office, "li", "李工")
    talk = replace(await waits(office), reason=f"complaint:{chen.id}")
    assert [one.staff.id for one in await suggested(office, talk)] == [li.id]


async def test_a_supervisor_assigns_what_waits_and_what_is_held(office: Desk) -> None:
    boss = await supervisor(office, "boss", CITY)
    chen, li = await officer(office, "chen", "陈工"), await officer(office, "li", "李工")
    talk = await waits(office)
    await routing.assign(office, boss, talk.id, chen.id)
    await routing.assign(office, boss, talk.id, chen.id)
    assert (await reread(office, talk.id)).holder_name == chen.id
    await routing.assign(office, boss, talk.id, li.id)
    after = await reread(office, talk.id)
    assert (after.holder, after.holder_name) == (Holder.OFFICER, li.id)
    assert [(line.actor, line.about["to"]) for line in await lines(office, "assign")] == [
        (boss.id, chen.id),
        (boss.id, li.id),
    ]
    bot = [row for row in await rows(office, talk.id) if row.author is Author.BOT and row.state is State.QUEUED]
    assert bot == [], "the bot is silent, as after a claim"


async def test_who_may_not_assign_and_to_whom(office: Desk) -> None:
    boss = await supervisor(office, "boss", CITY)
    chen = await officer(office, "chen", "陈工", region=DISTRICT)
    other = await officer(office, "other", "外工", region="440305")
    talk = await waits(office)
    with pytest.raises(NotYours):
        await routing.assign(office, chen, talk.id, chen.id)
    with pytest.raises(BadInput):
        await routing.assign(office, boss, talk.id, other.id)
    with pytest.raises(NotYours):
        await routing.assign(office, await supervisor(office, "far", "440305"), talk.id, other.id)
    await holding.claim(office, chen, talk.id)
    await holding.give_back(office, chen, talk.id)
    with pytest.raises(Conflict):
        await routing.assign(office, boss, talk.id, chen.id)


async def test_what_waits_goes_to_who_is_here_and_has_room(office: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routing, "FULL", 1)
    chen, li = await officer(office, "chen", "陈工"), await officer(office, "li", "李工")
    talks = [await waits(office, f"o-{number}") for number in range(3)]
    assert await routing.assign_waiting(office) == 0, "nobody is here"
    await sits_here(office, chen)
    await sits_here(office, li)
    assert await routing.assign_waiting(office) == 2
    held = {(await reread(office, one.id)).holder_name for one in talks}
    assert held == {chen.id, li.id, ""}
    assert {line.actor for line in await lines(office, "assign")} == {"system"}


@pytest.mark.parametrize("races", [15, pytest.param(300, marks=pytest.mark.proof)])
async def test_a_claim_and_assigning_by_itself_have_one_winner(office: Desk, second_store: Store, races: int) -> None:
    """A-82: an officer claims and the office assigns by itself in the same moment."""
    chen, li = await officer(office, "chen", "陈工"), await officer(office, "li", "李工")
    await sits_here(office, li)
    other = replace(office, store=second_store)

    async def tries(deed: object) -> str:
        for _ in range(30):
            try:
                await deed()  # type: ignore[operator]
            except Conflict:
                return "late"
            except TryAgain:
                await asyncio.sleep(0.01)
            else:
                return "done"
        return "busy"

    for number in range(races):
        talk = await waits(office, f"o-{number}")
        deeds = [
            lambda talk=talk: holding.claim(office, chen, talk.id),
            lambda talk=talk: routing._give(other, talk.id),
        ]
        ends = await asyncio.gather(*(tries(deed) for deed in deeds[:: 1 if number % 2 else -1]))
        assert "busy" not in ends
        async with office.store.reading() as work:
            moves = await work.conversations.moves(talk.id)
        assert [str(move["to"]) for move in moves] == ["queued", "officer"], "one winner"
        winner = (await reread(office, talk.id)).holder_name
        await holding.close(office, chen if winner == chen.id else li, talk.id, "solved")
