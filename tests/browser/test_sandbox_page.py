"""The page that looks like a phone, in a real browser: anyone can be a resident, by mouse, by thumb, by keyboard."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from bot.clock import FixedClock
from bot.messages import Choice, Inbound, Reply, Source
from connectors.sandbox import FAULT
from tests.connectors.sandbox.account import Account, an_account

CHROMIUM = "/usr/bin/chromium"
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763a8afaf07000301017f76c3d5"
    "f90000000049454e44ae426082"
)
CONDITIONS = Reply(
    "低保看一家人，不是只看一个人。\n主要看两样，两样都要够得上：\n1. 收入：全家人均收入，低于当地低保标准。\n"
    "2. 财产：存款、房、车等，在当地规定的范围里。\n够不够，要由工作人员核对以后才算数。\n"
    "觉得自家困难，可以先到乡镇（街道）窗口问，或打12345。",
    sources=(Source("", "社会救助法", "第18条", "2026-07-01"), Source("", "社会救助法", "第23条", "2026-07-01")),
)
WHICH = Reply("想问哪一项？", (Choice("低保怎么申请"), Choice("临时救助怎么申请"), Choice("找人工")))


def answer(inbound: Inbound) -> list[Reply]:
    """An account with few words, enough to show every kind of bubble."""
    if inbound.event:
        return [Reply("您好，这里是救助通。低保、特困、临时救助，都可以问。\n想问什么，直接写。")]
    if "怎么" in inbound.text or inbound.text == "救助":
        return [WHICH]
    if inbound.kind == "text" and inbound.text == "2":
        return [Reply("您选了第 2 项。")]
    if inbound.kind != "text":
        return [Reply("收到了。图片和语音我看不懂，请写一句话，或者回复“人工”。")]
    return [CONDITIONS]


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module")
async def account() -> AsyncIterator[Account]:
    # Five to four in the afternoon in China, whatever the machine's clock says.
    clock = FixedClock(datetime(2026, 7, 28, 7, 55, tzinfo=UTC))
    async with an_account(clock, cut_off=1.0) as made:
        made.always = answer
        yield made


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        made = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield made
        await made.close()


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


async def shoot(page: Page, name: str) -> None:
    """A picture to look at, in the folder SCREENSHOTS names; none is taken without it."""
    if os.environ.get("SCREENSHOTS"):
        await page.screenshot(path=Path(os.environ["SCREENSHOTS"]) / f"{name}.png", animations="disabled")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["1280", "390"])
async def test_a_first_visitor_reads_what_this_is_and_asks(
    browser: Browser, account: Account, size: dict[str, int]
) -> None:
    name = f"sandbox-{size['width']}"
    v = await visit(browser, account, size)
    await expect(v.page.get_by_role("heading", name="这是模拟的微信，不用公众号也能试。")).to_be_visible()
    await shoot(v.page, f"{name}-empty")
    await v.page.get_by_role("button", name="我一个人过，能吃低保吗？").click()
    await expect(v.bubbles("resident")).to_have_text("我一个人过，能吃低保吗？")
    await expect(v.bubbles().first).to_contain_text("低保看一家人")
    await expect(v.bubbles().first.locator(".source")).to_contain_text("《社会救助法》")
    await expect(v.page.get_by_text("这是模拟的微信")).to_be_hidden()
    await v.say("救助怎么申请")
    await expect(v.bubbles().nth(1).get_by_role("button")).to_have_count(3)
    await shoot(v.page, name)
    assert v.errors == []


async def test_options_are_tapped_or_typed_as_numbers(browser: Browser, account: Account) -> None:
    v = await visit(browser, account)
    await v.say("救助")
    await v.page.get_by_role("button", name="2. 临时救助怎么申请").click()
    await expect(v.bubbles("resident").last).to_have_text("临时救助怎么申请")
    assert account.inbox[-1].choice
    await expect(v.bubbles()).to_have_count(2)
    await v.say("2")
    await expect(v.bubbles().last).to_have_text("您选了第 2 项。")
    assert (account.inbox[-1].text, account.inbox[-1].choice) == ("2", "")


async def test_a_menu_sent_later_arrives_on_its_own_and_its_rows_are_tapped(browser: Browser, account: Account) -> None:
    v = await visit(browser, account)
    await v.say("你好")
    await expect(v.bubbles()).to_have_count(1)
    menu = {
        "head_content": "还想问哪一项？",
        "list": [{"id": "9-1", "content": "1. 标准是多少"}, {"id": "9-2", "content": "2. 找人工"}],
        "tail_content": "点一下，或回复数字。",
    }
    payload = {"touser": account.inbox[0].sender, "msgtype": "msgmenu", "msgmenu": menu}
    await account.channel.client.post("/cgi-bin/message/custom/send", payload)
    await expect(v.bubbles().last).to_contain_text("点一下，或回复数字。")
    await v.page.get_by_role("button", name="2. 找人工").click()
    await expect(v.bubbles()).to_have_count(3)
    assert account.inbox[-1].choice == "9-2"
    await expect(v.page.locator("#travelled")).to_contain_text("客服消息")
    assert v.errors == []


async def test_the_conversation_survives_a_reload_and_everyone_has_their_own(
    browser: Browser, account: Account
) -> None:
    v = await visit(browser, account)
    await v.say("你好")
    await expect(v.bubbles()).to_have_count(1)
    await v.page.reload()
    await expect(v.bubbles()).to_have_count(1)
    await v.page.get_by_role("button", name=re.compile("^小陈")).click()
    await expect(v.page.locator("#me")).to_contain_text("小陈")
    await expect(v.bubbles()).to_have_count(0)
    nainai = account.inbox[0].sender
    await account.platform.say(nainai, "还在吗")
    await expect(v.page.get_by_role("button", name=re.compile("王奶奶"))).to_contain_text("新消息")
    await v.page.reload()
    await expect(v.page.locator("#me")).to_contain_text("小陈")


async def test_the_other_kinds_can_be_sent(browser: Browser, account: Account) -> None:
    v = await visit(browser, account, PHONE)
    more = v.page.get_by_role("button", name="更多")

    await more.click()
    await shoot(v.page, "sandbox-390-kinds")
    async with v.page.expect_file_chooser() as chosen:
        await v.page.get_by_role("button", name="图片", exact=True).click()
    await (await chosen.value).set_files({"name": "证明.png", "mimeType": "image/png", "buffer": PNG})
    await expect(v.page.get_by_alt_text("您发的图片")).to_be_visible()
    await expect(v.bubbles()).to_have_count(1)

    await more.click()
    await v.page.get_by_role("button", name="语音", exact=True).click()
    await expect(v.bubbles("resident").last).to_have_text("语音（没有转成文字）")

    for button, label in [("位置", "地方的名字"), ("扫码", "二维码里的场景值"), ("链接", "标题")]:
        await more.click()
        await v.page.get_by_role("button", name=button, exact=True).click()
        await expect(v.page.get_by_label(label)).to_be_focused()
        await v.page.keyboard.press("Enter")
        await expect(v.page.get_by_role("dialog")).to_be_hidden()

    await more.click()
    await v.page.get_by_role("button", name="找人工").click()
    await expect(v.bubbles("resident").last).to_have_text("[菜单] 找人工")
    await expect(v.bubbles()).to_have_count(6)
    kinds = [i.event or str(i.kind) for i in account.inbox]
    assert kinds == ["image", "voice", "location", "SCAN", "link", "CLICK"]
    assert account.inbox[2].place == "湖北省武汉市洪山区珞南街道"
    assert v.errors == []


async def test_whoever_does_not_follow_is_told_so_and_follows(browser: Browser, account: Account) -> None:
    v = await visit(browser, account)
    await v.page.get_by_role("button", name=re.compile("^赵女士")).click()
    await expect(v.page.get_by_text("赵女士没有关注这个公众号")).to_be_visible()
    await expect(v.page.get_by_label("写一句话")).to_be_hidden()
    await v.page.get_by_role("button", name="关注", exact=True).click()
    await expect(v.bubbles().last).to_contain_text("您好，这里是救助通")
    await expect(v.page.get_by_label("写一句话")).to_be_visible()
    await v.page.get_by_role("button", name="更多").click()
    await v.page.get_by_role("button", name="取消关注").click()
    await expect(v.page.get_by_label("写一句话")).to_be_hidden()


async def test_a_long_answer_is_read_from_its_beginning(browser: Browser, account: Account) -> None:
    account.queue.append([Reply("第一句。\n" + "救助" * 300)])
    v = await visit(browser, account, PHONE)
    await v.say("你好")
    await expect(v.bubbles()).to_have_count(1)
    top = await v.page.evaluate(
        "document.querySelector('#talk .account').getBoundingClientRect().top"
        " - document.querySelector('#scroll').getBoundingClientRect().top"
    )
    assert 0 <= top <= 24


async def test_a_fault_is_shown_as_wechat_shows_it(browser: Browser, account: Account) -> None:
    account.queue.append(b"not a reply")
    v = await visit(browser, account)
    await v.say("你好")
    await expect(v.bubbles("notice")).to_have_text(FAULT)
    await expect(v.page.locator("#travelled .bad").first).to_contain_text("无效的应答")


async def test_what_the_account_writes_is_text_and_never_markup(browser: Browser, account: Account) -> None:
    v = await visit(browser, account)
    await v.say("你好")
    await expect(v.bubbles()).to_have_count(1)
    nasty = '<img src=x onerror="document.title=1"><script>document.title=2</script>'
    nasty += '<a href="javascript:document.title=3">点</a>'
    payload = {"touser": account.inbox[0].sender, "msgtype": "text", "text": {"content": nasty}}
    await account.channel.client.post("/cgi-bin/message/custom/send", payload)
    await expect(v.bubbles().last).to_contain_text("<img src=x")
    assert await v.bubbles().last.locator("img, script, a[href^=javascript]").count() == 0
    assert "救助通" in await v.page.title()
    assert v.errors == []


async def test_an_engineer_opens_the_raw_push_and_nobody_else_sees_it(browser: Browser, account: Account) -> None:
    v = await visit(browser, account)
    await v.say("低保怎么办")
    await expect(v.page.locator("#travelled li")).to_have_count(2)
    assert "<xml>" not in await v.page.inner_text("body")
    first = v.page.locator("#travelled li").first
    await expect(first).to_contain_text("推送 · 文字")
    await expect(first).to_contain_text("已签名")
    await first.get_by_text("看原文").click()
    await expect(first).to_contain_text("<Encrypt>")
    await expect(first).to_contain_text("<Content><![CDATA[低保怎么办]]></Content>")
    await shoot(v.page, "sandbox-1280-log")


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


async def test_the_page_finds_its_line_again(browser: Browser, account: Account) -> None:
    v = await visit(browser, account)
    await v.say("你好")
    await expect(v.bubbles()).to_have_count(1)
    account.platform.travel.end()
    await account.platform.say(account.inbox[0].sender, "你好吗")
    await expect(v.bubbles()).to_have_count(2, timeout=8000)
