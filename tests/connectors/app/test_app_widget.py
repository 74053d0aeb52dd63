"""A public Rasa web widget, as npm ships it, in a real browser on a site of somebody else's: it connects, asks, taps, and goes
on after a reload."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from playwright.async_api import Page, async_playwright, expect

from bot.desk.ports import Store, Turn
from bot.messages import Choice, Outcome, Reply, Source
from tests.browser.conftest import ARGS, CHROMIUM
from tests.connectors.app.town import Town, a_town
from tests.connectors.door_to_door import address
from tests.databases import sqlite_first

WIDGET = Path(__file__).parents[2] / "fakes" / "rasa_webchat"
PAGE = """<!doctype html><meta charset="utf-8"><title>某县民政局</title><body>
<script src="/index.js"></script>
<script>window.WebChat.default({
  initPayload: "/get_started", socketUrl: "%s", socketPath: "/app/socket.io/", customData: {language: "zh"}, title: "救助通",
  inputTextFieldHint: "请写", embedded: true, customMessageDelay: () => 0, params: {storage: "session"}}, null);
</script>"""
SOURCE = Source("", "社会救助法", "第18条", "2026-07-01")


def answer(turn: Turn) -> list[Reply]:
    if turn.meaning == {"region": "420100"}:
        return [Reply("武汉的低保标准是每月1000元。", outcome=Outcome.ANSWERED, sources=(SOURCE,))]
    if "标准" in turn.text:
        return [Reply("您在哪个市？", (Choice("武汉市", {"region": "420100"}), Choice("黄石市", {"region": "420200"})))]
    return [Reply(f"答：{turn.text}")]


def test_it_is_the_file_that_was_published() -> None:
    told = hashlib.sha256(gzip.decompress((WIDGET / "index.js.gz").read_bytes())).hexdigest()
    assert told in (WIDGET / "README.md").read_text(encoding="utf-8")


@pytest.fixture
async def site() -> AsyncIterator[tuple[web.AppRunner, list[str]]]:
    """Somebody else's site; what it shows is filled in later."""
    shown: list[str] = []

    async def page(request: web.Request) -> web.Response:
        return web.Response(text=shown[0], content_type="text/html")

    async def widget(request: web.Request) -> web.Response:
        headers = {"Content-Encoding": "gzip", "Content-Type": "text/javascript; charset=utf-8"}
        return web.Response(body=(WIDGET / "index.js.gz").read_bytes(), headers=headers)

    app = web.Application()
    app.router.add_get("/", page)
    app.router.add_get("/index.js", widget)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner, shown
    await runner.cleanup()


@sqlite_first
async def test_a_widget_from_npm_holds_a_conversation(
    store: Store, quick: None, site: tuple[web.AppRunner, list[str]]
) -> None:
    where = address(site[0])
    async with a_town(store, origins=(where,)) as town, async_playwright() as playwright:
        town.engine.says = answer
        site[1].append(PAGE % town.gate.url)
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        page = await (await browser.new_context(locale="zh-CN")).new_page()
        page.set_default_timeout(20_000)
        await page.route(lambda url: "//127.0.0.1:" not in url, lambda route: route.abort())  # it asks for fonts
        await page.goto(where)
        said = page.locator(".rw-conversation-container")
        await expect(said).to_contain_text("救助通", timeout=20_000)
        await type_in(page, "低保标准是多少")
        await expect(said).to_contain_text("您在哪个市？", timeout=20_000)
        await page.get_by_role("button", name="武汉市").or_(page.locator(".rw-reply", has_text="武汉市")).first.click()
        await expect(said).to_contain_text("武汉的低保标准是每月1000元。", timeout=20_000)
        await expect(said).to_contain_text("依据：《社会救助法》")
        assert town.engine.asked[-1].meaning == {"region": "420100"}
        talks = {turn.conversation for turn in town.engine.asked}
        await page.reload()
        await type_in(page, "还有一个问题")
        await expect(said).to_contain_text("答：还有一个问题", timeout=20_000)
        assert {turn.conversation for turn in town.engine.asked} == talks, "the same conversation after a reload"
        assert not [turn for turn in town.engine.asked if turn.text.startswith("/")]
        await browser.close()


@sqlite_first
async def test_on_a_site_that_was_not_named_it_gets_nothing(
    store: Store, quick: None, site: tuple[web.AppRunner, list[str]]
) -> None:
    where = address(site[0])
    async with a_town(store) as town, async_playwright() as playwright:
        site[1].append(PAGE % town.gate.url)
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        page = await browser.new_page()
        await page.route(lambda url: "//127.0.0.1:" not in url, lambda route: route.abort())
        async with page.expect_event("requestfailed", lambda one: "/app/socket.io" in one.url, timeout=20_000):
            await page.goto(where)
        await browser.close()
        await nothing_was_said(town)


async def type_in(page: Page, words: str) -> None:
    field = page.locator(".rw-new-message")
    await field.fill(words)
    await field.press("Enter")


async def nothing_was_said(town: Town) -> None:
    async with town.store.reading() as work:
        assert sum((await work.messages.by_state()).values()) == 0
