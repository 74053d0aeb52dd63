"""The room of conversations in real browsers: officers who sign in, residents in the store, a platform that takes or refuses.

With SCREENSHOTS naming a folder the pictures of docs/screenshots are taken on the way.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, BrowserContext, Page, expect

from bot.calendar import WorkingDays
from bot.clock import FixedClock
from bot.desk.desk import Desk
from bot.desk.intake import take_in
from bot.desk.outbox import deliver_once
from bot.hours import Hours
from bot.regions import RegionTree
from bot.staff import Role
from bot.store import migrate, open_store
from bot.store.keys import new_text, parse
from connectors.in_words import refusals
from console.app import build_console
from tests.browser.axes import stumbles
from tests.browser.office import sign_in
from tests.console.people import Colleague, colleague, operator
from tests.desk.conftest import CONTENT, message
from tests.in_force import in_force, real

SIZES = {"1440": {"width": 1440, "height": 900}, "820": {"width": 820, "height": 1180}}


class Platform:
    """Takes whatever leaves, or refuses it."""

    def __init__(self, refuses: Exception | None = None) -> None:
        self._refuses = refuses

    async def send(self, conversation: object, message: object) -> str:
        if self._refuses:
            raise self._refuses
        return ""


@dataclass
class Room:
    desk: Desk
    clock: FixedClock
    server: TestServer
    browser: Browser
    boss: Colleague
    trouble: list[str]

    async def officer(self, login: str, name: str) -> Page:
        """Signs in as people do: name, password, code."""
        who = await colleague(self.desk, self.boss, login, [Role.OFFICER])
        async with self.desk.store.writing() as work:
            await work.staff.change(who.staff, "test", self.clock.now(), name=name)
            await work.commit()
        self.clock.advance(seconds=30)
        context: BrowserContext = await self.browser.new_context(viewport=SIZES["1440"], locale="zh-CN")  # type: ignore[arg-type]
        page = await context.new_page()
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.on(
            "console", lambda said: self.trouble.append(said.text) if "Content Security Policy" in said.text else None
        )
        await sign_in(page, str(self.server.make_url("/")), who, self.desk)
        await expect(page.get_by_role("navigation", name="查看哪些会话")).to_be_visible()
        return page

    async def says(self, text: str, sender: str = "o-wang") -> str:
        self.clock.advance(seconds=40)
        taken = await take_in(self.desk, message(text, sender))
        await self.out()
        return taken.conversation.id

    async def out(self, platform: Platform | None = None) -> None:
        while await deliver_once(self.desk, {"wechat": platform or Platform()}):
            pass


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def room(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Room]:
    url = f"sqlite:///{tmp_path_factory.mktemp('talks') / 'bot.db'}"
    await migrate(url)
    store = await open_store(url, parse(new_text()))
    regions, clock = RegionTree.from_csv(CONTENT / "regions.csv"), FixedClock.on(date(2026, 11, 26))
    keeper = await in_force(store, real(), clock, regions)
    days, hours = WorkingDays.from_csv(CONTENT / "calendar.csv"), Hours.from_csv(CONTENT / "hours.csv")
    desk = Desk(store, clock, regions, keeper, calendar=days, hours=hours)
    server = TestServer(build_console(desk, refusals=refusals()))
    await server.start_server()
    made = Room(desk, clock, server, browser, await operator(desk), [])
    yield made
    for context in browser.contexts:
        await context.close()
    await made.server.close()
    await store.close()


async def shoot(page: Page, name: str) -> None:
    """A page nobody stumbles over; a picture of it at both sizes, where somebody asked for pictures."""
    assert await stumbles(page) == [], name
    folder = os.environ.get("SCREENSHOTS")
    if not folder:
        return
    for size, viewport in SIZES.items():
        await page.set_viewport_size(viewport)  # type: ignore[arg-type]
        await page.screenshot(path=Path(folder) / f"console-talks-{size}-{name}.png", animations="disabled")
    await page.set_viewport_size(SIZES["1440"])  # type: ignore[arg-type]
