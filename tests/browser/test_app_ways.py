"""Who reads the resident's page in which way: by the keyboard, by a screen reader, in large type, aloud, without scripts."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.browser.resident import VOICE, Phone, a_phone
from tests.browser.scripted import desk as desk
from tests.browser.scripted import phone as phone
from tests.browser.scripted import served as served
from tests.fakes.app_api import Served

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_everything_is_done_from_the_keyboard(phone: Phone) -> None:
    page = phone.page
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="跳到输入框")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.type("救助")
    await page.keyboard.press("Enter")
    await expect(phone.last).to_contain_text("想问哪一项")
    await expect(page.get_by_label("写一句话")).to_be_focused()
    await page.keyboard.press("Shift+Tab")
    assert await page.evaluate("document.activeElement.textContent") == "3. 找人工"
    await page.keyboard.press("Enter")
    await expect(phone.mine.last).to_contain_text("找人工")
    more = phone.tool("更多")
    await more.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("link", name="我的申请")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(more).to_be_focused()
    await more.press("Enter")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="我的申请")).to_be_focused()


async def test_what_arrives_is_told_to_a_screen_reader_and_what_was_there_is_not(phone: Phone) -> None:
    log = phone.page.get_by_role("log", name="消息")
    await expect(log).to_have_attribute("aria-live", "polite")
    assert await log.locator(".said.bot .unseen").first.inner_text() == "救助通："
    await phone.context.add_init_script("""window.__told = []; new MutationObserver(changes => {
      for (const { target, addedNodes } of changes) for (const one of addedNodes)
        if (target.id === "talk") window.__told.push([target.getAttribute("aria-live"), one.className]);
    }).observe(document, { subtree: true, childList: true })""")
    await phone.page.reload()
    await expect(log).to_have_attribute("aria-live", "polite")
    await phone.say("条件")
    await expect(phone.last).to_contain_text("低保看一家人")
    told = await phone.page.evaluate("window.__told.filter(([, kind]) => kind.startsWith('said'))")
    assert told[0] == ["off", "said bot"]
    assert told[-1] == ["polite", "said bot"]


async def test_large_type_is_remembered_and_shows_the_first_sentences(phone: Phone, served: Served) -> None:
    large = phone.page.get_by_role("button", name="大字")
    await large.click()
    await expect(large).to_have_attribute("aria-pressed", "true")
    await phone.page.reload()
    await expect(phone.page.get_by_label("写一句话")).to_have_css("font-size", "22px")
    await expect(phone.last).to_have_css("line-height", "34px")
    await phone.say("条件")
    await expect(phone.last.locator("summary")).to_be_visible()
    text = await phone.last.locator("p").first.inner_text()
    assert len(text) <= 120
    assert text.endswith("算数。")
    await phone.last.get_by_role("button", name="接着看").click()
    await expect(phone.last).to_contain_text("或打12345。")
    await large.click()
    await phone.page.reload()
    await expect(phone.page.get_by_label("写一句话")).to_have_css("font-size", "16px")


async def test_replies_are_read_aloud_where_the_phone_has_a_voice(
    browser: Browser, served: Served, phone: Phone
) -> None:
    await expect(phone.page.locator(".read").first).to_be_hidden()
    async with a_phone(browser, served.url) as other:
        await other.context.add_init_script(VOICE)
        await other.page.reload()
        await expect(other.last).to_be_visible()
        await other.page.locator(".read").first.click()
        spoken = await other.page.evaluate("window.__spoken")
        assert spoken[0].startswith("您好，这里是救助通。")
        assert spoken[0].endswith("1，低保怎么申请。2，临时救助是什么")
        await other.tool("更多").click()
        await other.page.get_by_role("button", name="新回复读出来").click()
        await other.page.keyboard.press("Escape")
        await other.say("条件")
        await expect(other.last).to_contain_text("低保看一家人")
        assert [one for one in await other.page.evaluate("window.__spoken") if "低保看一家人" in one]


async def test_without_scripts_one_sentence_says_where_to_call(browser: Browser, served: Served) -> None:
    async with a_phone(browser, served.url, wait=False, java_script_enabled=False) as phone:
        await expect(phone.page.locator("noscript .notice, .notice").first).to_contain_text("请打 12345")
