"""Two officers in two real browsers and a resident in the store: waiting, claiming, answering, noting, revealing, closing.

With SCREENSHOTS naming a folder the pictures of docs/screenshots are taken on the way.
"""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, BrowserContext, Page, expect

from bot.audit import Deed
from bot.calendar import WorkingDays
from bot.clock import FixedClock
from bot.conversations import Holder
from bot.desk.desk import Desk
from bot.desk.handoff import holding
from bot.desk.intake import take_in
from bot.desk.outbox import deliver_once
from bot.forms.model import Given, Sheet
from bot.hours import Hours
from bot.knowledge.files import read_folder
from bot.knowledge.keeper import EditionKeeper
from bot.messages import Author, State
from bot.regions import RegionTree
from bot.staff import Role
from bot.store import migrate, open_store
from bot.store.keys import new_text, parse
from connectors.in_words import refusals
from connectors.verdicts import fault
from connectors.wechat.errors import verdict_of
from console.app import build_console
from tests.browser.axes import stumbles
from tests.browser.office import EVERY, FOREIGN, WATCH, until
from tests.console.people import Colleague, colleague, operator
from tests.console.talking import resident
from tests.desk.conftest import CONTENT, message

ROOT = Path(__file__).parents[2]
PAYLOADS = (ROOT / "tests" / "samples" / "xss.txt").read_text(encoding="utf-8").splitlines()
SIZES = {"1440": {"width": 1440, "height": 900}, "820": {"width": 820, "height": 1180}}
PHONE = "13800138000"

_FOREIGN = ", ".join(one for one in FOREIGN.split(", ") if one not in ("details", "textarea"))
"""The page has these two of its own."""

pytestmark = pytest.mark.asyncio(loop_scope="module")


class Platform:
    """Takes whatever leaves, or refuses it."""

    def __init__(self, refuses: Exception | None = None) -> None:
        self._refuses = refuses

    async def send(self, conversation: object, message: object) -> str:
        if self._refuses:
            raise self._refuses
        return ""


@dataclass
class Room:
    desk: Desk
    clock: FixedClock
    server: TestServer
    browser: Browser
    boss: Colleague
    trouble: list[str]

    async def officer(self, login: str, name: str) -> Page:
        """Signs in as people do: name, password, code."""
        who = await colleague(self.desk, self.boss, login, [Role.OFFICER])
        async with self.desk.store.writing() as work:
            await work.staff.change(who.staff, "test", self.clock.now(), name=name)
            await work.commit()
        self.clock.advance(seconds=30)
        context: BrowserContext = await self.browser.new_context(viewport=SIZES["1440"], locale="zh-CN")  # type: ignore[arg-type]
        page = await context.new_page()
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.on(
            "console", lambda said: self.trouble.append(said.text) if "Content Security Policy" in said.text else None
        )
        await page.goto(str(self.server.make_url("/sign-in")))
        await page.get_by_label("登录名").fill(login)
        await page.get_by_label("密码").fill(who.password)
        await page.get_by_label("动态码").fill(who.code(self.desk))
        await page.get_by_role("button", name="登录").click()
        await expect(page.get_by_role("navigation", name="查看哪些会话")).to_be_visible()
        return page

    async def says(self, text: str, sender: str = "o-wang") -> str:
        self.clock.advance(seconds=40)
        taken = await take_in(self.desk, message(text, sender))
        await self.out()
        return taken.conversation.id

    async def out(self, platform: Platform | None = None) -> None:
        while await deliver_once(self.desk, {"wechat": platform or Platform()}):
            pass


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def room(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Room]:
    url = f"sqlite:///{tmp_path_factory.mktemp('talks') / 'bot.db'}"
    await migrate(url)
    store = await open_store(url, parse(new_text()))
    regions, clock = RegionTree.from_csv(CONTENT / "regions.csv"), FixedClock.on(date(2026, 11, 26))
    async with store.writing() as work:
        await work.editions.publish(read_folder(CONTENT).entries, 0, "test", "real content", clock.now())
        await work.commit()
    keeper = EditionKeeper(store, regions)
    await keeper.refresh()
    days, hours = WorkingDays.from_csv(CONTENT / "calendar.csv"), Hours.from_csv(CONTENT / "hours.csv")
    desk = Desk(store, clock, regions, keeper, calendar=days, hours=hours)
    server = TestServer(build_console(desk, refusals=refusals()))
    await server.start_server()
    made = Room(desk, clock, server, browser, await operator(desk), [])
    yield made
    for context in browser.contexts:
        await context.close()
    await made.server.close()
    await store.close()


