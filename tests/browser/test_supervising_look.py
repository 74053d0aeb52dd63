"""The supervisor's pages and charts in Chromium: nothing runs over the edge at a desk, on a tablet and on a phone, nothing is
styled or scripted inside, every point is reached by the keyboard; and the pictures of `docs/screenshots`."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.clock import FixedClock
from bot.desk.desk import Desk
from bot.desk.handoff import holding
from bot.desk.intake import take_in
from bot.desk.supervising.escalating import escalate
from bot.hours import Hours
from bot.knowledge.files import read_folder
from bot.messages import Kind
from bot.staff import Role
from tests.browser.office import ROOT, TOO_WIDE, Console, a_console, hired
from tests.browser.visiting import shoot
from tests.desk.conftest import DAY, message

SIZES = {1440: 900, 820: 1180, 390: 844}
PLACES = ("420111", "420111", "420106", "420103", "")
SAID = ("转人工", "我要投诉", "人工", "我不想活了", "有人吗，转人工")

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def console(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Console]:
    clock = FixedClock.on(DAY)
    async with a_console(browser, tmp_path_factory.mktemp("supervising"), clock) as made:
        entries = [one for one in read_folder(ROOT / "content").entries if one.kind in ("words", "hotline", "office")]
        await made.publish(entries)
        await a_month(replace(made.desk, hours=Hours.from_csv(ROOT / "content" / "hours.csv")), clock)
        boss = await hired(made.desk, "zhao", "赵主任", Role.SUPERVISOR, "420100")
        await escalate(made.desk)
        await made.become(boss)
        yield made


async def a_month(desk: Desk, clock: FixedClock) -> None:
    """People who came for thirty days, and officers who took them; the last still wait."""
    dice = random.Random(4)
    clock.advance(days=-29)
    crew = [
        await hired(desk, "chen", "陈工", Role.OFFICER, "420111", "低保", "残疾人"),
        await hired(desk, "li", "李工", Role.OFFICER, "420100"),
        await hired(desk, "wang", "王工", Role.OFFICER, "420106", "儿童"),
    ]
    number = 0
    for day in range(30):
        for _ in range(dice.choice((1, 2, 2, 3, 4)) if (clock.now().weekday() < 5) else 1):
            number += 1
            taken = await take_in(desk, message(dice.choice(SAID), f"o-{number}", kind=Kind.TEXT))
            talk = taken.conversation
            async with desk.store.writing() as work:
                await work.conversations.change(talk.id, clock.now(), region=dice.choice(PLACES))
                await work.commit()
            if talk.holder != "queued" or dice.random() < 0.08 or day == 29:
                continue
            clock.advance(minutes=dice.randint(1, 14))
            one = dice.choice(crew)
            async with desk.store.writing() as work:
                await work.conversations.change(talk.id, clock.now(), region=one.regions[0])
                await work.commit()
            await holding.claim(desk, one, talk.id)
            clock.advance(minutes=dice.randint(1, 6))
            await holding.reply(desk, one, talk.id, "您好，我来看看")
            clock.advance(minutes=dice.randint(4, 60))
            if dice.random() < 0.9:
                await holding.close(desk, one, talk.id, "solved")
                if number % 3:
                    words = ("帮上了", "帮上了", "帮了一点", "没帮上")[number // 3 % 4]
                    await take_in(desk, message(words, f"o-{number}", kind=Kind.TEXT))
        clock.advance(seconds=(FixedClock.on(DAY).now() - timedelta(days=28 - day) - clock.now()).total_seconds())
    async with desk.store.writing() as work:
        await work.sessions.open("chen-is-here", crew[0].id, "127.0.0.1", "Firefox", clock.now())
        await work.commit()


@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("path", ["/supervising", "/supervising/figures", "/supervising/figures?span=91", "/exports"])
async def test_nothing_runs_over_the_edge(console: Console, path: str, width: int) -> None:
    await console.page.set_viewport_size({"width": width, "height": SIZES[width]})
    await console.open(path) if "figures" not in path else await _charts(console, path)
    await expect(console.page.locator("h1")).to_have_text("督办")
    assert await console.page.evaluate(TOO_WIDE) <= 0, f"{path} runs over the edge at {width}"
    name = path.strip("/").replace("/", "-").replace("?span=", "-")
    await shoot(console.page, f"console-{name}-{width}")


async def _charts(console: Console, path: str) -> None:
    """`harmless` counts SVG as foreign; ours is looked at by itself."""
    answer = await console.page.goto(str(console.server.make_url(path)))
    assert answer is not None
    assert answer.status == 200
    assert await console.page.evaluate("window.__reports || []") == []
    assert (
        await console.page.locator("main [style], main svg script, main svg foreignObject, main svg image").count() == 0
    )
    assert await console.page.locator("svg.chart-lines").count() == 3


async def test_a_point_opens_its_list_by_the_keyboard(console: Console) -> None:
    await console.page.set_viewport_size({"width": 1440, "height": 900})
    await _charts(console, "/supervising/figures")
    point = console.page.locator("svg.chart-lines a").last
    await point.focus()
    await console.page.keyboard.press("Enter")
    await expect(console.page.locator("h1")).to_contain_text("办结")
    rows = console.page.locator("table.cases tbody tr")
    assert await rows.count() > 0
    await shoot(console.page, "console-supervising-list-1440")


async def test_the_bars_are_as_long_as_their_numbers(console: Console) -> None:
    await _charts(console, "/supervising/figures")
    bars = console.page.locator("section", has_text="为什么找人工").locator(".chart-bars")
    widths = await bars.locator("rect").evaluate_all("all => all.map(one => one.getBoundingClientRect().width)")
    numbers = [int(one.split()[0].split("次")[0]) for one in await bars.locator(".number a").all_inner_texts()]
    assert widths == sorted(widths, reverse=True)
    for width, number in zip(widths, numbers, strict=True):
        assert abs(width / widths[0] - number / numbers[0]) < 0.02
