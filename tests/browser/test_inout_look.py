"""Excel in and out, and broadcasts, in Chromium: they fit at a desk, on a tablet and on a phone, and work by keyboard."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.clock import FixedClock
from bot.desk.broadcast_ports import LIMITS, Audience, Taken
from bot.desk.publicity import broadcasting, importing, sending
from bot.desk.publicity.broadcasting import Wanted
from bot.knowledge.files import read_folder
from bot.staff import Role, Staff
from tests.browser.office import ROOT, Console, a_console, hired
from tests.browser.visiting import shoot
from tests.desk.conftest import DAY
from tests.desk.publicity.test_region_pack import put
from tests.knowledge.workbook.books import changed, column, line_of

SIZES = {1440: 900, 820: 1180, 390: 844}
TEXT = "12月起，低保金改在每月10日前发。\n没收到，打12345问。\n今年冬天冷，困难的可以申请临时救助。"
pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class Room(Console):
    editor: Staff
    approver: Staff


class Phone:
    account, limits = "wechat:wx1", LIMITS["service"]

    async def audiences(self) -> list[Audience]:
        return [Audience("7", "武汉市", 318), Audience("8", "洪山区", 41)]

    async def broadcast(self, text: str, audience: str, token: str) -> Taken:
        return Taken("55")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def room(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Room]:
    async with a_console(browser, tmp_path_factory.mktemp("inout"), FixedClock.on(DAY)) as console:
        console.context.set_default_timeout(30_000)
        await console.publish(read_folder(ROOT / "content").entries)
        editor = await hired(console.desk, "lin", "林编辑", Role.EDITOR)
        made = Room(**vars(console), editor=editor, approver=await hired(console.desk, "shen", "沈审核", Role.APPROVER))
        await made.become(made.editor)
        yield made


def work_of_a_clerk(made: object) -> None:
    offices, hotlines, answers = made["窗口"], made["热线"], made["答案"]  # type: ignore[index]
    offices.cell(line_of(offices, "name", "县级民政局"), column(offices, "hours")).value = "工作日 9:00—17:00"
    put(hotlines, hotlines.max_row + 1, {"id": "h-hs", "number": "打不通", "name": "洪山救助", "region": "420111"})
    row = line_of(answers, "id", "dibao-days")
    answers.cell(row, column(answers, "short")).value = "您不符合条件的，会书面告诉您。"


@pytest.fixture
async def filled(room: Room, tmp_path: Path) -> Path:
    path = tmp_path / "洪山-12月.xlsx"
    path.write_bytes(
        changed(await importing.export(room.desk, room.editor, ["office", "hotline", "answer"]), work_of_a_clerk)
    )
    return path


async def test_a_file_is_sent_and_each_wrong_row_is_named(room: Room, filled: Path) -> None:
    page = room.page
    await room.become(room.editor)
    await room.show("/workbooks")
    await page.get_by_label("填好的表").set_input_files(filled)
    await page.get_by_role("button", name="上传，先试算").click()
    await expect(page.get_by_text("有行要改，一行都没有导入")).to_be_visible()
    await expect(page.get_by_text("“号码”“打不通”不是电话号码")).to_be_visible()
    where = page.url
    for width, height in SIZES.items():
        await page.set_viewport_size({"width": width, "height": height})
        await room.show(where.removeprefix(str(room.server.make_url("/")).rstrip("/")))
        await shoot(page, f"inout-dry-run-{width}")
        await room.show("/workbooks")
        await shoot(page, f"inout-workbooks-{width}")


async def test_good_rows_become_drafts(room: Room, tmp_path: Path) -> None:
    def good(made: object) -> None:
        offices = made["窗口"]  # type: ignore[index]
        offices.cell(line_of(offices, "name", "县级民政局"), column(offices, "hours")).value = "工作日 9:00—17:00"

    path = tmp_path / "窗口.xlsx"
    path.write_bytes(changed(await importing.export(room.desk, room.editor, ["office"]), good))
    page = room.page
    await page.set_viewport_size({"width": 1440, "height": 900})
    await room.become(room.editor)
    await room.show("/workbooks")
    await page.get_by_label("填好的表").set_input_files(path)
    await page.get_by_role("button", name="上传，先试算").click()
    await expect(page.get_by_text("每一行都可以")).to_be_visible()
    await shoot(page, "inout-good-1440")
    await page.get_by_role("button", name="全部成为草稿").click()
    await expect(page.get_by_role("button", name="1 份草稿一起送审")).to_be_visible()
    await shoot(page, "inout-drafts-1440")


async def test_a_broadcast_from_draft_to_approval(room: Room) -> None:
    await sending.note_audiences(room.desk, Phone())
    page = room.page
    await page.set_viewport_size({"width": 1440, "height": 900})
    await room.become(room.editor)
    await room.show("/broadcasts")
    await page.get_by_label("发给谁").select_option("7")
    await page.get_by_label("正文").fill(TEXT)
    await page.get_by_role("button", name="存为草稿").press("Enter")
    await expect(page.get_by_role("button", name="保存并送审")).to_be_visible()
    where = page.url.removeprefix(str(room.server.make_url("/")).rstrip("/"))
    for width, height in SIZES.items():
        await page.set_viewport_size({"width": width, "height": height})
        await room.show(where)
        await shoot(page, f"inout-broadcast-draft-{width}")
    await page.get_by_role("button", name="保存并送审").click()
    await expect(page.get_by_role("heading", name="消息 待审")).to_be_visible()
    await room.become(room.approver)
    await page.set_viewport_size({"width": 1440, "height": 900})
    await room.show(where)
    await shoot(page, "inout-broadcast-approve-1440")
    await page.get_by_role("button", name="批准，发给武汉市").click()
    await expect(page.get_by_role("heading", name="消息 等着发")).to_be_visible()
    for text in ("明天上午低保窗口停电，改到后天办。不清楚打12345。", "写错的一条，打12345。"):
        await broadcasting.write(room.desk, room.editor, Wanted("reminder", text, "8", None))
    for width, height in SIZES.items():
        await page.set_viewport_size({"width": width, "height": height})
        await room.show("/broadcasts")
        await shoot(page, f"inout-broadcasts-{width}")