async def test_from_waiting_to_closed(room: Room) -> None:
    desk, clock = room.desk, room.clock
    chen = await room.officer("chengong", "陈工")
    await shoot(chen, "empty")

    talk = await asks_in_the_middle_of_a_form(room)
    await expect(chen.locator("#views a[data-view=queue] .count")).to_have_text("1")
    await expect(chen.locator("#rows a")).to_have_count(1)  # where nobody waited, whoever comes is shown at once
    await expect(chen.locator("#arrived button")).to_be_hidden()

    clock.advance(seconds=50)
    # By the keyboard alone: to the row, into it, claimed.
    await chen.keyboard.press("j")
    await chen.keyboard.press("Enter")
    await expect(chen.get_by_role("heading", level=1)).to_contain_text("王**")
    await expect(chen.locator("#situation")).to_contain_text("想找人工")
    await chen.get_by_role("button", name="认领").click()
    await expect(chen.locator("#head")).to_contain_text("您在办")
    await expect(chen.locator("#window")).to_contain_text("还能发")
    await the_window_runs_down(chen)

    # What is known leads to where it was said; a number is shown for a reason only.
    situation = chen.locator("#situation")
    await expect(situation).to_contain_text("138****8000")
    assert PHONE not in await chen.content()
    await situation.get_by_role("link", name=re.compile("是在哪句话里说的")).first.click()
    await expect(chen.locator(".said.pointed")).to_have_count(1)
    # It stays marked when the talk is fetched anew.
    await chen.evaluate("refreshTalk()")
    await expect(chen.locator(".said.pointed")).to_have_count(1)
    number = situation.locator("dd", has_text="138****8000")
    await number.get_by_text("看全").click()
    await number.get_by_label("为什么要看").fill("要打电话核对")
    await number.get_by_role("button", name="显示").click()
    await expect(situation).to_contain_text(PHONE)
    await chen.goto(str(room.server.make_url(f"/conversations/{talk}?view=mine")))
    assert PHONE not in await chen.content()

    clock.advance(seconds=70)
    # R writes; an approved answer is put into the box.
    await chen.keyboard.press("r")
    await chen.keyboard.type("王阿姨您好，我是陈工。")
    await chen.get_by_text("建议回复").click()
    await chen.get_by_label("从已发布的答案里找").fill("低保 材料")
    await chen.get_by_role("button", name="查找").click()
    first = chen.locator("#canned li").first
    await expect(first).to_contain_text("低保要什么材料")
    await expect(first).to_contain_text("依据：")
    await shoot(chen, "answers")
    await first.get_by_text("放进回复").click()
    await expect(chen.locator("#reply")).to_have_value(re.compile("^王阿姨您好，我是陈工。\n法律没有列统一清单"))
    await chen.locator("#reply").fill("王阿姨您好，我是陈工。房租有收据吗？")
    await chen.get_by_role("button", name="回复", exact=True).click()
    await expect(chen.locator(".said.officer")).to_contain_text("房租有收据吗")
    await room.out()

    clock.advance(seconds=60)
    # N notes, and what reads like a reply is asked about first.
    await chen.keyboard.press("n")
    await chen.keyboard.type("您好，收据拍照发来就行")
    await chen.get_by_role("button", name="存便签").click()
    await expect(chen.get_by_role("alert").filter(has_text="要存成便签吗")).to_be_visible()
    await chen.locator("#note").fill("听力不好，打电话要大声")
    await chen.get_by_role("button", name="就存成便签").click()
    await expect(chen.locator(".said.note")).to_contain_text("听力不好")

    # A second pair of eyes, and a word that comes while something is being written.
    li = await room.officer("ligong", "李工")
    await li.goto(str(room.server.make_url(f"/conversations/{talk}")))
    await expect(li.locator("#head")).to_contain_text("陈工正在看")
    await expect(li.locator("#reply")).to_have_count(0)
    await expect(chen.locator("#head")).to_contain_text("李工正在看")
    await li.context.close()
    await chen.locator("#reply").fill("我再问问街道")
    await room.says("有收据，我拍给您")
    await expect(chen.locator(".said.resident").last).to_contain_text("有收据，我拍给您", timeout=5_000)
    await expect(chen.locator("#reply")).to_have_value("我再问问街道")

    # Others wait meanwhile, one of them in danger.
    await resident(desk, "我的低保办到哪一步了", sender="o-li")
    await room.says("人工", "o-li")
    clock.advance(minutes=16)
    await resident(desk, "我要投诉，跑了三趟", sender="o-zhao")
    await room.says("人工", "o-zhao")
    await resident(desk, "我不想活了", sender="o-qian")
    await expect(chen.locator("#views a[data-view=distress] .count")).to_have_text("1", timeout=8_000)
    await expect(chen).to_have_title(re.compile("（紧急1）"))
    await chen.get_by_role("link", name=re.compile("待接")).click()
    await expect(chen.locator("#rows .flag.urgent")).to_have_text("紧急")
    await shoot(chen, "queue")
    await chen.goto(str(room.server.make_url(f"/conversations/{talk}?view=queue")))
    await shoot(chen, "one")

    await chen.locator("summary", has_text="结束").click()
    await chen.get_by_label("结果").select_option("solved")
    await chen.get_by_role("button", name="结束会话").click()
    await expect(chen).to_have_url(re.compile("/conversations\\?view=mine"))
    await room.out()

    async with desk.store.reading() as work:
        rows = await work.messages.history(talk, 100)
        lines = [line async for line, _ in work.audit.lines() if line.what == f"conversation:{talk}"]
    ours = [row for row in rows if row.author is Author.OFFICER]
    assert [(row.text, row.state) for row in ours] == [("王阿姨您好，我是陈工。房租有收据吗？", State.SENT)]
    assert not [row for row in rows if "听力不好" in row.text]
    assert {Deed.READ, Deed.CLAIM, Deed.REVEAL, Deed.REPLY, Deed.CHANGE, Deed.MOVE} <= {line.deed for line in lines}
    assert PHONE not in str(lines)
    assert room.trouble == []


