"""A visit to the sandbox's page: what is done there, and what went wrong on it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.browser.axes import stumbles
from tests.connectors.sandbox.account import Account

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


class Visit:
    """A page with what went wrong on it: errors, foreign requests."""

    def __init__(self, page: Page, context: BrowserContext) -> None:
        self.page, self.context = page, context
        self.errors: list[str] = []
        page.on("console", lambda m: self.errors.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda e: self.errors.append(str(e)))
        page.on("request", lambda r: self.errors.append(r.url) if not _own(r.url) else None)

    async def say(self, words: str) -> None:
        await self.page.get_by_label("写一句话").fill(words)
        await self.page.keyboard.press("Enter")

    def bubbles(self, who: str = "account") -> Any:
        return self.page.locator(f"#talk .{who} .bubble")


def _own(url: str) -> bool:
    return url.startswith(("http://127.0.0.1:", "blob:", "data:"))


async def visit(browser: Browser, account: Account, size: dict[str, int] = DESKTOP, **more: Any) -> Visit:
    context = await browser.new_context(viewport=size, locale="zh-CN", timezone_id="America/New_York", **more)  # type: ignore[arg-type]
    context.set_default_timeout(5000)
    page = await context.new_page()
    made = Visit(page, context)
    await page.goto(f"{account.base}/sandbox")
    await expect(page.locator("#me")).not_to_be_empty()
    await expect(page.locator("#budget")).not_to_be_empty()
    return made


_walked: set[str] = set()


async def shoot(page: Page, name: str) -> None:
    """A page worth a picture is one people use: nobody stumbles over it, at whichever width it comes first. The picture is
    taken where SCREENSHOTS names a folder for it."""
    kind = re.sub(r"-?(1440|1280|820|390|320)\b", "", name)
    if kind not in _walked:
        _walked.add(kind)
        assert await stumbles(page) == [], name
    if os.environ.get("SCREENSHOTS"):
        await page.screenshot(path=Path(os.environ["SCREENSHOTS"]) / f"{name}.png", animations="disabled")
