"""One morning in real browsers, nothing left out but WeChat itself: two residents on their phones, two officers at their desks.
Both residents ask for a person in the middle of a form; they wait, are claimed, talk, are handed to a colleague, are shown the
way, resolved or given back to the bot, and go on with the form where it stood (issue 4, done-when 2).

With SCREENSHOTS naming a folder the pictures of `docs/screenshots` are taken on the way.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from playwright.async_api import Error as PlaywrightError

from bot.audit import Deed
from bot.conversations import Holder
from bot.messages import Author, State
from tests.browser.street import WIDE, Street, a_street
from tests.browser.visiting import Visit, shoot

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.proof]

HEARD = 20_000
"""Milliseconds until words arrive on the other side; the machine may be busy."""
PHONE_NUMBER, IDENTITY = "13800001234", "420111195803074122"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def street(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Street]:
    async with a_street(browser, tmp_path_factory.mktemp("street")) as made:
        yield made


async def test_two_residents_and_two_officers(street: Street) -> None:
    chen, li = await street.officer("陈工"), await street.officer("李工")
    wang, xiao = await street.resident("王奶奶"), await street.resident("小陈")

    # Both are in the middle of a form, and want a person.
    await begins_a_form(wang)
    await says(wang, f"王桂英 {IDENTITY} {PHONE_NUMBER}", "户口")
    await says(wang, "武汉市洪山区关山街道南望山社区，也住那里", "几口人")
    await begins_a_form(xiao)
    await says(wang, "转人工", "最前面")
    await expect(chen.locator("#rows a")).to_have_count(1, timeout=HEARD)  # the first is shown at once
    await shoot(wang.page, "day-1280-waiting")
    await says(xiao, "找个人跟我说", "人工")

    # They wait; the officers are told, and each takes one.
    await expect(chen.locator("#views a[data-view=queue] .count")).to_have_text("2", timeout=HEARD)
    await expect(chen.locator("#rows a")).to_have_count(1)  # nothing moves before somebody wants it
    await expect(chen.locator("#arrived button")).to_have_text("新来1个，点这里显示")
    await chen.locator("#arrived button").click()
    await expect(chen.locator("#rows a")).to_have_count(2)
    await picture(chen, "day-1440-queue")
    await chen.locator("#rows a").first.click()  # who waits longest stands first
    await chen.get_by_role("button", name="认领").click()
    await expect(chen.locator("#head")).to_contain_text("您在办")
    await expect(chen.locator("#head")).to_contain_text("洪山区")
    await expect(chen.locator("#situation")).to_contain_text("想找人工")
    await expect(chen.locator("#situation")).to_contain_text("王**")
    await expect(chen.locator("#situation")).to_contain_text("138****1234")
    assert IDENTITY not in await chen.content()
    talk = chen.url.partition("/conversations/")[2].partition("?")[0]

    # The other one sees who has it, and cannot take it or write there.
    await goes(li, f"{street.office}/conversations/{talk}")
    await expect(li.locator("#head")).to_contain_text("陈工")
    await expect(li.locator("#reply")).to_have_count(0)

    # Words go to and fro; the bot is silent.
    await replies(chen, "王奶奶您好，我是陈工。您家里现在几口人？")
    await expect(wang.bubbles().last).to_contain_text("我是陈工", timeout=HEARD)
    before = await wang.bubbles().count()
    await wang.say("低保怎么申请，我和孙子两个人过")
    await expect(chen.locator(".said.resident").last).to_contain_text("我和孙子两个人过", timeout=HEARD)
    await expect(wang.bubbles()).to_have_count(before)
    await picture(chen, "day-1440-talking")

    # Handed to a colleague, with the reason as a note.
    await chen.locator("summary", has_text="转办").click()
    whom = chen.get_by_label("转给谁")
    await whom.select_option(await whom.locator("option", has_text="李工").get_attribute("value"))
    await chen.get_by_label("为什么转").fill("孩子上学的事她熟")
    await chen.get_by_role("button", name="转办").click()
    await goes(li, f"{street.office}/conversations/{talk}?view=mine")
    await expect(li.locator("#head")).to_contain_text("您在办")
    await expect(li.locator(".said.note").last).to_contain_text("孩子上学的事她熟")
    await li.locator("summary", has_text="便签").click()
    await li.locator("#note").fill("听力不好，打电话要大声")
    await li.get_by_role("button", name="存便签").click()
    await expect(li.locator(".said.note").last).to_contain_text("听力不好")

    # Shown the way to another office: the words are seen before they go.
    await li.locator("summary", has_text="快捷").click()
    offices = li.get_by_label("该去找哪个部门")
    await offices.select_option(index=1)
    await li.get_by_role("button", name="请去找…").click()
    shown = await li.get_by_label("“请去找”要发给居民的话").input_value()
    await picture(li, "day-1440-referring")
    await li.get_by_role("button", name="就这样发").click()
    await expect(wang.bubbles().last).to_contain_text(shown.splitlines()[0][:12], timeout=HEARD)
    await wang.say("好的，谢谢")
    await expect(li.locator(".said.resident").last).to_contain_text("好的，谢谢", timeout=HEARD)

    # Resolved; a tap says whether it helped; the form goes on where it stood.
    await goes(li, f"{street.office}/conversations/{talk}?view=mine")
    await li.locator("summary", has_text="结束").click()
    await li.get_by_label("结果").select_option("solved")
    await li.get_by_role("button", name="结束会话").click()
    await expect(li).to_have_url(re.compile("/conversations\\?view=mine"))
    await expect(wang.bubbles().last.get_by_role("button").first).to_be_visible(timeout=HEARD)
    await wang.bubbles().last.get_by_role("button").first.click()
    await expect(wang.bubbles().last).to_contain_text("谢谢", timeout=HEARD)
    await says(wang, "接着填", "几口人")
    await expect(wang.bubbles().last).not_to_contain_text("没太看懂")
    await says(wang, "两口人", "第2位是谁")
    await shoot(wang.page, "day-1280-resumed")

    # The second one: claimed, answered, given back to the bot, which asks what it asked before.
    await goes(li, f"{street.office}/conversations?view=queue")
    await li.locator("#rows a").first.click()
    await li.get_by_role("button", name="认领").click()
    await replies(li, "小陈你好，我是李工。填表的问题都可以问我。")
    await expect(xiao.bubbles().last).to_contain_text("我是李工", timeout=HEARD)
    await xiao.say("没事了，我自己填")
    await expect(li.locator(".said.resident").last).to_contain_text("我自己填", timeout=HEARD)
    await li.get_by_role("button", name="交还机器人").click()
    await expect(xiao.bubbles().last).to_contain_text("身份证", timeout=HEARD)
    await says(xiao, "陈晓 440306199806017512 13900005678", "户口")
    await told_the_truth(street, talk)
    assert street.trouble == []
    assert wang.errors == xiao.errors == []


async def begins_a_form(one: Visit) -> None:
    await says(one, "我要申请低保", "同意")
    await says(one, "同意", "同意")
    await says(one, "同意", "给自己家办")
    await says(one, "给自己家办", "身份证")


async def says(one: Visit, words: str, answered: str) -> None:
    """Writes it, and waits for the answer that has these words in it."""
    before = await one.bubbles().count()
    await one.say(words)
    await expect(one.bubbles().nth(before)).to_be_visible(timeout=HEARD)
    await expect(one.bubbles().last).to_contain_text(answered, timeout=HEARD)


async def goes(page: Page, address: str) -> None:
    """The page may be loading itself anew just then, because the conversation changed hands."""
    for _ in range(5):
        try:
            await page.goto(address)
        except PlaywrightError as crossed:
            if "interrupted by another navigation" not in str(crossed):
                raise
        else:
            return


async def replies(page: Page, words: str) -> None:
    await page.locator("#reply").fill(words)
    await page.get_by_role("button", name="回复", exact=True).click()
    await expect(page.locator(".said.officer").last).to_contain_text(words[:8])


async def told_the_truth(street: Street, talk: str) -> None:
    """What the database says of the morning: nothing of the bot left while somebody held it, and every deed has its line."""
    async with street.desk.store.reading() as work:
        now = await work.conversations.get(talk)
        rows = await work.messages.history(talk, 200)
        moves = await work.conversations.moves(talk)
        deeds = {line.deed async for line, _ in work.audit.lines() if line.what == f"conversation:{talk}"}
    assert now.holder is Holder.CLOSED, "the bot answers again, the form is open"
    assert now.form
    ways = [str(move["to"]) for move in moves]
    assert ways[:3] == ["queued", "officer", "officer"]
    assert ways[-1] == "closed"
    taken = next(move["at"] for move in moves if move["to"] == Holder.OFFICER)
    ended = next(move["at"] for move in moves if move["to"] == Holder.CLOSED)
    assert not [row for row in rows if row.author is Author.BOT and taken < row.created_at < ended]
    assert not [row for row in rows if "听力不好" in row.text or "她熟" in row.text], "notes never leave"
    assert all(row.state is State.SENT for row in rows if row.author is Author.OFFICER)
    assert {Deed.READ, Deed.CLAIM, Deed.REPLY, Deed.MOVE, Deed.CHANGE} <= deeds


async def picture(page: Page, name: str) -> None:
    """At a desk and on a tablet."""
    await shoot(page, name)
    await page.set_viewport_size({"width": 820, "height": 1180})
    await shoot(page, name.replace("1440", "820"))
    await page.set_viewport_size(WIDE)  # type: ignore[arg-type]
