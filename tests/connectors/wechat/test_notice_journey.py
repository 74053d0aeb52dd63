"""A notice all the way: agreed to in the mini program, sent by the real sender, shown by the simulated platform, and its
receipt heard; refused, it goes the next way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import web

from bot.clock import FixedClock
from bot.conversations import Conversation
from bot.desk.notices.ports import SMS, SUBSCRIPTION, TEMPLATE, NoticeSender, Stage
from bot.desk.notices.sending import STUCK, send_due, sweep_notices
from bot.desk.turns import Breaker
from connectors.channel import Channel
from connectors.doorbell import Doorbell
from connectors.gateway import Gateway, listen
from connectors.sandbox import PLATFORMS, Phone, Platform, Prepared, SandboxSettings, Simulated, mount_phones
from connectors.sandbox.screen import Shown
from connectors.wechat.channel import WeChat
from connectors.wechat.mini_channel import Mini
from connectors.wechat.notices import MINI as MINI_PATH
from connectors.wechat.notices import TEMPLATE as TEMPLATE_PATH
from connectors.wechat.notices import SubscriptionSender, TemplateSender
from connectors.wechat.settings import WeChatSettings
from tests.connectors.phones import free_port
from tests.desk.cases.conftest import desk as desk
from tests.desk.conftest import clock as clock
from tests.desk.conftest import regions as regions
from tests.desk.notices.conftest import SUB, Hall
from tests.desk.notices.conftest import hall as hall

ME = "oMini0000001resident"


@dataclass
class Town:
    hall: Hall
    mini: Platform
    wechat: Platform
    senders: dict[str, NoticeSender]

    async def send(self) -> None:
        await send_due(self.hall.desk, self.senders)
        await self.mini.idle()
        await self.wechat.idle()

    async def talk(self, platform: Platform, who: str) -> Conversation:
        async with self.hall.desk.store.reading() as work:
            phone, account = platform.settings.phone, platform.settings.account
            found = await work.conversations.by_sender(phone, account, who)
        assert found is not None
        return found


@pytest.fixture
async def town(hall: Hall, clock: FixedClock) -> AsyncIterator[Town]:
    port = free_port()
    here = f"http://127.0.0.1:{port}"
    program, account = SandboxSettings.fresh_mini(), SandboxSettings.fresh()

    def ours(made: SandboxSettings, base: str) -> WeChatSettings:
        return WeChatSettings(made.appid, made.secret, made.token, made.aes_key, account=made.account, api_base=base)

    store = hall.desk.store
    mini = Mini(ours(program, f"{here}/wxm"), store, clock)
    wechat = WeChat(ours(account, f"{here}/wx"), store, clock)
    breaker = Breaker()
    channels: dict[str, Channel] = {"mini": mini, "wechat": wechat}
    app: web.Application = Gateway(hall.desk, channels, breaker, Doorbell()).app()
    mount_phones(app, (Simulated(program, f"{here}/mini"), Simulated(account, f"{here}/wechat")), clock)
    runner = await listen(app, "127.0.0.1", port)
    senders: dict[str, NoticeSender] = {
        SUBSCRIPTION: SubscriptionSender(mini.client),
        TEMPLATE: TemplateSender(wechat.client),
        SMS: hall.senders[SMS],
    }
    yield Town(hall, app[PLATFORMS][Phone.MINI], app[PLATFORMS][Phone.WECHAT], senders)
    await mini.close()
    await wechat.close()
    await runner.cleanup()


async def bound(town: Town, platform: Platform) -> tuple[Conversation, object]:
    talk = await town.talk(platform, ME)
    person = await town.hall.person(talk)
    async with town.hall.desk.store.writing() as work:
        await work.people.bind(talk.id, person.id, "test", town.hall.now)
        await work.commit()
    return talk, person


async def test_agreed_sent_shown_and_its_receipt_heard(town: Town) -> None:
    await town.mini.agree(ME, SUB.id)
    talk, person = await bound(town, town.mini)
    case = await town.hall.case(person, talk)  # type: ignore[arg-type]
    told = await town.hall.tell(case)
    await town.send()
    assert [shown.text for shown in town.mini.received(ME)] == ["服务通知\n最低生活保障\n已提交等受\n2026年11月25日"]
    assert await town.hall.tried(case) == [(SUBSCRIPTION, "sent", ""), (SUBSCRIPTION, "delivered", "")]
    assert (await town.hall.notice(told)).stage is Stage.TOLD


async def test_taken_back_on_the_phone_it_goes_the_next_way(town: Town) -> None:
    await town.mini.agree(ME, SUB.id)
    talk, person = await bound(town, town.mini)
    case = await town.hall.case(person, talk)  # type: ignore[arg-type]
    await town.hall.tell(case)
    # The platform knows before we do.
    town.mini.spend_agreement(ME, SUB.id)
    await town.send()
    await town.send()
    assert town.mini.received(ME) == []
    first, *_ = await town.hall.tried(case)
    assert first[:2] == (SUBSCRIPTION, "refused")
    assert len(town.hall.senders[SMS].got) == 1


async def test_a_follower_whose_window_is_shut_gets_the_template(town: Town, clock: FixedClock) -> None:
    await town.wechat.follow(ME)
    talk, person = await bound(town, town.wechat)
    case = await town.hall.case(person, talk)  # type: ignore[arg-type]
    clock.advance(seconds=3600)
    before = len(town.wechat.received(ME))
    told = await town.hall.tell(case)
    assert told.way == TEMPLATE
    await town.send()
    assert town.wechat.received(ME)[before].text == f"服务通知\n办理进度\n{case.number[-4:]}"
    assert (TEMPLATE, "delivered", "") in await town.hall.tried(case)


@pytest.mark.parametrize("way", [SUBSCRIPTION, TEMPLATE])
@pytest.mark.parametrize("fault", [{"drop": True}, {"status": 502}])
async def test_a_notice_that_was_shown_and_not_answered_is_shown_once(
    town: Town, clock: FixedClock, way: str, fault: dict[str, Any]
) -> None:
    """The platform's report of it comes all the same."""
    platform = {SUBSCRIPTION: town.mini, TEMPLATE: town.wechat}[way]
    path = {SUBSCRIPTION: MINI_PATH, TEMPLATE: TEMPLATE_PATH}[way]
    await (platform.agree(ME, SUB.id) if way == SUBSCRIPTION else platform.follow(ME))
    talk, person = await bound(town, platform)
    case = await town.hall.case(person, talk)  # type: ignore[arg-type]
    clock.advance(seconds=3600)
    told = await town.hall.tell(case)
    assert told.way == way
    platform.prepared.next(path, Prepared(done_first=True, **fault))
    for _ in range(4):
        await town.send()
        clock.advance(seconds=STUCK.total_seconds() + 1)
        await sweep_notices(town.hall.desk)
    assert (await town.hall.notice(told)).stage is Stage.TOLD
    assert sum(shown.via == "notice" for one in (town.mini, town.wechat) for shown in _seen(one)) == 1
    assert town.hall.senders[SMS].got == []


