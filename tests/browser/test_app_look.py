"""The resident's page is for old eyes, stiff fingers, small phones and slow networks: large type and targets, enough contrast,
nothing over the edge, and little to load."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.app_words import CASE, TO_SIGN, script
from tests.browser.resident import VOICE, Phone, a_bare_desk, a_phone
from tests.browser.test_sandbox_look import FAINT, WIDE
from tests.browser.visiting import shoot
from tests.fakes.app_api import AppApi, Served, an_app_page

pytestmark = pytest.mark.asyncio(loop_scope="module")
HEAVIEST = 200 * 1024
"""Bytes as they travel, for all the page loads (issue 6, done-when 2)."""
SMALL = """least => [...document.querySelectorAll('button, a, select, summary, textarea, input:not([type=file]):not([type=checkbox]), .button')]
  .filter(e => e.checkVisibility() && !e.closest('.skip')).map(e => [e.textContent.trim() || e.id, e.getBoundingClientRect()])
  .filter(([, r]) => r.width < least - .5 || r.height < least - .5).map(([t, r]) => `${t} ${r.width}x${r.height}`)"""
TINY = """least => [...document.querySelectorAll('body *')]
  .filter(e => e.checkVisibility() && !e.classList.contains('unseen') && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
  .filter(e => parseFloat(getComputedStyle(e).fontSize) < least).map(e => e.textContent.trim())"""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def served(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    async with a_bare_desk(tmp_path_factory.mktemp("look")) as desk, an_app_page(desk, script) as made:
        yield made


async def _talking(phone: Phone, api: AppApi) -> None:
    await phone.say("救助")
    await expect(phone.last).to_contain_text("想问哪一项")
    await phone.say("条件")
    await expect(phone.last).to_contain_text("低保看一家人")


async def _form(phone: Phone, api: AppApi) -> None:
    api.stand(form={"kind": "application", "step": 3, "of": 8}, sign=True)
    await expect(phone.page.locator("#form-bar")).to_be_visible()


async def _queue(phone: Phone, api: AppApi) -> None:
    api.stand(holder="queue", waiting={"place": 3, "minutes": 5})
    api.say(author="officer", text="王奶奶您好，我是陈工。")
    await expect(phone.said("officer")).to_be_visible()


async def _offline(phone: Phone, api: AppApi) -> None:
    await phone.context.set_offline(True)
    await phone.say("我家三口人")
    await expect(phone.page.locator("#talk .state")).to_have_text("待发送")


async def _refused(phone: Phone, api: AppApi) -> None:
    await phone.context.set_offline(False)
    await expect(phone.page.locator("#talk .state")).to_have_count(0, timeout=15_000)
    refusal = {"code": "bad_request", "message": "这一条太长了。"}
    await phone.page.route("**/api/v1/messages", lambda route: route.fulfill(status=400, json=refusal), times=1)
    await phone.say("很长的一条")
    await expect(phone.page.locator("#talk .bad")).to_be_visible()


def _dialog(tool: str) -> Callable[[Phone, AppApi], Awaitable[None]]:
    async def opened(phone: Phone, api: AppApi) -> None:
        await phone.page.keyboard.press("Escape")
        await phone.tool(tool).click()
        await expect(phone.page.locator("dialog[open]")).to_be_visible()

    return opened


async def _forgetting(phone: Phone, api: AppApi) -> None:
    await phone.page.get_by_role("button", name="清除本机记录").click()


async def _cases(phone: Phone, api: AppApi) -> None:
    api.cases = [CASE]
    await phone.page.keyboard.press("Escape")
    await phone.page.evaluate("location.hash = '#/cases'")
    await expect(phone.page.locator(".case")).to_be_visible()


async def _sign(phone: Phone, api: AppApi) -> None:
    api.to_sign = TO_SIGN
    await phone.page.evaluate("location.hash = '#/sign'")
    await expect(phone.page.locator(".pad")).to_be_visible()
    await phone.page.locator("#sign summary").click()


STATES: dict[str, Callable[[Phone, AppApi], Awaitable[None]]] = {
    "talking": _talking,
    "form": _form,
    "queue": _queue,
    "offline": _offline,
    "refused": _refused,
    "photo": _dialog("照片"),
    "place": _dialog("位置"),
    "asks": _dialog("常问"),
    "more": _dialog("更多"),
    "forgetting": _forgetting,
    "cases": _cases,
    "sign": _sign,
}
"""Every page and state of the page, each reached from the one before."""


@pytest.mark.parametrize("large", [False, True], ids=["usual", "large"])
@pytest.mark.parametrize("width", [320, 390, 820])
async def test_nothing_is_too_small_too_wide_or_too_faint(
    browser: Browser, served: Served, width: int, large: bool
) -> None:
    url = served.url + ("?elder=1" if large else "")
    async with a_phone(browser, url, wait=False, viewport={"width": width, "height": 844}, has_touch=True) as phone:
        await phone.context.add_init_script(VOICE)
        await phone.page.reload()
        await expect(phone.last).to_be_visible()
        for name, reach in STATES.items():
            await reach(phone, served.api)
            await shoot(phone.page, f"app-{width}-{'large-' if large else ''}{name}")
            assert await phone.page.evaluate(WIDE) <= 0, name
            assert await phone.page.evaluate(SMALL, 48 if large else 44) == [], name
            assert await phone.page.evaluate(TINY, 20 if large else 13) == [], name
            assert await phone.page.evaluate(FAINT, 7 if large else 4.5) == [], name

        await phone.sound()


async def test_main_targets_in_large_type_are_as_the_ministry_wants_them(browser: Browser, served: Served) -> None:
    """60 px for what matters most (工信部 移动互联网应用适老化通用设计规范 2021, 2.1.5)."""
    async with a_phone(browser, f"{served.url}?elder=1") as phone:
        await expect(phone.last).to_be_visible()
        assert await phone.page.evaluate(SMALL, 60) == []
        assert await phone.page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") == 22


async def test_at_twice_the_size_everything_is_still_there(browser: Browser, served: Served) -> None:
    """Zoom 200 % of a small window: 640 × 360 as the page sees it."""
    async with a_phone(browser, served.url, viewport={"width": 640, "height": 360}) as phone:
        await _talking(phone, served.api)
        for name in ("照片", "位置", "常问", "更多"):
            await phone.tool(name).scroll_into_view_if_needed()
            await phone.tool(name).click()
            await expect(phone.page.locator("dialog[open] button").last).to_be_attached()
            await phone.page.locator("dialog[open] [data-close]").click()
        await phone.page.get_by_role("button", name="人工", exact=True).first.click()
        await expect(phone.mine.last).to_contain_text("人工")
        await phone.sound()


async def test_less_motion_for_whoever_asks_for_it(browser: Browser, served: Served) -> None:
    async with a_phone(browser, served.url, reduced_motion="reduce") as phone:
        moving = await phone.page.evaluate("document.getAnimations().filter(one => one.playState === 'running').length")
        assert moving == 0


async def test_all_of_it_is_light_enough_for_a_slow_network(browser: Browser, served: Served) -> None:
    loaded: dict[str, int] = {}
    async with a_phone(browser, served.url) as phone, aiohttp.ClientSession(auto_decompress=False) as http:
        names = await phone.page.evaluate("performance.getEntriesByType('resource').map(one => one.name)")
        for url in {served.url, f"{served.url}sw.js", *(name for name in names if "/api/" not in name)}:
            async with http.get(url, headers={"Accept-Encoding": "gzip"}) as answer:
                assert answer.headers["Content-Encoding"] == "gzip", url
                loaded[url] = len(await answer.read())
    assert len(loaded) >= 15, sorted(loaded)
    assert sum(loaded.values()) <= HEAVIEST, loaded


async def test_nothing_jumps_while_the_conversation_is_fetched(browser: Browser, served: Served) -> None:
    shifts = """window.__shift = 0; new PerformanceObserver(list => { for (const one of list.getEntries())
      if (!one.hadRecentInput) window.__shift += one.value }).observe({ type: "layout-shift", buffered: true })"""
    async with a_phone(browser, served.url, wait=False) as phone:
        await phone.context.add_init_script(shifts)
        await phone.page.reload()
        await expect(phone.last).to_be_visible()
        assert await phone.page.evaluate("window.__shift") < 0.1, "what the web calls good"
