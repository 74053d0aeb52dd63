"""Officers at work in Chromium: a photo shown for a reason, a macro shown before it goes, a colleague who is writing, a second
answer noticed, a form filled in on the phone; and the pages fit at a desk and on a tablet, with hostile words only as text."""

from __future__ import annotations

import io
import secrets
from dataclasses import dataclass

import pytest
import pytest_asyncio
from PIL import Image, ImageDraw
from playwright.async_api import Browser, Page, expect

from bot.desk.handoff import holding, lines
from bot.desk.handoff import tips as tip_deeds
from bot.desk.intake import take_in
from bot.desk.officer_ports import Tip
from bot.messages import Kind
from bot.staff import Role, Staff
from tests.browser.office import FOREIGN, WATCH
from tests.browser.test_console_cases_look import PAYLOADS, SIZES, Hall, hall
from tests.browser.visiting import shoot
from tests.desk.conftest import message

__all__ = ["hall"]
pytestmark = pytest.mark.asyncio(loop_scope="module")
_FOREIGN = ", ".join(one for one in FOREIGN.split(", ") if one not in ("details", "textarea", "img", "script"))


@dataclass
class Day:
    hall: Hall
    talk: str
    picture: str
    tip: Tip
    chen: Staff

    @property
    def boss(self) -> Staff:
        return self.hall.boss


def photo() -> bytes:
    made = Image.new("RGB", (640, 420), "#f4efe4")
    draw = ImageDraw.Draw(made)
    draw.rectangle((40, 40, 600, 380), outline="#8b95a3", width=3)
    for number in range(6):
        draw.line((80, 110 + 40 * number, 560 - 60 * (number % 2), 110 + 40 * number), fill="#5b6470", width=5)
    out = io.BytesIO()
    made.save(out, "JPEG")
    return out.getvalue()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def day(hall: Hall) -> Day:
    desk, now = hall.desk, hall.desk.clock.now()
    for text in ("低保怎么申请", "转人工"):
        taken = await take_in(desk, message(text, "o-he", sent_at=now))
    talk = taken.conversation.id
    async with desk.store.writing() as work:
        await work.conversations.change(talk, now, region="420111")
        person = await work.people.make(talk, now, "test")
        await work.people.change(person.id, now, name="何秀英", phone="13800005678")
        chen = await work.staff.add("chen", "陈工", [Role.OFFICER], ["420111"], [], "system", now)
        chen = await work.staff.change(chen, "system", now, state="active")
        await work.commit()
    await holding.claim(desk, hall.boss, talk)
    await take_in(desk, message("这是房租收据", "o-he", sent_at=now))
    await take_in(desk, message("", "o-he", kind=Kind.IMAGE, media="m1", sent_at=now))
    async with desk.store.writing() as work:
        leased = await work.talk_pictures.lease(now, now)
        assert leased is not None
        await work.talk_pictures.keep(leased.id, photo(), now)
        tip = await work.tips.add(
            "cadre",
            "420111",
            "420100",
            "南湖村的刘会计（湖北省武汉市洪山区某某街道）",
            "去年给自己小舅子办了低保。\n那家有两辆车，还开着店。",
            now,
            conversation=talk,
            contact="13800001234",
        )
        await work.tips.add("fraud", "420106", "420100", "巷口的一家", "有三套房还领着低保", now)
        await work.commit()
    await lines.mark(desk, hall.boss, "h-12349", "420100")
    await lines.mark(desk, chen, "h-12349", "420111")
    return Day(hall, talk, leased.id, tip, chen)


@pytest.mark.proof
async def test_the_pages_fit_and_look_as_in_the_pictures(day: Day) -> None:
    hall, first = day.hall, day.hall.cases[0].id
    for width, height in (SIZES | {390: 844}).items():
        await hall.page.set_viewport_size({"width": width, "height": height})
        for path, name in (
            (f"/conversations/{day.talk}?view=mine", "talk"),
            ("/complaints", "complaints"),
            (f"/complaints/{day.tip.id}", "complaint"),
            ("/hotlines", "hotlines"),
            ("/applications", "applications"),
            (f"/cases/{first}/summary", "summary"),
        ):
            await hall.show(path)
            await shoot(hall.page, f"console-officers-{width}-{name}")


