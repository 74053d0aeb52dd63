"""A WeChat to call, a clock that moves when told, and a store of tokens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from bot.clock import FixedClock
from bot.desk.ports import Store
from connectors.wechat.channel import WeChat
from connectors.wechat.client import WeChatClient
from tests.connectors.wechat.pushes import NOW, settings
from tests.fakes.wechat import FakeWeChat, fake_wechat


@dataclass
class Site:
    """Our side: several clients stand for several processes beside one database."""

    fake: FakeWeChat
    store: Store
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOW))
    alarms: list[str] = field(default_factory=list)
    made: list[WeChat] = field(default_factory=list)

    def channel(self) -> WeChat:
        self.made.append(WeChat(settings(api_base=self.fake.base), self.store, self.clock, self.alarms.append))
        return self.made[-1]

    def client(self) -> WeChatClient:
        return self.channel().client


@pytest.fixture
async def site(store: Store) -> AsyncIterator[Site]:
    async with fake_wechat() as fake:
        site = Site(fake, store)
        yield site
        for channel in site.made:
            await channel.close()
