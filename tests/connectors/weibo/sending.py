"""A connector to Weibo that sends to a pretended one, and a follower who may be written to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.clock import FixedClock
from connectors.weibo.channel import Weibo
from tests.connectors.wechat.test_wechat_send import PERSON
from tests.connectors.weibo.pushes import FAN, NOW, UID, settings
from tests.fakes.weibo import FakeWeibo, fake_weibo

TALK = replace(PERSON, channel="weibo", account=UID, sender=FAN, quota_left=900)
MENTIONED = replace(TALK, quota_left=1)


@pytest.fixture
async def fake() -> AsyncIterator[FakeWeibo]:
    async with fake_weibo() as made:
        yield made


@pytest.fixture
async def channel(fake: FakeWeibo) -> AsyncIterator[Weibo]:
    alarms: list[str] = []
    made = Weibo(settings(api_base=fake.base, upload_base=fake.base), FixedClock(NOW), alarms.append)
    made.alarms = alarms  # type: ignore[attr-defined]
    yield made
    await made.close()