def _seen(platform: Platform) -> list[Shown]:
    return platform.received(ME) if ME in platform.residents else []


async def test_a_notice_that_was_neither_shown_nor_answered_goes_the_next_way(town: Town, clock: FixedClock) -> None:
    await town.mini.agree(ME, SUB.id)
    talk, person = await bound(town, town.mini)
    case = await town.hall.case(person, talk)  # type: ignore[arg-type]
    told = await town.hall.tell(case)
    town.mini.prepared.next(MINI_PATH, Prepared(drop=True))
    await town.send()
    clock.advance(seconds=STUCK.total_seconds() + 1)
    await sweep_notices(town.hall.desk)
    await town.send()
    assert ((await town.hall.notice(told)).stage, len(town.hall.senders[SMS].got)) == (Stage.TOLD, 1)


async def test_who_blocked_the_account_is_reached_another_way(town: Town, clock: FixedClock) -> None:
    await town.wechat.follow(ME)
    talk, person = await bound(town, town.wechat)
    case = await town.hall.case(person, talk)  # type: ignore[arg-type]
    clock.advance(seconds=3600)
    town.wechat.residents[ME].refuses = True
    await town.hall.tell(case)
    await town.send()
    assert (TEMPLATE, "undelivered", "user block") in await town.hall.tried(case)
    await town.send()
    assert len(town.hall.senders[SMS].got) == 1
