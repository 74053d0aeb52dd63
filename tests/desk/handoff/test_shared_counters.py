"""What all of a place are told by one look is what each would be told by their own: whoever holds what, and whoever is complained
of."""

from __future__ import annotations

import random
from datetime import timedelta

from bot.conversations import Holder
from bot.desk.desk import Desk
from bot.desk.handoff import queue
from bot.staff import Role
from tests.desk.handoff.conftest import officer, queued

PLACES = ("420111", "420106", "420100", "440305", "")


async def test_one_look_for_all_says_what_each_would_see(office: Desk) -> None:
    dice = random.Random(7)
    crew = [await officer(office, f"user{number}", region=PLACES[number % 4]) for number in range(6)]
    crew.append(await officer(office, "boss", role=Role.SUPERVISOR, region="420100"))
    now = office.clock.now()
    for number in range(40):
        talk = await queued(office, f"o-{number}")
        reason = f"complaint:{dice.choice(crew).id}" if dice.random() < 0.2 else "asked"
        async with office.store.writing() as work:
            await work.conversations.change(talk.id, now, region=dice.choice(PLACES), priority=dice.choice((0, 0, 9)))
            await work.conversations.move(talk.id, Holder.QUEUED, "x", reason, now)
            to = dice.choice((Holder.QUEUED, Holder.OFFICER, Holder.WAITING, Holder.BOT))
            if to is not Holder.QUEUED:
                await work.conversations.move(talk.id, Holder.OFFICER, "x", "", now, dice.choice(crew).id)
            if to in (Holder.WAITING, Holder.BOT):
                held = await work.conversations.get(talk.id)
                await work.conversations.move(
                    talk.id, to, "x", "", now, held.holder_name if to is Holder.WAITING else ""
                )
            if to is Holder.OFFICER:
                late = now + timedelta(minutes=dice.choice((-5, 5)))
                await work.conversations.change(talk.id, now, answer_by=late)
            await work.commit()
    shared = 0
    for one in crew:
        found = queue.counts_among(await queue.shared(office, one.regions), one)
        own = await queue.counts(office, one)
        if found is not None:
            shared += 1
            assert found == own, one.login
    assert shared >= 1
    assert queue.counts_among(await queue.shared(office, crew[-1].regions), crew[-1]) is None, (
        "a supervisor's have more"
    )
