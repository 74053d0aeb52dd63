"""Two officers in two real browsers and a resident in the store: waiting, claiming, answering, noting, revealing, closing."""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.async_api import Page, expect

from bot.audit import Deed
from bot.conversations import Holder
from bot.forms.model import Given, Sheet
from bot.messages import Author, State
from tests.browser.office import until
from tests.browser.room import Room, shoot
from tests.browser.room import room as room
from tests.console.talking import resident

PHONE = "13800138000"

pytestmark = pytest.mark.asyncio(loop_scope="module")


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
