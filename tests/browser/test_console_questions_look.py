"""The pages about questions in Chromium: nothing runs over the edge at a desk, on a tablet and on a phone, hostile questions are
only text, the month prints on its own, and everything is reached by keyboard."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from bot.asking import DISLIKED
from bot.clock import FixedClock
from bot.desk.desk import Desk
from bot.desk.questions.grouping import regroup
from bot.knowledge.files import read_folder
from bot.messages import Outcome, Reply
from bot.staff import Role
from tests.browser.office import ROOT, Console, a_console, hired
from tests.browser.visiting import shoot
from tests.desk.conftest import DAY
from tests.desk.questions.conftest import GIVEN, NOTHING, ask

PAYLOADS = (ROOT / "tests" / "samples" / "xss.txt").read_text(encoding="utf-8").splitlines()
SIZES = {1440: 900, 820: 1180, 390: 844}
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


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def room(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Console]:
    clock = FixedClock.on(DAY)
    async with a_console(browser, tmp_path_factory.mktemp("questions"), clock) as console:
        await console.publish(read_folder(ROOT / "content").entries)
        ed = await hired(console.desk, "ed", "宣传组小李", Role.EDITOR, "420000")
        await _weeks_of_questions(console.desk, clock)
        await regroup(console.desk)
        await console.become(ed)
        yield console


async def group(room: Console, text: str) -> str:
    await room.show("/questions")
    return str(await room.page.get_by_role("link", name=text).first.get_attribute("href"))


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
async def test_each_page_fits_and_looks_as_in_the_pictures(room: Console, width: int) -> None:
    await room.page.set_viewport_size({"width": width, "height": SIZES[width]})
    one = await group(room, "殡葬补助")
    for path, name in (
        ("/questions?weeks=8", "board"),
        (one, "one"),
        ("/questions/list?month=2026-11", "list"),
        ("/questions/use?weeks=8", "use"),
        ("/questions/report?month=2026-11", "report"),
        ("/questions/report/month?month=2026-11", "month"),
    ):
        await room.show(path)
        await shoot(room.page, f"console-questions-{width}-{name}")


async def test_the_month_prints_without_the_console_around_it(room: Console) -> None:
    await room.show("/questions/report/month?month=2026-11")
    await room.page.emulate_media(media="print")
    assert not await room.page.locator("header.top").is_visible()
    assert not await room.page.locator(".no-print").is_visible()
    assert await room.page.locator("article.paper-page").is_visible()
    assert (await room.page.pdf(format="A4"))[:4] == b"%PDF"
    await room.page.emulate_media(media="screen")


async def test_from_the_board_to_a_draft_by_keyboard(room: Console) -> None:
    await room.page.set_viewport_size({"width": 1440, "height": 900})
    await room.show(await group(room, "取暖补贴"))
    button = room.page.get_by_role("button", name="写一条新答案")
    await button.focus()
    await room.page.keyboard.press("Enter")
    await room.page.wait_for_url("**/drafts/*")
    assert "取暖补贴" in await room.page.content()


async def test_hostile_questions_are_only_text(room: Console) -> None:
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
        await room.show(path)
    links = await room.page.goto(str(room.server.make_url("/questions?kind=failed&weeks=26")))
    assert links is not None
    found = await room.page.locator('a[href^="/questions/groups/"]').evaluate_all(
        "all => all.map(a => a.getAttribute('href'))"
    )
    assert len(found) >= 5
    for path in found[:25]:
        await room.show(path)
    assert await room.page.locator("main script, main iframe, main img, main [onerror], main [style]").count() == 0
