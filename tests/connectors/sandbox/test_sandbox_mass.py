"""Broadcasts on the simulated platform: on the phones of those who follow, four a month, a repeat once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.clock import FixedClock
from bot.desk.broadcast_ports import LIMITS
from bot.errors import Undeliverable
from connectors.sandbox.residents import openid_of
from connectors.wechat.broadcasting import WeChatBroadcaster
from tests.connectors.sandbox.account import Account

TEXT = "低保标准从7月1日起调整。打12345问。"


def broadcaster(account: Account) -> WeChatBroadcaster:
    return WeChatBroadcaster(account.channel.client, account.settings.appid, LIMITS["service"])


def got(account: Account, name: str) -> list[str]:
    openid = openid_of(account.settings.appid, name)
    return [shown.text for shown in account.platform.received(openid) if shown.via == "mass"]


async def test_who_follows_sees_it_and_the_account_is_told(account: Account) -> None:
    made = broadcaster(account)
    taken = await made.broadcast(TEXT, "", "jzt-1")
    await account.platform.idle()
    assert (got(account, "王奶奶"), got(account, "赵女士")) == ([TEXT], []), "赵女士 does not follow"
    (report,) = account.inbox
    assert (report.event, report.sender) == ("MASSSENDJOBFINISH", "mphelper")
    assert report.event_key == f"{taken.platform_id}:send success:5:0"


async def test_a_tag_is_a_city(account: Account) -> None:
    made = broadcaster(account)
    wuhan = next(one for one in await made.audiences() if one.name == "武汉")
    assert wuhan.people == 1
    await made.broadcast(TEXT, wuhan.id, "jzt-1")
    assert (got(account, "王奶奶"), got(account, "老李")) == ([TEXT], [])
    with pytest.raises(Undeliverable, match=r"^tag: "):
        await made.broadcast(TEXT, "999", "jzt-2")
    await account.platform.idle()


async def test_the_same_token_is_sent_once(account: Account) -> None:
    made = broadcaster(account)
    first = await made.broadcast(TEXT, "", "jzt-1")
    again = await made.broadcast(TEXT, "", "jzt-1")
    assert (again.platform_id, again.again, first.again) == (first.platform_id, True, False)
    assert got(account, "王奶奶") == [TEXT]
    await account.platform.idle()


async def test_four_a_month_and_a_new_month(account: Account, clock: FixedClock) -> None:
    made = broadcaster(account)
    for number in range(4):
        await made.broadcast(TEXT, "", f"jzt-{number}")
    with pytest.raises(Undeliverable, match=r"^mass_quota: "):
        await made.broadcast(TEXT, "", "jzt-5")
    clock.advance(seconds=timedelta(days=5).total_seconds())
    await account.channel.close()
    account.connect(account.base)  # a new token: the old one is over by then
    await broadcaster(account).broadcast(TEXT, "", "jzt-6")
    assert len(got(account, "王奶奶")) == 5
    await account.platform.idle()