async def test_words_that_did_not_arrive_say_why(room: Room) -> None:
    chen = await room.officer("hegong", "何工")
    await resident(room.desk, "低保办到哪一步了", sender="o-sun")
    talk = await room.says("人工", "o-sun")
    await chen.goto(str(room.server.make_url(f"/conversations/{talk}?view=queue")))
    await chen.get_by_role("button", name="认领").click()
    for text, code in (
        ("您的材料收到了，我来看。", 0),
        ("您明天上午来一趟。", 43004),
        ("再说一遍：明天上午来。", 45047),
    ):
        await chen.locator("#reply").fill(text)
        await chen.get_by_role("button", name="回复", exact=True).click()
        await expect(chen.locator(".said.officer").last).to_contain_text(text)
        await room.out(Platform(fault(verdict_of(code), room.clock.now()) if code else None))
    await chen.reload()
    failed, held = chen.locator(".said.officer").nth(1), chen.locator(".said.officer").nth(2)
    await expect(held).to_contain_text("对同一条来信的回复条数已用完，请改用电话联系")
    await expect(failed.locator(".under.bad")).to_contain_text("对方没有关注公众号")
    await shoot(chen, "undelivered")
    assert room.trouble == []


async def test_what_is_written_outlives_a_restart_of_the_console(room: Room) -> None:
    """A-78: the service stops while somebody writes, and comes back; the claim stands, and the resident gets it once."""
    chen = await room.officer("xugong", "许工")
    await resident(room.desk, "我想问低保", sender="o-wu")
    talk = await room.says("人工", "o-wu")
    await chen.goto(str(room.server.make_url(f"/conversations/{talk}?view=queue")))
    await chen.get_by_role("button", name="认领").click()
    await chen.locator("#reply").fill("您把户口本首页拍给我。")
    address, port = room.server.make_url("/"), room.server.port
    assert port is not None
    await room.server.close()
    reply = chen.get_by_role("button", name="回复", exact=True)
    await reply.click()
    await expect(chen.locator("#unsent")).to_contain_text("您写的还在")
    await expect(chen.locator("#reply")).to_have_value("您把户口本首页拍给我。")
    await expect(chen.locator("#line-state")).to_be_visible()
    room.server = TestServer(build_console(room.desk, refusals=refusals()), port=port)
    await room.server.start_server()
    assert room.server.make_url("/") == address
    await expect(chen.locator("#line-state")).to_be_hidden(timeout=15_000)
    await reply.click()
    await expect(chen.locator(".said.officer").last).to_contain_text("您把户口本首页拍给我。")
    await expect(chen.locator("#unsent")).to_be_hidden()
    await expect(chen.locator("#reply")).to_have_value("")
    async with room.desk.store.reading() as work:
        rows = [row for row in await work.messages.history(talk, 50) if row.author is Author.OFFICER]
        held = await work.conversations.get(talk)
    assert [row.text for row in rows] == ["您把户口本首页拍给我。"]
    assert held.holder is Holder.OFFICER