async def test_a_photo_is_shown_for_a_reason_and_stays_while_the_page_does(day: Day) -> None:
    page, hall = day.hall.page, day.hall
    await page.set_viewport_size({"width": 1440, "height": 900})
    await hall.show(f"/conversations/{day.talk}?view=mine")
    assert await page.locator(".said img").count() == 0
    await page.get_by_text("看照片").click()
    await page.get_by_label("为什么要看（会记下来，别写姓名）").first.fill("核对房租收据")
    await page.get_by_role("button", name="显示").first.click()
    shown = page.locator(".said figure img")
    await expect(shown).to_have_count(1)
    assert await shown.evaluate("image => image.complete && image.naturalWidth") == 640
    await shoot(page, "console-officers-1440-photo")
    await take_in(hall.desk, message("收到了吗", "o-he", sent_at=hall.desk.clock.now()))
    await expect(page.locator(".said.resident").last).to_contain_text("收到了吗", timeout=8_000)
    await expect(shown).to_have_count(1)
    await hall.sound("the photo")
    await hall.show(f"/conversations/{day.talk}?view=mine")
    assert await shown.count() == 0


async def test_a_macro_is_shown_and_goes_as_it_was_shown(day: Day) -> None:
    page, hall = day.hall.page, day.hall
    await hall.show(f"/conversations/{day.talk}?view=mine")
    await page.locator("summary", has_text="快捷").click()
    await shoot(page, "console-officers-1440-macros")
    await page.get_by_label("要哪样材料").fill("户口本首页")
    await page.get_by_role("button", name="要材料").click()
    await expect(page.get_by_label("“要材料”要发给居民的话")).to_have_value(
        "还请您给我看一样材料：\n户口本首页\n拍张照片，发在这里就行。\n不方便拍，也告诉我一声。"
    )
    await shoot(page, "console-officers-1440-macro")
    assert await page.locator(".said.officer").count() == 0
    await page.get_by_role("button", name="就这样发").click()
    await expect(page.locator(".said.officer")).to_contain_text("户口本首页")
    await expect(page.locator("#head")).to_contain_text("等居民回复")
    await expect(page.locator("#situation")).to_contain_text("等材料")


async def test_a_colleague_sees_who_is_writing_and_a_second_answer_is_noticed(day: Day, browser: Browser) -> None:
    page, hall = day.hall.page, day.hall
    await take_in(hall.desk, message("好的，我去拍", "o-he", sent_at=hall.desk.clock.now()))
    await hall.show(f"/conversations/{day.talk}?view=mine")
    colleague = await another(day, browser, day.chen)
    await colleague.goto(str(hall.server.make_url(f"/conversations/{day.talk}")))
    await expect(colleague.locator("#writing")).to_be_hidden()
    await page.locator("#reply").press_sequentially("您把")
    await expect(colleague.locator("#writing")).to_have_text("赵主任正在回复居民，先别动这个会话", timeout=8_000)
    await shoot(colleague, "console-officers-1440-writing")
    # The same officer answers on another page.
    await page.locator("#reply").fill("您把户口本拍给我")
    await holding.reply(hall.desk, day.boss, day.talk, "不用拍了，我这里查到了")
    await page.get_by_role("button", name="回复", exact=True).click()
    await expect(page.get_by_role("alert").filter(has_text="又回了一条：“不用拍了")).to_be_visible()
    assert await page.locator("#reply").input_value() == "您把户口本拍给我"
    await shoot(page, "console-officers-1440-second-answer")
    await colleague.context.close()


async def test_a_time_is_agreed_from_the_conversation(day: Day) -> None:
    page, hall = day.hall.page, day.hall
    await hall.show(f"/conversations/{day.talk}?view=mine")
    await page.locator("summary", has_text="约时间").click()
    await page.get_by_label("视频", exact=True).check()
    await page.get_by_label("办什么").fill("看看住的地方")
    await shoot(page, "console-officers-1440-booking")
    await page.get_by_role("button", name="约好了").click()
    await expect(page.locator(".said.officer").last).to_contain_text("赵主任和您视频")
    await expect(page.locator(".said.note").last).to_contain_text("约了视频")


