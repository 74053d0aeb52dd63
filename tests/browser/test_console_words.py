"""What is written in the room of conversations: words that did not arrive or were refused, a restart, and what was meant to hurt."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import expect

from bot.conversations import Holder
from bot.desk.handoff import holding
from bot.desk.intake import take_in
from bot.messages import Author
from connectors.in_words import refusals
from connectors.verdicts import fault
from connectors.wechat.errors import verdict_of
from console.app import build_console
from tests.browser.office import EVERY, FOREIGN, ROOT, WATCH
from tests.browser.room import Platform, Room, shoot
from tests.browser.room import room as room
from tests.console.talking import resident
from tests.desk.conftest import message

PAYLOADS = (ROOT / "tests" / "samples" / "xss.txt").read_text(encoding="utf-8").splitlines()

_FOREIGN = ", ".join(one for one in FOREIGN.split(", ") if one not in ("details", "textarea"))
"""The page has these two of its own."""

pytestmark = pytest.mark.asyncio(loop_scope="module")


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
