"""A visit to the resident's page: a phone, what is said on it, and what went wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from bot.clock import SystemClock
from bot.desk.desk import Desk
from bot.knowledge.keeper import EditionKeeper
from bot.regions import RegionTree
from bot.store import migrate, open_store
from bot.store.keys import new_text, parse
from tests.browser.office import ROOT, WATCH, until

PHONE = {"width": 390, "height": 844}
VOICE = """
window.__spoken = [];
Object.defineProperty(window, "speechSynthesis", { value: Object.assign(new EventTarget(), {
  getVoices: () => [{ lang: "zh-CN", name: "普通话" }], cancel: () => {}, speak: one => window.__spoken.push(one.text),
}) });
window.SpeechSynthesisUtterance = class extends EventTarget { constructor(text) { super(); this.text = text; } };
"""
"""A phone that has a Chinese voice; Debian's browser has none."""


class Phone:
    """One resident's browser, with everything that should not have happened on its pages."""

    def __init__(self, context: BrowserContext, page: Page, own: str) -> None:
        self.context, self.page = context, page
        self.trouble: list[str] = []
        self._own = own
        self.watch(page)

    def watch(self, page: Page) -> None:
        page.on("console", lambda said: self._hear(said.type, said.text))
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.on("request", lambda asked: None if self._ours(asked.url) else self.trouble.append(asked.url))

    def _hear(self, kind: str, text: str) -> None:
        # That a request found no network or was told to come later is what some tests are about; the page says it in words.
        if kind in ("error", "warning") and not text.startswith("Failed to load resource"):
            self.trouble.append(text)

    def _ours(self, url: str) -> bool:
        return url.startswith((self._own, "blob:", "data:", "about:"))

    async def say(self, words: str) -> None:
        await self.page.get_by_label("写一句话").fill(words)
        await self.page.get_by_label("写一句话").press("Enter")

    def said(self, author: str) -> Locator:
        return self.page.locator(f"#talk .said.{author} .bubble")

    @property
    def mine(self) -> Locator:
        return self.said("resident")

    @property
    def last(self) -> Locator:
        return self.said("bot").last

    def tool(self, name: str) -> Locator:
        return self.page.locator(".tools").get_by_role("button", name=name)

    async def tap(self, words: str) -> None:
        await self.page.locator("#talk .option", has_text=words).last.click()

    async def until(self, so: str) -> None:
        await until(self.page, so)

    async def sound(self) -> None:
        """Nothing ran that should not, nothing foreign was asked, nothing runs over the edge."""
        assert await self.page.evaluate("window.__hit === undefined && !window.__reports")
        assert await self.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert self.trouble == []


@asynccontextmanager
async def a_phone(browser: Browser, url: str, *, wait: bool = True, **more: Any) -> AsyncIterator[Phone]:
    """`wait`: until the conversation stands there."""
    context = await browser.new_context(
        **{"viewport": PHONE, "locale": "zh-CN", "timezone_id": "America/New_York", **more}
    )
    context.set_default_timeout(8000)
    await context.add_init_script(WATCH)
    page = await context.new_page()
    made = Phone(context, page, "/".join(url.split("/")[:3]))
    await page.goto(url)
    if wait:
        await expect(page.locator("#skeleton")).to_be_hidden()
    try:
        yield made
    finally:
        await context.close()


@asynccontextmanager
async def a_bare_desk(folder: Path) -> AsyncIterator[Desk]:
    """A desk with nothing published: the page needs the names of places, and the number that is answered everywhere."""
    url = f"sqlite:///{folder / 'bot.db'}"
    await migrate(url)
    store = await open_store(url, parse(new_text()))
    regions = RegionTree.from_csv(ROOT / "content" / "regions.csv")
    yield Desk(store, SystemClock(), regions, EditionKeeper(store, regions))
    await store.close()