async def test_a_reply_that_is_refused_stays_written(room: Room) -> None:
    """A colleague, or they themselves on another page, answered meanwhile: shown, and sent when they say so again."""
    chen = await room.officer("bangong", "班工")
    await resident(room.desk, "我想问医疗救助", sender="o-zheng")
    talk = await room.says("人工", "o-zheng")
    await chen.goto(str(room.server.make_url(f"/conversations/{talk}?view=queue")))
    await chen.get_by_role("button", name="认领").click()
    await chen.locator("#reply").fill("先去医保窗口。")
    async with room.desk.store.reading() as work:
        me = await work.staff.get((await work.conversations.get(talk)).holder_name)
    await holding.reply(room.desk, me, talk, "您是哪里人？")
    seen = await chen.locator("#seen").input_value()
    reply = chen.get_by_role("button", name="回复", exact=True)
    await reply.click()
    await expect(chen.locator("#unsent")).to_contain_text("班工又回了一条")
    await expect(chen.locator(".said.officer")).to_have_count(1)
    await expect(chen.locator("#reply")).to_have_value("先去医保窗口。")
    assert await chen.locator("#seen").input_value() != seen
    await reply.click()
    await expect(chen.locator(".said.officer")).to_have_count(2)
    await expect(chen.locator("#unsent")).to_be_hidden()


@pytest.mark.proof
async def test_put_first_and_handed_to_who_knows_it(room: Room) -> None:
    """By the form alone: the wrong place is refused with what was typed, the right one takes it."""
    chen = await room.officer("fugong", "傅工")
    for login, name, *skills in (("qiangong", "钱工", "儿童"), ("lugong", "陆工", "低保", "残疾人")):
        await room.officer(login, name)
        async with room.desk.store.writing() as work:
            (one,) = [one for one in await work.staff.list() if one.login == login]
            await work.staff.change(one, "test", room.clock.now(), skills=skills)
            await work.commit()
    await resident(room.desk, "孩子的低保怎么办", sender="o-zhou")
    talk = await room.says("人工", "o-zhou")
    await applied(room, talk)
    await chen.goto(str(room.server.make_url(f"/conversations/{talk}?view=queue")))
    await chen.get_by_label("先后").select_option("优先")
    await chen.get_by_role("button", name="改先后").click()
    await expect(chen.locator("#rows .flag.first")).to_have_text("优先")
    await expect(chen.locator("#situation .steps li")).to_have_count(3)
    await chen.get_by_role("button", name="认领").click()
    await chen.locator("summary", has_text="转办").click()
    await chen.get_by_label("转给谁").select_option("place")
    await chen.get_by_label("为什么转").fill("户口在江夏")
    await chen.get_by_role("button", name="转办").click()
    await expect(chen.get_by_role("alert").filter(has_text="写上转到哪个地区")).to_be_visible()
    await expect(chen.get_by_label("为什么转")).to_have_value("户口在江夏")
    await shoot(chen, "transfer")
    await chen.get_by_role("textbox", name="别的地区").fill("武汉市江夏区")
    await chen.get_by_role("button", name="转办").click()
    await expect(chen).to_have_url(re.compile("/conversations\\?view=mine"))
    async with room.desk.store.reading() as work:
        moved = await work.conversations.get(talk)
    assert (moved.holder, moved.region, moved.priority) == (Holder.QUEUED, "420115", 5)
    assert room.trouble == []


