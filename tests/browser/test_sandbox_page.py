"""The page that looks like a phone, in a real browser: anyone can be a resident, by mouse, by thumb, by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, expect

from bot.messages import Reply
from connectors.sandbox import FAULT
from tests.browser.visiting import DESKTOP, PHONE, shoot, visit
from tests.connectors.sandbox.account import Account

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763a8afaf07000301017f76c3d5"
    "f90000000049454e44ae426082"
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["1280", "390"])
async def test_a_first_visitor_reads_what_this_is_and_asks(
    browser: Browser, account: Account, size: dict[str, int]
) -> None:
    name = f"sandbox-{size['width']}"
    v = await visit(browser, account, size)
    await expect(v.page.get_by_role("heading", name="这是模拟的微信，不用真账号也能试。")).to_be_visible()
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


async def test_the_page_finds_its_line_again(browser: Browser, account: Account) -> None:
    v = await visit(browser, account)
    await v.say("你好")
    await expect(v.bubbles()).to_have_count(1)
    account.platform.travel.end()
    await account.platform.say(account.inbox[0].sender, "你好吗")
    await expect(v.bubbles()).to_have_count(2, timeout=8000)
