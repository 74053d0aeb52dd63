"""The pages about questions in Chromium: nothing runs over the edge at a desk, on a tablet and on a phone, hostile questions are
only text, the month prints on its own, and everything is reached by keyboard."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page

from bot.asking import DISLIKED
from bot.clock import FixedClock
from bot.desk.desk import Desk
from bot.desk.questions.grouping import regroup
from bot.knowledge.files import read_folder
from bot.knowledge.keeper import EditionKeeper
from bot.messages import Outcome, Reply
from bot.regions import RegionTree
from bot.staff import Role
from bot.store import migrate, open_store
from bot.store.keys import new_text, parse
from console.app import build_console
from tests.browser.visiting import shoot
from tests.desk.conftest import DAY
from tests.desk.questions.conftest import GIVEN, NOTHING, ask

ROOT = Path(__file__).parents[2]
PAYLOADS = (ROOT / "tests" / "samples" / "xss.txt").read_text(encoding="utf-8").splitlines()
SIZES = {1440: 900, 820: 1180, 390: 844}
WATCH = """
addEventListener("securitypolicyviolation", event => (window.__reports ||= []).push(event.violatedDirective), true);
"""
MISSING = {
    "殡葬补助怎么领": 9,
    "殡葬补助在哪里领": 5,
    "冬天取暖补贴什么时候发": 6,
    "农村老人免费坐公交要办什么证": 3,
    "低保家庭宽带有没有优惠": 2,
    "怎么给新生儿补报低保人口": 4,
}
PLACES = ("420111", "420106", "420111", "420103", "420111", "421022")

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class Room:
    desk: Desk
    server: TestServer
    page: Page
    clock: FixedClock

    async def open(self, path: str, status: int = 200) -> None:
        answer = await self.page.goto(str(self.server.make_url(path)))
        assert answer is not None
        assert answer.status == status, (path, answer.status)
        assert await self.page.evaluate("window.__hit === undefined && !window.__reports"), path
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert await self.page.evaluate(wide) <= 0, f"{path} runs over the edge"

    async def group(self, text: str) -> str:
        await self.open("/questions")
        return str(await self.page.get_by_role("link", name=text).first.get_attribute("href"))


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def room(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Room]:
    url = f"sqlite:///{tmp_path_factory.mktemp('questions') / 'bot.db'}"
    await migrate(url)
    store, clock = await open_store(url, parse(new_text())), FixedClock.on(DAY)
    regions = RegionTree.from_csv(ROOT / "content" / "regions.csv")
    async with store.writing() as work:
        await work.editions.publish(read_folder(ROOT / "content").entries, 0, "test", "real content", clock.now())
        ed = await work.staff.add("ed", "宣传组小李", [Role.EDITOR], ["420000"], [], "system", clock.now())
        ed = await work.staff.change(ed, "system", clock.now(), state="active")
        await work.commit()
    keeper = EditionKeeper(store, regions)
    await keeper.refresh()
    desk = Desk(store, clock, regions, keeper)
    await _weeks_of_questions(desk, clock)
    await regroup(desk)
    server = TestServer(build_console(desk))
    await server.start_server()
    context = await browser.new_context(locale="zh-CN", user_agent="look")
    await context.add_init_script(WATCH)
    token = secrets.token_urlsafe(32)
    async with store.writing() as work:
        await work.sessions.open(token, ed.id, "127.0.0.1", "look", clock.now())
        await work.commit()
    await context.add_cookies([{"name": "console", "value": token, "url": str(server.make_url("/"))}])
    yield Room(desk, server, await context.new_page(), clock)
    await context.close()
    await server.close()
    await store.close()


async def _weeks_of_questions(desk: Desk, clock: FixedClock) -> None:
    clock.advance(days=-35)
    number = 0
    for week in range(6):
        for text, times in MISSING.items():
            for _ in range(max(1, times * (week + 1) // 6)):
                number += 1
                await ask(desk, text, NOTHING, f"o-{number % 40}", PLACES[number % len(PLACES)])
                clock.advance(minutes=17)
        for _ in range(4):
            number += 1
            await ask(desk, "低保怎么申请", GIVEN, f"o-{number}", PLACES[number % len(PLACES)])
            clock.advance(minutes=3)
        sorry = Reply("没帮上您", outcome=Outcome.CLARIFIED, reason=DISLIKED)
        await ask(desk, "没解决", sorry, f"o-{number}", PLACES[number % len(PLACES)])
        clock.advance(days=6)


@pytest.mark.parametrize("width", SIZES)
async def test_each_page_fits_and_looks_as_in_the_pictures(room: Room, width: int) -> None:
    await room.page.set_viewport_size({"width": width, "height": SIZES[width]})
    one = await room.group("殡葬补助")
    for path, name in (
        ("/questions?weeks=8", "board"),
        (one, "one"),
        ("/questions/list?month=2026-11", "list"),
        ("/questions/use?weeks=8", "use"),
        ("/questions/report?month=2026-11", "report"),
        ("/questions/report/month?month=2026-11", "month"),
    ):
        await room.open(path)
        await shoot(room.page, f"console-questions-{width}-{name}")


async def test_the_month_prints_without_the_console_around_it(room: Room) -> None:
    await room.open("/questions/report/month?month=2026-11")
    await room.page.emulate_media(media="print")
    assert not await room.page.locator("header.top").is_visible()
    assert not await room.page.locator(".no-print").is_visible()
    assert await room.page.locator("article.paper-page").is_visible()
    assert (await room.page.pdf(format="A4"))[:4] == b"%PDF"
    await room.page.emulate_media(media="screen")


async def test_from_the_board_to_a_draft_by_keyboard(room: Room) -> None:
    await room.page.set_viewport_size({"width": 1440, "height": 900})
    await room.open(await room.group("取暖补贴"))
    button = room.page.get_by_role("button", name="写一条新答案")
    await button.focus()
    await room.page.keyboard.press("Enter")
    await room.page.wait_for_url("**/drafts/*")
    assert "取暖补贴" in await room.page.content()


async def test_hostile_questions_are_only_text(room: Room) -> None:
    """A-54: whatever a resident types, on the board, in its group, in the list and the reports."""
    for number, payload in enumerate(PAYLOADS):
        await ask(room.desk, f"殡葬补助 {payload}"[:190], NOTHING, f"x-{number}")
    await regroup(room.desk)
    for path in (
        "/questions?kind=failed",
        "/questions/list?month=2026-11",
        "/questions/report",
        "/questions/report/month",
    ):
        await room.open(path)
    links = await room.page.goto(str(room.server.make_url("/questions?kind=failed&weeks=26")))
    assert links is not None
    found = await room.page.locator('a[href^="/questions/groups/"]').evaluate_all(
        "all => all.map(a => a.getAttribute('href'))"
    )
    assert len(found) >= 5
    for path in found[:25]:
        await room.open(path)
    assert await room.page.locator("main script, main iframe, main img, main [onerror], main [style]").count() == 0
