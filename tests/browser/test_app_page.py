"""The resident's page in Chromium, as wide as a phone: what is said, what arrives and how. The house behind it is scripted;
`test_app_journey.py` has the real one."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Browser, expect

from tests.browser.resident import Phone, a_phone
from tests.browser.scripted import desk as desk
from tests.browser.scripted import phone as phone
from tests.browser.scripted import served as served
from tests.fakes.app_api import Served

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_question_its_options_and_the_answer_as_a_card(phone: Phone, served: Served) -> None:
    await phone.say("低保怎么办")
    await expect(phone.last).to_contain_text("想问哪一项")
    await expect(phone.page.locator("#typing")).to_be_hidden()
    rows = phone.last.get_by_role("button")
    assert await rows.all_inner_texts() == ["1. 低保怎么申请", "2. 临时救助怎么申请", "3. 找人工"]
    wide = await rows.evaluate_all("rows => rows.map(row => row.offsetWidth === row.closest('ul').offsetWidth)")
    assert wide == [True] * 3
    await rows.first.click()
    await expect(phone.mine.last).to_contain_text("低保怎么申请")
    await expect(phone.last.get_by_role("heading")).to_have_text("低保看哪些条件")
    line = phone.last.locator("summary")
    await expect(line).to_have_text("依据：《社会救助法》第18条、第23条 · 截至 2026-11-26 · 湖北省武汉市")
    await line.click()
    await expect(phone.last.locator("li").first).to_have_text("《社会救助法》，第18条，2026年7月1日起")
    assert served.api.said() == ["低保怎么办", "低保怎么申请"]


async def test_a_stiff_finger_taps_twice_and_says_it_once(phone: Phone, served: Served) -> None:
    await phone.page.locator("#talk .option").first.dblclick()
    await expect(phone.last).to_contain_text("低保看一家人")
    assert served.api.said() == ["低保怎么申请"]


async def test_times_and_days_are_chinas(phone: Phone) -> None:
    await expect(phone.page.locator("#talk .day")).to_have_text("2026年11月26日星期四")
    await expect(phone.page.locator("#talk time").nth(1)).to_have_text("10:00")


async def test_a_person_the_queue_and_the_form_are_seen(phone: Phone, served: Served) -> None:
    await phone.page.get_by_role("button", name="人工").click()
    await expect(phone.mine.last).to_contain_text("人工")
    served.api.stand(holder="queue", waiting={"place": 3, "minutes": 5})
    await expect(phone.page.locator("#waiting")).to_contain_text("前面还有 2 位，大约 5 分钟")
    await phone.page.get_by_role("button", name="不等了").click()
    await expect(phone.mine.last).to_contain_text("不等了")
    served.api.stand(form={"kind": "application", "step": 3, "of": 8})
    await expect(phone.page.locator("#form-bar")).to_contain_text("第 3 步，共 8 步")
    await expect(phone.page.locator("#waiting")).to_be_hidden()
    served.api.stand(typing=True)
    await expect(phone.page.locator("#typing")).to_be_visible()
    served.api.say(author="officer", text="我是陈工。")
    await expect(phone.said("officer").last).to_contain_text("我是陈工。")


async def test_enter_sends_but_not_while_a_word_is_being_chosen(phone: Phone, served: Served) -> None:
    field = phone.page.get_by_label("写一句话")
    await field.fill("di")
    await field.evaluate("""e => { for (const more of [{ isComposing: true }, { keyCode: 229 }])
        e.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, ...more })) }""")
    await field.press("Shift+Enter")
    assert await field.input_value() == "di\n"
    small = await field.evaluate("e => e.offsetHeight")
    await field.fill("一行\n两行\n三行\n四行")
    assert await field.evaluate("e => e.offsetHeight") > small
    await field.press("Enter")
    await expect(field).to_have_value("")
    await expect(phone.mine).to_have_count(1)
    assert await field.evaluate("e => e.offsetHeight") <= small
    assert served.api.said() == ["一行\n两行\n三行\n四行"]


async def test_a_place_is_chosen_from_lists_and_the_phone_is_not_asked_where_it_is(
    phone: Phone, served: Served
) -> None:
    await phone.page.evaluate("() => { navigator.geolocation.getCurrentPosition = () => { window.__asked = true } }")
    await phone.tool("位置").click()
    await expect(phone.page.get_by_role("heading", name="您现在在哪里？")).to_be_focused()
    await phone.page.get_by_label("省、自治区、直辖市").select_option(label="湖北省")
    await phone.page.get_by_label("市、州").select_option(label="武汉市")
    await phone.page.get_by_label("区、县").select_option(label="洪山区")
    await phone.page.get_by_label("街道、社区").fill("关山街道")
    await phone.page.locator("#placing").get_by_role("button", name="发送").click()
    await expect(phone.last).to_contain_text("您在湖北省武汉市洪山区关山街道")
    assert await phone.page.evaluate("window.__asked") is None
    await phone.tool("位置").click()
    await phone.page.get_by_label("省、自治区、直辖市").select_option(label="北京市")
    await expect(phone.page.get_by_label("市、州").locator("option", has_text="东城区")).to_have_count(1)
    await expect(phone.page.get_by_label("区、县", exact=True)).to_have_count(0)


async def test_an_empty_place_is_said_in_words_under_the_field(phone: Phone) -> None:
    await phone.tool("位置").click()
    await phone.page.locator("#placing").get_by_role("button", name="发送").click()
    await expect(phone.page.locator("#placing-problem")).to_have_text("请选一个地方，或者写出来。")


async def test_where_no_stream_comes_through_it_asks_again(browser: Browser, served: Served) -> None:
    served.api.silent_streams = True
    async with a_phone(browser, served.url) as phone:
        await phone.page.clock.install()
        await phone.page.reload()
        await expect(phone.page.locator("#skeleton")).to_be_hidden()
        await asyncio.sleep(0.3)
        await phone.page.clock.run_for(9000)
        await phone.say("条件")
        await phone.page.clock.run_for(3000)
        for _ in range(20):
            if "低保看一家人" in " ".join(await phone.said("bot").all_inner_texts()):
                break
            await phone.page.clock.run_for(2500)
            await asyncio.sleep(0.1)
        await expect(phone.last).to_contain_text("低保看一家人")
        await expect(phone.mine).to_have_count(1)
        await phone.sound()