@EVERY
async def test_what_anybody_wrote_is_only_shown(room: Room, every: int) -> None:
    """The corpus as words of residents, as notes, as labels and as the name of a colleague (A-57)."""
    desk, payloads = room.desk, PAYLOADS[::every]
    async with desk.store.writing() as work:
        for number, payload in enumerate(payloads):
            talk = await work.conversations.open("wechat", "gh_1", f"o-x{number}", room.clock.now(), "resident")
            await work.conversations.change(talk.id, room.clock.now(), region="420111")
            await work.talks.note(talk.id, payload, "system", room.clock.now())
            await work.talks.label(talk.id, payload[:20], True, "system", room.clock.now())
        await work.commit()
    page = await room.officer("sungong", PAYLOADS[0][:60])
    await page.context.add_init_script(WATCH)
    for number, payload in enumerate(payloads):
        talk_id = (await take_in(desk, message(payload, f"o-x{number}"))).conversation.id
        async with desk.store.writing() as work:
            talk = await work.conversations.get(talk_id)
            if talk.holder is Holder.BOT:
                await work.conversations.move(talk_id, Holder.QUEUED, "resident", "asked", room.clock.now())
            await work.commit()
        await page.goto(str(room.server.make_url(f"/conversations/{talk_id}?view=queue&canned={quote(payload[:60])}")))
        told = " ".join((await page.locator(".said.resident").inner_text()).split())
        assert " ".join(payload.split()) in told
        assert await page.evaluate("window.__hit === undefined"), payload
        assert await page.evaluate("window.__reports || []") == [], payload
        assert await page.locator(_FOREIGN).count() == 1, "our own script"
    assert room.trouble == []


async def applied(room: Room, talk: str) -> None:
    """Their case, some steps on its way."""
    now, due = room.clock.now(), date(2026, 12, 4)
    async with room.desk.store.writing() as work:
        person = await work.people.make(talk, now, "test")
        draft = await work.drafts.open(talk, person.id, "application", "dibao", Sheet("dibao"), {}, now)
        case = await work.cases.add(draft, "dibao", "420111", "submitted", "", now)
        for to in ("accepted", "investigating", "publicizing"):
            case = await work.cases.move(case, to, "officer:test", "", now, due)
        await work.drafts.save(draft, now, state="done")
        await work.commit()


async def the_window_runs_down(page: Page) -> None:
    """What the page says as time goes by and nobody touches it; the database keeps its own time, and has the last word."""
    await until(page, "typeof countDown === 'function'")  # the page is there before its script
    said = await page.evaluate(
        """() => { const box = document.querySelector("#window [data-seconds]"); box.dataset.ends = performance.now() + 95_000;
        countDown(); const line = document.getElementById("window");
        return [line.innerText, line.querySelectorAll(".overdue").length]; }"""
    )
    assert "剩 1分钟" in said[0]
    assert said[1] == 1
    await page.evaluate("document.querySelector('#window [data-seconds]').dataset.ends = 0; countDown()")
    await expect(page.locator("#window")).to_contain_text("小时")
    await expect(page.locator("#window .overdue")).to_have_count(0)


async def asks_in_the_middle_of_a_form(room: Room) -> str:
    """王桂英 has told her name, phone and income, and asks for a person."""
    desk, now = room.desk, room.clock.now()
    talk = await resident(desk, "低保怎么申请", "我叫王桂英，家里三口人，一个月两千左右")
    await room.out()
    async with desk.store.writing() as work:
        said = [row for row in await work.messages.history(talk.id, 20) if row.author is Author.RESIDENT][-1].id
        person = await work.people.make(talk.id, now, "test")
        await work.people.change(person.id, now, name="王桂英", phone=PHONE)
        income = {"low": "2000", "high": "2000", "about": True, "per": "month"}
        answers = {
            "members.1.name": Given("王桂英", message=said, at=now),
            "members.1.phone": Given(PHONE, message=said, at=now),
            "household_size": Given(3, message=said, at=now),
            "members.1.income_wages": Given(income, message=said, at=now),
        }
        sheet = Sheet(desk.edition.programmes["dibao"].form, answers)
        draft = await work.drafts.open(talk.id, person.id, "application", "dibao", sheet, {}, now)
        await work.conversations.change(talk.id, now, form=draft.id)
        await work.commit()
    return await room.says("人工")


async def shoot(page: Page, name: str) -> None:
    """A page nobody stumbles over; a picture of it at both sizes, where somebody asked for pictures."""
    assert await stumbles(page) == [], name
    folder = os.environ.get("SCREENSHOTS")
    if not folder:
        return
    for size, viewport in SIZES.items():
        await page.set_viewport_size(viewport)  # type: ignore[arg-type]
        await page.screenshot(path=Path(folder) / f"console-talks-{size}-{name}.png", animations="disabled")
    await page.set_viewport_size(SIZES["1440"])  # type: ignore[arg-type]
