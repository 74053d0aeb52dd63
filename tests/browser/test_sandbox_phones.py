"""The three phones of the sandbox in Chromium: the same service, each with its own manners, one switch between them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, async_playwright, expect

from bot.desk.ports import Store
from bot.messages import Choice, Outcome, Reply
from tests.browser.conftest import ARGS, CHROMIUM
from tests.browser.visiting import DESKTOP, PHONE, Visit, shoot
from tests.connectors.phones import Phones, three_phones
from tests.databases import sqlite_first

WHICH = Reply("想问哪一项？", (Choice("低保怎么申请"), Choice("临时救助怎么申请")), Outcome.CLARIFIED)


@pytest.fixture
async def phones(store: Store) -> AsyncIterator[Phones]:
    async with three_phones(store) as made:
        made.engine.says = lambda turn: [WHICH]
        yield made


async def open_at(browser: Browser, url: str, size: dict[str, int]) -> Visit:
    context = await browser.new_context(viewport=size, locale="zh-CN")  # type: ignore[arg-type]
    context.set_default_timeout(8000)
    page = await context.new_page()
    made = Visit(page, context)
    await page.goto(url)
    await expect(page.locator("#me")).not_to_be_empty()
    return made


@pytest.mark.proof
@sqlite_first
async def test_one_question_on_three_phones(phones: Phones) -> None:
    async with async_playwright() as playing:
        browser = await playing.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        v = await open_at(browser, f"{phones.url}/sandbox/", DESKTOP)
        for name, heading, tappable in (
            ("微信", "模拟的微信", 2),
            ("小程序", "模拟的小程序", 0),
            ("微博", "模拟的微博", 0),
        ):
            await v.page.locator("#phones").get_by_role("link", name=name).click()
            await expect(v.page.locator("#phones [aria-current]")).to_have_text(name)
            await expect(v.page.get_by_role("heading", name=re.compile(heading))).to_be_visible()
            await v.say("救助怎么申请")
            await expect(v.bubbles().first).to_contain_text("2. 临时救助怎么申请")
            await expect(v.bubbles().first.get_by_role("button")).to_have_count(tappable)
            await expect(v.page.locator("#budget")).to_contain_text("账号")
            await shoot(v.page, f"sandbox-{name}-1280")
        assert v.errors == []
        await browser.close()


@sqlite_first
async def test_each_phone_offers_what_its_platform_has(phones: Phones) -> None:
    async with async_playwright() as playing:
        browser = await playing.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        for page, has, lacks in (
            ("/sandbox/", ("扫码", "取消关注", "链接"), ("提到", "进客服")),
            ("/sandbox/mini/", ("进客服", "链接"), ("扫码", "取消关注", "提到")),
            ("/sandbox/weibo/", ("提到", "扫码", "取消关注"), ("链接", "进客服")),
        ):
            v = await open_at(browser, phones.url + page, PHONE)
            await v.page.get_by_role("button", name=re.compile("更多")).click()
            for name in has:
                await expect(v.page.locator("#kinds").get_by_role("button", name=name, exact=True)).to_be_visible()
            for name in lacks:
                await expect(v.page.locator("#kinds").get_by_role("button", name=name, exact=True)).to_be_hidden()
            await shoot(v.page, f"sandbox-kinds{page.replace('/', '-')}390")
            assert v.errors == []
        await v.page.get_by_role("button", name="提到", exact=True).click()
        await v.page.get_by_label("微博的内容").fill("@救助通 低保怎么申请")
        await v.page.get_by_role("button", name="发送").last.click()
        await expect(v.bubbles().first).to_contain_text("想接着问，请给我们发私信。")
        await expect(v.page.locator("#budget")).to_contain_text("还能主动发 0 条")
        await browser.close()