async def test_a_form_is_filled_in_on_the_phone(day: Day) -> None:
    page, hall = day.hall.page, day.hall
    await hall.show("/applications")
    await page.get_by_label("要办什么").select_option("emergency")
    await page.get_by_label("念过了，本人口头同意（时间会记下来）").check()
    await page.get_by_role("button", name="开始填").click()
    await page.get_by_label("现在在哪里").fill("武汉市洪山区光谷广场旁边")
    await page.get_by_role("button", name="下一步").click()
    await page.get_by_label("几个人").fill("多得很")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert").first).to_be_visible()
    await shoot(page, "console-officers-1440-filling")
    await page.get_by_label("几个人").fill("2")
    await page.keyboard.press("Enter")
    await page.get_by_label("没有吃的").check()
    await shoot(page, "console-officers-1440-choices")
    await page.get_by_role("button", name="下一步").click()
    await page.get_by_role("button", name="下一步").click()
    await page.get_by_label("手机号").fill("13800007777")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("都问完了")).to_be_visible()
    await shoot(page, "console-officers-1440-read-back")
    await page.get_by_role("button", name="提交").click()
    await expect(page.locator(".big-number")).to_be_visible()
    await shoot(page, "console-officers-1440-opened")
    await page.get_by_role("link", name="打开案件").click()
    await expect(page.get_by_text("电话代填，本人口头同意")).to_be_visible()
    await hall.sound("the case")


async def test_the_page_for_a_meeting_is_one_page(day: Day) -> None:
    page, hall = day.hall.page, day.hall
    await hall.show(f"/cases/{hall.cases[0].id}/summary")
    assert "王桂英" not in await page.content()
    await page.get_by_label("请会议研究什么").fill("病重花费大，收入略高于标准，请研究是否按支出型办理。")
    await page.get_by_label("为什么要看全").fill("街道会议要用")
    await page.get_by_role("button", name="生成可以打印的").click()
    await expect(page.locator("article")).to_contain_text("王桂英")
    await shoot(page, "console-officers-1440-summary-whole")
    await page.emulate_media(media="print")
    assert await page.locator("article").evaluate("paper => paper.scrollHeight") < 1010, "more than one sheet of A4"
    await page.emulate_media(media="screen")


@pytest.mark.parametrize("every", [pytest.param(1, marks=pytest.mark.proof), 7], ids=["all", "some"])
async def test_what_anybody_wrote_is_only_text(day: Day, every: int) -> None:
    """The corpus as what is reported, as what came of it, as what a meeting is asked, as a paper that is wanted."""
    page, hall, desk = day.hall.page, day.hall, day.hall.desk
    for payload in PAYLOADS[::every]:
        async with desk.store.writing() as work:
            tip = await work.tips.add(
                "other", "420111", "420100", payload, payload, desk.clock.now(), conversation=day.talk, contact=payload
            )
            await work.commit()
        await tip_deeds.move(desk, day.boss, tip.id, "done", f"{payload}    ")
        await hall.show(f"/complaints/{tip.id}")
        told = " ".join((await page.locator("main").inner_text()).split())
        assert " ".join(payload.split()) in told
        assert await page.locator(_FOREIGN).count() == 0, payload
    for payload in PAYLOADS[:: 2 * every]:
        await hall.show(f"/cases/{hall.cases[1].id}/summary")
        await page.get_by_label("请会议研究什么").fill(f"{payload}    研究")
        await page.get_by_label("为什么要看全").fill("会")
        await page.evaluate("document.querySelector('[name=reason]').removeAttribute('minlength')")
        await page.get_by_role("button", name="生成可以打印的").click()
        await page.wait_for_selector("[role=alert]")
        assert payload.strip() in await page.get_by_label("请会议研究什么").input_value()
        await hall.sound("the meeting")


async def another(day: Day, browser: Browser, staff: Staff) -> Page:
    """A colleague at another desk."""
    context = await browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    await context.add_init_script(WATCH)
    page = await context.new_page()
    token, agent = secrets.token_urlsafe(32), await page.evaluate("navigator.userAgent")
    async with day.hall.desk.store.writing() as work:
        await work.sessions.open(token, staff.id, "127.0.0.1", agent, day.hall.desk.clock.now())
        await work.commit()
    await context.add_cookies([{"name": "console", "value": token, "url": str(day.hall.server.make_url("/"))}])
    return page
