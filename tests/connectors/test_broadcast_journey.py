"""A broadcast from its approval to the phones, and back: the gateway's loops, our connector, the simulated platform."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from bot.clock import FixedClock
from bot.desk.broadcast_ports import LIMITS, Stage
from bot.desk.desk import Desk
from bot.desk.intake import take_in
from bot.desk.publicity import broadcasting
from bot.desk.publicity.broadcasting import GRACE, Wanted
from bot.staff import Role
from connectors.doorbell import Doorbell
from connectors.loops import Loops
from connectors.sandbox.residents import openid_of
from connectors.wechat.broadcasting import WeChatBroadcaster
from tests.connectors.sandbox.account import Account, an_account
from tests.desk.conftest import clock as clock
from tests.desk.conftest import desk as desk
from tests.desk.conftest import regions as regions
from tests.desk.publicity.conftest import hired

TEXT = "低保金改在每月10日前发。没收到，打12345问。"


@pytest.fixture
async def account(clock: FixedClock) -> AsyncIterator[Account]:
    async with an_account(clock) as made:
        yield made


async def until(there: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(20):
        while not await there():
            await asyncio.sleep(0.05)


async def test_from_the_approval_to_the_phone_and_back(desk: Desk, account: Account, clock: FixedClock) -> None:
    limits = LIMITS["service"]
    broadcaster = WeChatBroadcaster(account.channel.client, account.settings.appid, limits)

    async def alive() -> bool:
        return True

    def nobody(_: int) -> object:
        raise AssertionError("no turns here")

    ed = await hired(desk, "ed", Role.EDITOR, ("420100",))
    ann = await hired(desk, "ann", Role.APPROVER, ("420100",))
    loops = Loops(desk, 0, nobody, alive, {}, Doorbell(), broadcaster=broadcaster)  # type: ignore[arg-type]
    loops.start()
    try:

        async def tags_are_known() -> bool:
            return bool(await broadcasting.audiences(desk, ed))

        await until(tags_are_known)
        (wuhan,) = await broadcasting.audiences(desk, ed)
        assert (wuhan.name, wuhan.people) == ("武汉", 1)
        draft = await broadcasting.write(desk, ed, Wanted("news", TEXT, wuhan.id, None))
        sent = await broadcasting.submit(desk, ed, draft.id, draft.version, limits)
        await broadcasting.approve(desk, ann, sent.id, sent.version, limits)
        clock.advance(seconds=GRACE.total_seconds())

        async def gone() -> bool:
            return (await broadcasting.show(desk, ed, draft.id))[0].stage is Stage.SENT

        await until(gone)
    finally:
        await loops.drain()
    await account.platform.idle()
    got = {
        name: [shown.text for shown in account.platform.received(openid_of(account.settings.appid, name))]
        for name in ("王奶奶", "老李")
    }
    assert got == {"王奶奶": [TEXT], "老李": []}
    report = account.inbox[0]  # on a slow machine the platform delivers it again
    await take_in(desk, report, passive_seconds=0.0, engine_away=False)
    told, steps = await broadcasting.show(desk, ed, draft.id)
    assert (told.reached, told.missed, told.said) == (1, 0, "平台报告：发完了。")
    assert {step.what for step in steps} == {"submitted", "approved", "sent", "finished"}
