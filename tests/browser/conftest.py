"""A simulated account with few words, and a browser to look at its page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from bot.clock import FixedClock
from bot.messages import Choice, Inbound, Reply, Source
from tests.connectors.sandbox.account import Account, an_account

CHROMIUM = "/usr/bin/chromium"
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CONDITIONS = Reply(
    "低保看一家人，不是只看一个人。\n主要看两样，两样都要够得上：\n1. 收入：全家人均收入，低于当地低保标准。\n"
    "2. 财产：存款、房、车等，在当地规定的范围里。\n够不够，要由工作人员核对以后才算数。\n"
    "觉得自家困难，可以先到乡镇（街道）窗口问，或打12345。",
    sources=(Source("", "社会救助法", "第18条", "2026-07-01"), Source("", "社会救助法", "第23条", "2026-07-01")),
)
WHICH = Reply("想问哪一项？", (Choice("低保怎么申请"), Choice("临时救助怎么申请"), Choice("找人工")))


def answer(inbound: Inbound) -> list[Reply]:
    """An account with few words, enough to show every kind of bubble."""
    if inbound.event:
        return [Reply("您好，这里是救助通。低保、特困、临时救助，都可以问。\n想问什么，直接写。")]
    if "怎么" in inbound.text or inbound.text == "救助":
        return [WHICH]
    if inbound.kind == "text" and inbound.text == "2":
        return [Reply("您选了第 2 项。")]
    if inbound.kind != "text":
        return [Reply("收到了。图片和语音我看不懂，请写一句话，或者回复“人工”。")]
    return [CONDITIONS]


@pytest_asyncio.fixture(loop_scope="module")
async def account() -> AsyncIterator[Account]:
    # Five to four in the afternoon in China, whatever the machine's clock says.
    clock = FixedClock(datetime(2026, 7, 28, 7, 55, tzinfo=UTC))
    async with an_account(clock, cut_off=1.0) as made:
        made.always = answer
        yield made


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        made = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield made
        await made.close()
