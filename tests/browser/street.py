"""A whole house in one process, for browsers: the gateway as it is served with the simulated WeChat's page, the trained engine
behind HTTP, the office's console, one database with what is published. Only the clock begins on a Wednesday morning."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, expect

from bot.desk import here
from bot.desk.desk import Desk
from bot.desk.ports import Store
from bot.knowledge.keeper import EditionKeeper
from bot.regions import RegionTree
from bot.settings import Settings
from bot.store import migrate, open_store
from bot.store.keys import new_text, parse
from bot.wiring import House, open_desk
from connectors.gateway import listen
from console.app import build_console
from tests.browser.office import sign_in
from tests.browser.visiting import DESKTOP, Visit
from tests.console.people import Colleague, hired
from tests.engine.conftest import HOUSE, KEY, SECRET, trained
from tests.in_force import of_kinds, without_answers
from tests.morning import Morning
from tests.security.processes import free_port

WIDE = {"width": 1440, "height": 900}


@dataclass
class Street:
    desk: Desk
    clock: Morning
    browser: Browser
    residents: str
    """Where the page of the simulated WeChat is."""
    office: str
    crew: dict[str, Colleague]
    """Who works at the office, by the name residents see."""
    trouble: list[str] = field(default_factory=list)

    async def resident(self, name: str) -> Visit:
        """Somebody with a phone; every resident has a browser of their own."""
        context = await self.browser.new_context(viewport=DESKTOP, locale="zh-CN")  # type: ignore[arg-type]
        context.set_default_timeout(20_000)
        page = await context.new_page()
        made = Visit(page, context)
        await page.goto(f"{self.residents}/sandbox")
        await page.locator("#people").get_by_role("button", name=name).click()
        await expect(page.locator("#me")).to_contain_text(name)
        return made

    async def officer(self, name: str) -> Page:
        """Signs in as people do: name, password, code."""
        who = self.crew[name]
        self.clock.skip(seconds=30)
        context = await self.browser.new_context(viewport=WIDE, locale="zh-CN")  # type: ignore[arg-type]
        context.set_default_timeout(20_000)
        page = await context.new_page()
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.on("console", lambda said: self.trouble.append(said.text) if "Security Policy" in said.text else None)
        await sign_in(page, self.office, who, self.desk)
        await expect(page.get_by_role("navigation", name="查看哪些会话")).to_be_visible()
        return page


@asynccontextmanager
async def a_street(browser: Browser, folder: Path, editing: bool = False, **more: Any) -> AsyncIterator[Street]:
    """`more`: settings besides those a street needs."""
    clock = Morning()
    async with AsyncExitStack() as stack:
        url = f"sqlite:///{folder / 'street.db'}"
        await migrate(url)
        store = await open_store(url, parse(new_text()))
        stack.push_async_callback(store.close)
        await _publish(store, clock)
        regions = RegionTree.from_csv(HOUSE / "content" / "regions.csv")
        crew = await hired(Desk(store, clock, regions, EditionKeeper(store, regions)))
        port, ops = free_port(), free_port()
        engine = await _engine(stack, store, clock)
        settings = Settings(
            notice_quiet="off",
            home=str(folder),
            content=str(HOUSE / "content"),
            port=port,
            ops_port=ops,
            engine_url=engine,
            engine_secret=SECRET,
            workers=2,
            sandbox="on",
            **more,
        )
        house = House(settings, store, clock, regions)
        from bot.cli.serve import open_gateway

        await stack.enter_async_context(open_gateway(settings, house))
        desk = await open_desk(house, editing=editing)
        console = TestServer(build_console(desk))
        await console.start_server()
        stack.push_async_callback(console.close)
        street = Street(
            desk,
            clock,
            browser,
            f"http://127.0.0.1:{port}",
            str(console.make_url("")).rstrip("/"),
            crew,
        )
        stack.push_async_callback(_leave, browser)
        yield street


async def _publish(store: Store, clock: Morning) -> None:
    """All that is published but most of the answers: encoding them takes minutes, and what is asked here are forms."""
    answers = [one for one in of_kinds("answer") if one.key.startswith("dibao")][:8]
    async with store.writing() as work:
        await work.editions.publish([*without_answers(), *answers], 0, "test", "real content", clock.now())
        await work.commit()


async def _leave(browser: Browser) -> None:
    for context in browser.contexts:
        await context.close()


async def _engine(stack: AsyncExitStack, store: Any, clock: Morning) -> str:
    """The real engine with the product's model, in this process, behind the same HTTP as in its own."""
    from bot.engine import channel, launcher

    house = House(
        Settings(content=str(HOUSE / "content")), store, clock, RegionTree.from_csv(HOUSE / "content" / "regions.csv")
    )
    desk = await open_desk(house, search=True)
    assert desk.finder is not None
    follows = asyncio.create_task(desk.editions.run())
    stack.push_async_callback(asyncio.gather, follows, return_exceptions=True)
    stack.callback(follows.cancel)
    agent = await launcher.build_agent(
        await asyncio.to_thread(trained), store, desk.finder, key=KEY, clock=clock, desk=desk
    )
    here.install(desk, finder=desk.finder, encoder=here.encoder(), slow=here.slow_encoder())

    async def turn(request: web.Request) -> web.Response:
        headers = {name: value for name, value in request.headers.items() if name == channel.SECRET_HEADER}
        answered = await channel.answer(SECRET, headers, await request.read(), agent.handle_message)
        return web.json_response(answered.body, status=answered.status)

    async def alive(_: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    app = web.Application()
    app.router.add_post("/{rest:.*}", turn)
    app.router.add_get("/{rest:.*}", alive)
    runner = await listen(app, "127.0.0.1", 0)
    stack.push_async_callback(runner.cleanup)
    host, port = runner.addresses[0][:2]
    return f"http://{host}:{port}"
