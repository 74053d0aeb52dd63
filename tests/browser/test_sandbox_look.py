"""The page is for old eyes and stiff fingers: large type, large targets, enough contrast, everything by keyboard."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.visiting import PHONE, shoot, visit
from tests.connectors.sandbox.account import Account

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_times_are_chinas(browser: Browser, account: Account) -> None:
    v = await visit(browser, account)
    await v.say("你好")
    await expect(v.page.locator("#talk time").first).to_contain_text("15:55")
    await expect(v.page.locator("#travelled time").first).to_contain_text("15:55:00")


async def test_large_type_stays(browser: Browser, account: Account) -> None:
    v = await visit(browser, account, PHONE)
    large, field = v.page.get_by_role("button", name="大字"), v.page.get_by_label("写一句话")
    await expect(large).to_have_attribute("aria-pressed", "true")
    await expect(field).to_have_css("font-size", "22px")
    await large.click()
    await expect(field).to_have_css("font-size", "16px")
    await v.page.reload()
    await expect(field).to_have_css("font-size", "16px")


async def test_everything_is_done_from_the_keyboard(browser: Browser, account: Account) -> None:
    v = await visit(browser, account)
    await v.page.keyboard.press("Tab")
    await expect(v.page.get_by_role("link", name="跳到输入框")).to_be_focused()
    await v.page.keyboard.press("Enter")
    await expect(v.page.get_by_label("写一句话")).to_be_focused()
    await v.page.keyboard.type("救助")
    await v.page.keyboard.press("Enter")
    await expect(v.bubbles().get_by_role("button")).to_have_count(3)
    await expect(v.page.get_by_label("写一句话")).to_be_focused()
    for _ in range(4):
        await v.page.keyboard.press("Shift+Tab")
        if await v.page.evaluate("document.activeElement.classList.contains('option')"):
            break
    assert await v.page.evaluate("document.activeElement.textContent") == "3. 找人工"
    await v.page.keyboard.press("Enter")
    await expect(v.bubbles("resident").last).to_have_text("找人工")
    more = v.page.get_by_role("button", name="更多")
    await more.focus()
    await v.page.keyboard.press("Enter")
    await expect(more).to_have_attribute("aria-expanded", "true")
    await v.page.keyboard.press("Escape")
    await expect(more).to_have_attribute("aria-expanded", "false")
    await expect(more).to_be_focused()


SMALL = """() =>
  [...document.querySelectorAll('button, input:not([type=file]), textarea' + (innerWidth < 760 ? ', summary' : ''))]
  .filter(e => e.checkVisibility()).map(e => [e.textContent.trim() || e.id, e.getBoundingClientRect()])
  .filter(([, r]) => r.width < 43.5 || r.height < 43.5).map(([t, r]) => `${t} ${r.width}x${r.height}`)"""
WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
FAINT = """(least) => {
  const rgb = c => (c.match(/[\\d.]+/g) || []).map(Number);
  const line = v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const light = c => c.slice(0, 3).map(v => line(v / 255))
    .reduce((s, v, i) => s + v * [.2126, .7152, .0722][i], 0);
  const ground = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor);
    if (c.length === 3 || c[3] > 0) return c; } return [255, 255, 255]; };
  return [...document.querySelectorAll('body *')]
    .filter(e => e.checkVisibility() && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
    .map(e => { const [a, b] = [light(rgb(getComputedStyle(e).color)), light(ground(e))].sort((x, y) => y - x);
      return [e.textContent.trim().slice(0, 20), (a + .05) / (b + .05)]; })
    .filter(([, c]) => c < least).map(([t, c]) => `${t} ${c.toFixed(1)}`); }"""


@pytest.mark.parametrize("large", [False, True], ids=["usual", "large"])
@pytest.mark.parametrize("width", [390, 820, 1280])
async def test_nothing_is_too_small_too_wide_or_too_faint(
    browser: Browser, account: Account, width: int, large: bool
) -> None:
    v = await visit(browser, account, {"width": width, "height": 844}, has_touch=width == 390)
    if (await v.page.get_by_role("button", name="大字").get_attribute("aria-pressed") == "true") != large:
        await v.page.get_by_role("button", name="大字").click()
    await v.say("救助")
    await v.say("你好")
    await expect(v.bubbles()).to_have_count(2)
    await v.page.get_by_role("button", name="更多").click()
    await v.page.evaluate(
        "const problem = document.querySelector('#problem'); problem.hidden = false; problem.textContent = '没发出去。'"
    )
    assert await v.page.evaluate(SMALL) == []
    assert await v.page.evaluate(WIDE) <= 0
    assert await v.page.evaluate(FAINT, 4.5) == []
    if large:
        faint = await v.page.evaluate(FAINT, 7)
        assert [words for words in faint if await _in_phone(v.page, words)] == []
    if width == 390:
        await v.page.get_by_role("button", name="更多").click()
        await v.page.evaluate("document.querySelector('#problem').hidden = true")
        await shoot(v.page, f"sandbox-390-{'large' if large else 'usual'}")
        await v.page.get_by_role("button", name="换居民").click()
        await shoot(v.page, f"sandbox-390-people{'-large' if large else ''}")
        assert await v.page.evaluate(SMALL) == []
        await v.page.get_by_role("button", name="记录").click()
        await expect(v.page.locator("#log")).to_be_visible()
        await shoot(v.page, f"sandbox-390-log{'-large' if large else ''}")
        assert await v.page.evaluate(SMALL) == []
        assert await v.page.evaluate(WIDE) <= 0


async def _in_phone(page: Page, words: str) -> bool:
    inside = "w => document.querySelector('.phone').textContent.includes(w)"
    return bool(await page.evaluate(inside, words.rsplit(" ", 1)[0]))
