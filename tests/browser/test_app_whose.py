"""Who the resident's page is for: vouched for by a bureau's app or by the site that shows it, begun anew, and cleared."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, expect

from bot.desk.desk import Desk
from tests.browser.app_words import script
from tests.browser.resident import Phone, a_phone
from tests.browser.scripted import desk as desk
from tests.browser.scripted import phone as phone
from tests.browser.scripted import served as served
from tests.fakes.app_api import Served, an_app_page

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_bureaus_app_says_who_it_is_in_the_address(browser: Browser, served: Served) -> None:
    async with a_phone(browser, f"{served.url}#assertion=eyJ.a.b") as phone:
        await expect(phone.last).to_be_visible()
        assert served.api.vouched == ["eyJ.a.b"]
        assert "assertion" not in phone.page.url
        assert await phone.page.evaluate("history.length") == 2, "going back must not show it again"
    async with a_phone(browser, f"{served.url}#assertion=forged") as phone:
        await expect(phone.page.locator("#problem")).to_contain_text("没能认出您")
        await phone.say("你好")
        await expect(phone.mine).to_have_count(1)


async def test_after_a_session_ends_the_page_opens_another(phone: Phone, served: Served) -> None:
    served.api.talks.clear()
    await phone.say("你好啊")
    await expect(phone.last).to_contain_text("你好啊")
    assert served.api.sessions == 2
    assert served.api.said() == ["你好啊"]


async def test_clearing_leaves_nothing_of_anybody_on_a_shared_phone(phone: Phone, served: Served) -> None:
    await phone.page.get_by_role("button", name="大字").click()
    await phone.say("我叫王桂英")
    await expect(phone.last).to_contain_text("王桂英")
    await phone.page.get_by_label("写一句话").fill("身份证")
    await phone.tool("更多").click()
    await phone.page.get_by_role("button", name="清除本机记录").click()
    await phone.page.get_by_role("button", name="清除", exact=True).click()
    await expect(phone.mine).to_have_count(0)
    await expect(phone.last).to_contain_text("这里是救助通")
    await expect(phone.page.get_by_label("写一句话")).to_have_value("")
    kept = await phone.page.evaluate("Object.entries(localStorage).map(([k, v]) => k + v).join()")
    assert "王桂英" not in kept
    assert "s1" not in kept
    assert "jiuzhutong.large" in kept
    assert served.api.sessions == 2


async def test_a_site_that_shows_the_page_hands_over_who_it_is_and_no_other_site_can(
    browser: Browser, desk: Desk, served: Served
) -> None:
    """By `postMessage`, from the named origin; the page beside it, of another origin, says the same and is not heard."""
    async with _sites() as (bureau, stranger), an_app_page(desk, script, [bureau.base]) as part:
        context = await browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
        page = await context.new_page()
        bureau.frames = stranger.frames = f"{part.url}?embed=1"
        await page.goto(f"{stranger.base}/")
        await expect(page.locator("#blocked")).to_have_text("loaded")
        assert part.api.sessions == 0, "not shown there at all"
        await page.goto(f"{bureau.base}/")
        frame = page.frame_locator("iframe")
        await expect(frame.locator("#talk .said.bot").first).to_contain_text("这里是救助通")
        await expect(frame.locator(":root.embedded")).to_have_count(1)
        await _until(lambda: part.api.vouched == ["signed-for-wang"])
        await context.close()


@dataclass
class Site:
    base: str
    frames: str = ""


@asynccontextmanager
async def _sites() -> AsyncIterator[tuple[Site, Site]]:
    """Two sites that frame the page and answer its `ready` with an assertion."""
    made, servers = [], []
    for _ in range(2):
        app, site = web.Application(), Site("")
        app.router.add_get("/", _framing(site))
        server = TestServer(app)
        await server.start_server()
        servers.append(server)
        site.base = str(server.make_url("")).rstrip("/")
        made.append(site)
    try:
        yield made[0], made[1]
    finally:
        for server in servers:
            await server.close()


def _framing(site: Site) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def shown(_: web.Request) -> web.Response:
        text = f"""<!doctype html><p id=blocked></p><script>
          addEventListener("message", event => {{
            if (event.data.jiuzhutong === "ready") event.source.postMessage({{ assertion: "signed-for-wang" }}, event.origin);
          }});
        </script><iframe src="{site.frames}" width=380 height=700 onload="blocked.textContent = 'loaded'"></iframe>"""
        return web.Response(text=text, content_type="text/html")

    return shown


async def _until(so: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not so():
            await asyncio.sleep(0.05)
