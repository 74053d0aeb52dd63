"""Two officers who claim at the same moment: one wins, the other hears the winner's name; and a claim against the outbox."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.desk.desk import Desk
from bot.desk.handoff import holding
from bot.desk.intake import take_in
from bot.desk.outbox import _claim
from bot.desk.ports import Store
from bot.desk.turns import TurnWorker
from bot.errors import Conflict, TryAgain
from bot.messages import Author, State
from bot.staff import Staff
from tests.desk.conftest import ScriptedEngine, message
from tests.desk.handoff.conftest import Post, officer, queued, rows, talk


@pytest.mark.parametrize("races", [50, pytest.param(1000, marks=pytest.mark.proof)])
async def test_of_two_claims_one_wins(office: Desk, second_store: Store, races: int) -> None:
    """Through two stores, as from two processes."""
    desks = (office, replace(office, store=second_store))
    people = (await officer(office, "chen", "陈工"), await officer(office, "li", "李工"))
    wins = {people[0].id: 0, people[1].id: 0}
    for number in range(races):
        one = await queued(office, f"o-{number}")
        pair = list(zip(desks, people, strict=True))
        ends = await asyncio.gather(*(_claims(desk, me, one.id) for desk, me in pair[:: 1 if number % 2 else -1]))
        winners = [end for end in ends if isinstance(end, str)]
        losers = [end for end in ends if isinstance(end, Conflict)]
        assert (len(winners), len(losers)) == (1, 1), ends
        held = await talk(office, one.id)
        assert held.holder_name == winners[0]
        name = next(me.name for me in people if me.id == winners[0])
        assert name in str(losers[0])
        wins[winners[0]] += 1
    assert sum(wins.values()) == races
    async with office.store.reading() as work:
        moves = await work.conversations.moves(one.id)
    assert [str(move["to"]) for move in moves] == ["queued", "officer"]


async def _claims(desk: Desk, me: Staff, conversation: str) -> str | Conflict:
    for _ in range(20):
        try:
            return (await holding.claim(desk, me, conversation)).holder_name
        except Conflict as lost:
            return lost
        except TryAgain:
            await asyncio.sleep(0.01)
    raise AssertionError("the database was locked throughout")


@pytest.mark.parametrize("races", [25, pytest.param(500, marks=pytest.mark.proof)])
async def test_after_a_claim_no_row_of_the_bot_becomes_sending(
    office: Desk, second_store: Store, engine: ScriptedEngine, races: int
) -> None:
    other, me = replace(office, store=second_store), await officer(office)
    left = 0
    for number in range(races):
        taken = await take_in(office, message(sender=f"o-{number}"))
        await TurnWorker(office, engine, "w").work_once()
        (row,) = [one for one in await rows(office, taken.conversation.id) if one.author is Author.BOT]
        _, sent = await asyncio.gather(
            _claims(office, me, taken.conversation.id), _claim(other, {"wechat": Post()}, row)
        )
        (after,) = [one for one in await rows(office, taken.conversation.id) if one.author is Author.BOT]
        # Either it had left, and the claim did not stop it, or the claim came first, and it never leaves.
        assert (sent is not None) == (after.state is State.SENDING)
        assert after.state in (State.SENDING, State.FAILED)
        if after.state is State.FAILED:
            assert "officer" in after.reason
        left += sent is not None
        await holding.close(office, me, taken.conversation.id, "solved")
    assert 0 <= left <= races
