"""The pages of cases in Chromium: nothing runs over the edge at a desk and on a tablet, hostile answers are only text, and the
pictures of `docs/screenshots` (with SCREENSHOTS set to that folder)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from bot.calendar import WorkingDays
from bot.clock import FixedClock
from bot.desk.case_ports import Case
from bot.desk.casework import acting, asking_after, referrals, sharing
from bot.desk.casework.referrals import Wish
from bot.desk.desk import Desk
from bot.forms.model import Given, Sheet
from bot.knowledge.files import read_folder
from bot.staff import Role, Staff
from tests.browser.office import EVERY, ROOT, Console, a_console, hired
from tests.browser.visiting import shoot
from tests.desk.conftest import DAY

PAYLOADS = (ROOT / "tests" / "samples" / "xss.txt").read_text(encoding="utf-8").splitlines()
SIZES = {1440: 900, 820: 1180}
NAMES = ("王桂英", "李建国", "张秀兰", "陈志强", "刘玉梅", "赵德福", "周小燕", "吴永贵")
PLACES = ("420111", "420106", "420111", "420103", "420111")
MOVES: tuple[tuple[str, ...], ...] = (
    ("accepted", "investigating", "publicizing"), (), ("need_more",), ("accepted", "checking"), ("accepted", "approved"),
    ("accepted", "investigating"), (), ("accepted", "rejected"),
)  # fmt: skip

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class Hall(Console):
    boss: Staff
    cases: list[Case]


def money(amount: str) -> dict[str, Any]:
    return {"low": amount, "high": amount, "about": True, "per": "month"}


def answers(name: str, words: str = "三月查出尿毒症，每周透析三次，活干不了。") -> dict[str, Any]:
    home = {"region": "420111", "detail": "关山街道虎泉社区3栋"}
    return {
        "apply_as": "self", "members.1.name": name, "members.1.identity": "420106195001011234", "members.1.phone": "13800008765",
        "members.1.hukou": home, "members.1.lives": "same", "household_size": 3, "members.2.name": "李小龙",
        "members.2.relation": "child", "members.2.identity": "420106200801011234", "members.3.name": "李小凤",
        "members.3.relation": "child", "members.3.identity": "420106201001011234", "members.1.health": "ill",
        "members.2.health": "healthy", "members.3.health": "healthy", "members.1.work": "jobless", "members.1.marital": "widowed",
        "members.1.income_wages": money("0"),
        "members.1.income_transfer": money("130"), "home": "own", "home_area": 60, "assets": ["savings"],
        "savings_amount": money("5000") | {"per": ""}, "spending_medical": money("30000") | {"per": "year"},
        "reasons": ["illness"], "reasons_story": words,
    }  # fmt: skip


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def hall(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hall]:
    clock, calendar = FixedClock.on(DAY), WorkingDays.from_csv(ROOT / "content" / "calendar.csv")
    async with a_console(browser, tmp_path_factory.mktemp("cases"), clock, calendar=calendar) as console:
        await console.publish([one for one in read_folder(ROOT / "content").entries if one.kind != "answer"])
        clock.advance(days=-34)
        boss = await hired(console.desk, "zhao", "赵主任", Role.SUPERVISOR, "420100")
        made = Hall(**vars(console), boss=boss, cases=await a_month(console.desk, boss, clock))
        await made.become(boss)
        yield made


async def a_month(desk: Desk, boss: Staff, clock: FixedClock) -> list[Case]:
    """What came in, how far it got, and what is still to do."""
    cases = []
    for number in range(16):
        cases.append(await handed_in(desk, number))
        clock.advance(hours=12 if number % 2 else 3)
        clock.advance(hours=9 if not number % 2 else 0)
    clock.advance(days=7)
    for number, (round_, case) in enumerate((at, case) for at in range(3) for case in cases[:13]):
        case, number = await now(desk, case), number % 13
        clock.advance(minutes=9)
        if number == 12:
            clock.advance(days=2, hours=-2)
        for to in MOVES[number % len(MOVES)][round_ : round_ + 1]:
            reason = {"need_more": "还缺户口簿，请拍照补上", "rejected": "收入高于当地标准"}.get(to, "")
            case = await acting.move(
                desk, boss, case.id, case.version, to, reason, ["户口簿"] if to == "need_more" else []
            )
    await handed_on(desk, boss, cases[5:13], clock)
    clock.advance(days=11)
    day = clock.now().date()
    await acting.book(desk, boss, cases[0].id, "visit", str(day + timedelta(days=2)), "09:30", "上门看住房情况")
    await acting.book(
        desk, boss, cases[2].id, "callback", str(day + timedelta(days=1)), "15:00", "问户口簿什么时候能补"
    )
    for at, office, what, days in (
        (0, "school", "孩子交不起学费，请按规定减免。", 14),
        (3, "employment", "本人想找零工，请帮忙介绍。", 9),
    ):
        await referrals.refer(desk, boss, cases[at].id, Wish(office, "", what, str(day + timedelta(days=days)), ""))
    wish = Wish("other", "洪山区慈善会", "请送两床棉被。", str(day + timedelta(days=7)), "")
    await sharing.ask(desk, boss, cases[4].id, wish)
    return cases


async def handed_on(desk: Desk, boss: Staff, cases: list[Case], clock: FixedClock) -> None:
    """Referrals of weeks ago, what residents said when they were asked, and what was done about it but for one."""
    offices = ("medical_insurance", "school", "employment")
    whats = ("住院费用请按规定报销。", "孩子交不起学费，请按规定减免。", "本人想找零工，请帮忙介绍。")
    said = ("yes", "yes", "nobody", "partly", "", "no", "yes", "yes")
    due = str(desk.today() + timedelta(days=9))
    for number, case in enumerate(cases):
        await referrals.refer(desk, boss, case.id, Wish(offices[number % 3], "", whats[number % 3], due, ""))
    clock.advance(days=9)
    assert await asking_after.ask_due(desk) == len(cases)
    for case, word in zip(cases, said, strict=True):
        async with desk.store.writing() as work:
            (one,) = await work.referrals.of_case(case.id)
            if word:
                await asking_after.heard(desk, work, one, case, word, case.person, clock.now())
                (one,) = await work.referrals.of_case(case.id)
            await work.commit()
        if word in ("", "partly", "nobody"):
            await acting.close(desk, boss, one.task, "打过电话，请对方尽快办")


async def now(desk: Desk, case: Case) -> Case:
    async with desk.store.reading() as work:
        return await work.cases.get(case.id)


async def handed_in(desk: Desk, number: int, words: str = "") -> Case:
    name, now = NAMES[number % len(NAMES)], desk.clock.now()
    told = answers(name, words) if words else answers(name)
    sheet = Sheet("dibao", {path: Given(value) for path, value in told.items()})
    programme = "dibao" if number % 3 else "tekun"
    async with desk.store.writing() as work:
        talk = await work.conversations.open("wechat", "gh_1", f"o-{number}{words[:9]}", now, "resident")
        fields = {"quota_left": 5, "window_until": now + timedelta(days=90)}
        talk = await work.conversations.change(talk.id, now, **fields)
        person = await work.people.make(talk.id, now, "test")
        await work.people.change(
            person.id, now, name=name, identity="420106195001011234", phone=f"1380000{8000 + number}"
        )
        draft = await work.drafts.open(talk.id, person.id, "application", programme, sheet, {}, now)
        await work.papers.add(draft.id, person.id, 1, "identity", "kept", b"\xff\xd8" + b"x" * 90_000, now)
        await work.consents.give(draft.id, 1, name, "check", "1", "wechat", talk.id, person.id, now)
        await work.consents.ask(
            draft.id, 2, "李小龙", "check", "1", f"{number}{words[:9]}", now + timedelta(days=3), now
        )
        place = PLACES[number % len(PLACES)]
        case = await work.cases.add(replace(draft, sheet=sheet), programme, place, "submitted", "", now)
        await work.drafts.save(draft, now, state="done")
        await work.commit()
    return case


@pytest.mark.parametrize("width", SIZES)
async def test_each_page_fits_and_looks_as_in_the_pictures(hall: Hall, width: int) -> None:
    await hall.page.set_viewport_size({"width": width, "height": SIZES[width]})
    first = hall.cases[0].id
    async with hall.desk.store.reading() as work:
        (referral,) = await work.referrals.of_case(first)
    handed, said = hall.cases[7].id, "/referrals?office=medical_insurance&said=asked"
    for path, name in (
        (f"/cases/{handed}", "handed-on"), (said, "relied"),
        ("/cases", "list"), (f"/cases/{first}", "one"), ("/tasks", "tasks"), ("/referrals", "referrals"),
        ("/reports?month=2026-11", "reports"), (f"/referrals/{referral.id}/letter", "letter"),
    ):  # fmt: skip
        await hall.show(path)
        await shoot(hall.page, f"console-cases-{width}-{name}")
    await hall.show(f"/cases/{first}")
    await hall.page.locator(".reveal summary").first.click()
    await hall.page.get_by_label("为什么要看姓名").fill("电话核对住址")
    await shoot(hall.page, f"console-cases-{width}-reason")
    await hall.page.get_by_role("button", name="显示").first.click()
    await hall.page.wait_for_selector(".done")
    assert "王桂英" in await hall.page.locator("h1").inner_text()
    await hall.sound("reveal")


async def test_the_letter_prints_without_the_console_around_it(hall: Hall) -> None:
    async with hall.desk.store.reading() as work:
        (referral,) = await work.referrals.of_case(hall.cases[0].id)
    await hall.show(f"/referrals/{referral.id}/letter")
    await hall.page.emulate_media(media="print")
    assert not await hall.page.locator("header.top").is_visible()
    assert not await hall.page.locator(".no-print").is_visible()
    assert await hall.page.locator("article.paper").is_visible()
    assert (await hall.page.pdf(format="A4"))[:4] == b"%PDF"
    await hall.page.emulate_media(media="screen")


@EVERY
async def test_hostile_answers_reasons_and_letters_are_only_text(hall: Hall, every: int) -> None:
    """A-54: as an answer, a reason, a task, a letter and its outcome, an office's number."""
    payloads = PAYLOADS[::every]
    case = await handed_in(hall.desk, every, "".join(PAYLOADS))
    boss, day = hall.boss, str(hall.desk.today() + timedelta(days=9))
    for payload in payloads:
        text = f"{payload} 完"[:300]
        await acting.book(hall.desk, boss, case.id, "visit", day, "09:30", text)
        wish = Wish("other", payload[:50] + "会", f"{text}。。。", day, f"{text}同意")
        await sharing.ask(hall.desk, boss, case.id, wish)
        made = await referrals.refer(hall.desk, boss, case.id, wish)
        await referrals.follow_up(hall.desk, boss, made.id, "taken", text)
        await hall.show(f"/referrals/{made.id}/letter")
        async with hall.desk.store.writing() as work:
            await work.cases.note(case, f"officer:{payload}", text, hall.desk.clock.now())
            await work.cases.change(case.id, hall.desk.clock.now(), office_number=payload)
            await work.commit()
        await hall.show(f"/cases/{case.id}")
    for path in ("/cases", "/tasks", "/referrals", f"/cases/{case.id}"):
        await hall.show(path)
    text = " ".join((await hall.page.locator("main").inner_text()).split())
    assert all(" ".join(payload.split())[:40] in text for payload in payloads)
    await hall.page.locator("section.card", has_text="其他回答").locator(".reveal summary").first.click()
    await hall.sound("the reason")
