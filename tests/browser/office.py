"""The office's console in a browser: signed in as whoever is wanted, and what went wrong on its pages."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, BrowserContext, Page

from bot.clock import Clock, SystemClock
from bot.desk.desk import Desk
from bot.desk.ports import Entry
from bot.knowledge.keeper import EditionKeeper
from bot.regions import RegionTree
from bot.staff import Role, Staff
from bot.store import migrate, open_store
from bot.store.keys import new_text, parse
from console.app import build_console
from tests.console.people import Colleague

ROOT = Path(__file__).parents[2]
WATCH = """
addEventListener("securitypolicyviolation", event => (window.__reports ||= []).push(event.violatedDirective), true);
"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
FOREIGN = "script, iframe, object, embed, style, base, svg, math, video, audio, details, marquee, template, textarea, img, [onerror]"


@dataclass
class Console:
    desk: Desk
    server: TestServer
    context: BrowserContext
    page: Page
    foreign: list[str]
    """Addresses asked that are not ours."""

    async def become(self, staff: Staff, agent: str = "") -> None:
        token, agent = secrets.token_urlsafe(32), agent or await self.page.evaluate("navigator.userAgent")
        async with self.desk.store.writing() as work:
            await work.sessions.open(token, staff.id, "127.0.0.1", agent, self.desk.clock.now())
            await work.commit()
        await self.context.clear_cookies()
        await self.context.add_cookies([{"name": "console", "value": token, "url": str(self.server.make_url("/"))}])

    async def open(self, path: str) -> None:
        answer = await self.page.goto(str(self.server.make_url(path)))
        assert answer is not None
        assert answer.status in (200, 400, 403), (path, answer.status)
        await self.harmless(path)

    async def show(self, path: str, status: int = 200) -> None:
        """A page of whatever kind, ours with scripts and drawings too: opened, sound, and as wide as the window."""
        where = str(self.server.make_url(path))
        # A page that loads itself anew at this moment arrives where it was sent, and its answer is the other's.
        answer = await self.page.goto(where) or await self.page.goto(where)
        assert answer is not None
        assert answer.status == status, (path, answer.status)
        await self.sound(path)

    async def sound(self, path: str) -> None:
        assert await self.page.evaluate("window.__hit === undefined && !window.__reports"), path
        assert await self.page.evaluate(TOO_WIDE) <= 0, f"{path} runs over the edge"

    async def publish(self, entries: Sequence[Entry], note: str = "real content") -> None:
        async with self.desk.store.writing() as work:
            await work.editions.publish(entries, 0, "test", note, self.desk.clock.now())
            await work.commit()
        await self.desk.editions.refresh()

    async def harmless(self, path: str) -> None:
        assert await self.page.evaluate("window.__hit === undefined"), path
        assert await self.page.evaluate("window.__reports || []") == [], path
        assert await self.page.locator(FOREIGN).count() == 0, path
        assert await self.page.locator("[onload], [onfocus], [onmouseover], [style], [onpointerenter]").count() == 0, (
            path
        )
        assert self.foreign == [], path


async def sign_in(page: Page, office: str, who: Colleague, desk: Desk) -> None:
    """As people do: name, password, the code of their phone. `office`: the console's address."""
    await page.goto(f"{office.rstrip('/')}/sign-in")
    await page.get_by_label("登录名").fill(who.staff.login)
    await page.get_by_label("密码").fill(who.password)
    await page.get_by_label("动态码").fill(who.code(desk))
    await page.get_by_role("button", name="登录").click()


async def until(page: Page, so: str, seconds: float = 15.0) -> None:
    """Until this is so on the page. Playwright's own wait evaluates a string in the page at every look but the first,
    which our pages' policy forbids."""
    async with asyncio.timeout(seconds):
        while not await page.evaluate(so):
            await asyncio.sleep(0.05)


@asynccontextmanager
async def a_console(browser: Browser, folder: Path, clock: Clock | None = None, **more: Any) -> AsyncIterator[Console]:
    """`more`: what the desk has besides."""
    url = f"sqlite:///{folder / 'bot.db'}"
    await migrate(url)
    store = await open_store(url, parse(new_text()))
    regions = RegionTree.from_csv(ROOT / "content" / "regions.csv")
    desk = Desk(store, clock or SystemClock(), regions, EditionKeeper(store, regions), **more)
    server = TestServer(build_console(desk))
    await server.start_server()
    context = await browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    await context.add_init_script(WATCH)
    page = await context.new_page()
    foreign: list[str] = []
    own = str(server.make_url("/"))
    page.on(
        "request", lambda asked: foreign.append(asked.url) if not asked.url.startswith((own, "data:image")) else None
    )
    page.on("dialog", lambda dialog: foreign.append(f"dialog {dialog.message}"))
    yield Console(desk, server, context, page, foreign)
    await context.close()
    await server.close()
    await store.close()


EVERY = pytest.mark.parametrize(
    "every", [pytest.param(1, marks=pytest.mark.proof, id="all"), pytest.param(7, id="some")]
)
"""The whole corpus in `make proof`, each seventh payload in `make test`: a browser takes a second for each page."""


async def person(desk: Desk, number: int, name: str, role: Role, skills: list[str]) -> Staff:
    return await hired(desk, f"user{number:03}", name, role, "420111", *skills)


async def hired(desk: Desk, login: str, name: str, role: Role, region: str = "000000", *skills: str) -> Staff:
    """Straight into the database: what the forms refuse may come another way."""
    async with desk.store.writing() as work:
        made = await work.staff.add(login, name, [role], [region], list(skills), "system", desk.clock.now())
        made = await work.staff.change(made, "system", desk.clock.now(), state="active")
        await work.commit()
    return made
