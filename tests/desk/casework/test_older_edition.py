"""An office that published before an upgrade: what the program learnt to say since is said as it ships, by the desk that the
gateway, the console and the engine open."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.clock import FixedClock
from bot.desk.casework import sharing
from bot.desk.casework.asking_after import ask_due
from bot.desk.casework.referrals import OTHER, Wish
from bot.desk.desk import Desk
from bot.desk.handoff import holding, transferring
from bot.desk.ports import Store
from bot.regions import RegionTree
from bot.settings import Settings
from bot.wiring import House, open_desk
from tests.desk.cases.conftest import KINDS
from tests.desk.cases.conftest import town as town
from tests.desk.casework.test_asking_after import Office
from tests.desk.casework.test_asking_after import office as office
from tests.in_force import CONTENT, of_kinds

NEW = ("notice_referred", "notice_referral", "notice_share", "share_", "helped_", "person_moved")
"""What the words of referrals begin with."""


@pytest.fixture
async def desk(store: Store, clock: FixedClock, regions: RegionTree) -> Desk:
    new = {one.key for one in of_kinds("words") if one.key.startswith(NEW)}
    assert all(any(key.startswith(start) for key in new) for start in NEW)
    older = [one for one in of_kinds(*KINDS) if one.key not in new]
    async with store.writing() as work:
        await work.editions.publish(older, 0, "test", "before the upgrade", clock.now())
        await work.commit()
    return await open_desk(House(Settings(content=str(CONTENT)), store, clock, regions))


async def test_a_referral_is_made_asked_after_and_answered(office: Office, clock: FixedClock) -> None:
    made = await office.hands_on()
    (told,) = await office.said(office.talk)
    assert "学校" in told.text
    clock.advance(days=14)
    assert await ask_due(office.desk) == 1
    await office.out()
    await office.says("帮上了")
    assert (await office.referral(made)).helped == "yes"


async def test_consent_is_asked_in_the_chat(office: Office) -> None:
    day = (office.desk.today() + timedelta(days=9)).isoformat()
    made = await sharing.ask(office.desk, office.chen, office.case.id, Wish(OTHER, "阳光基金会", "想要轮椅。", day, ""))
    await office.out()
    await office.says("同意转过去")
    assert (await office.referral(made)).state == "open"


@pytest.mark.parametrize(("to", "place"), [("queue", ""), ("skill:低保", ""), ("place", "420115")])
async def test_a_conversation_is_handed_on(office: Office, to: str, place: str) -> None:
    async with office.desk.store.writing() as work:
        await work.staff.change(office.chen, "test", office.now, skills=["低保"])
        await work.commit()
    await holding.claim(office.desk, office.chen, office.talk.id)
    await transferring.transfer(office.desk, office.chen, office.talk.id, to, "换人接着办", place)
    assert "您的事请" in (await office.said(office.talk))[-1].text
