"""Every page of the office's console under axe-core: the table of routes says which there are, so that a new one cannot be
forgotten (issue 6, done-when 2). Fuller states of them are walked wherever a test takes a picture (`visiting.shoot`); the
resident's page and the simulated phones are among those."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from bot.clock import FixedClock
from bot.desk.casework import opening, referrals
from bot.desk.casework.referrals import Wish
from bot.desk.handoff import holding
from bot.desk.intake import take_in
from bot.desk.publicity import broadcasting, importing, proposals
from bot.desk.publicity.broadcasting import Wanted
from bot.desk.questions.grouping import regroup
from bot.desk.staff import accounts
from bot.knowledge.files import read_folder
from bot.staff import Role, Staff
from console.app import build_console
from tests.browser.axes import AXE, stumbles
from tests.browser.office import ROOT, Console, a_console
from tests.browser.test_console_cases_look import handed_in
from tests.desk.conftest import DAY, message
from tests.desk.questions.conftest import NOTHING, ask

NOT_PAGES = {
    "/", "/static/{name}", "/live", "/places", "/workbooks/content", "/workbooks/template", "/workbooks/pack",
    "/workbooks/files", "/workbooks/{upload}/errors",
}  # fmt: skip
"""What leads on, is read by a script, or is a file to keep."""
KEY = "dibao-days"
pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class Everything(Console):
    everybody: Staff
    paths: dict[str, str]
    """Every page by its route, where there is something on it."""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def everything(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Everything]:
    async with a_console(browser, tmp_path_factory.mktemp("axe"), FixedClock.on(DAY)) as console:
        await console.publish(read_folder(ROOT / "content").entries)
        desk = console.desk
        async with desk.store.writing() as work:
            who = await work.staff.add("all", "什么都管的人", list(Role), ["000000"], [], "system", desk.clock.now())
            who = await work.staff.change(who, "system", desk.clock.now(), state="active")
            await work.commit()
        made = Everything(**vars(console), everybody=who, paths={})
        made.paths = await _filled(made)
        await made.become(who)
        yield made


async def _filled(console: Everything) -> dict[str, str]:
    """Something of each kind, and where each page shows it."""
    desk, who = console.desk, console.everybody
    case = await handed_in(desk, 1)
    talk = (await take_in(desk, message("转人工", "o-axe"))).conversation
    await holding.claim(desk, who, talk.id)
    invited = await accounts.invite(desk, who, "heqin", "何琴", ["officer"], ["420111"], [])
    day = desk.clock.now().date() + timedelta(days=14)
    await referrals.refer(desk, who, case.id, Wish("school", "", "孩子交不起学费，请按规定减免。", str(day), ""))
    async with desk.store.reading() as work:
        (referral,) = await work.referrals.of_case(case.id)
    opened = await opening.begin(desk, who, "dibao", "phone", agreed=True)
    async with desk.store.writing() as work:
        now, words = desk.clock.now(), ("刘会计", "给亲戚办低保")
        tip = await work.tips.add("cadre", "420111", "420100", *words, now, conversation="c", contact="13800001234")
        await work.commit()
    draft = await proposals.start(desk, who, "answer", KEY)
    hotlines = await importing.export(desk, who, ["hotline"])
    sheet = await importing.upload(desk, who, "热线.xlsx", hotlines)
    sent = await broadcasting.write(desk, who, Wanted("reminder", "明天停电，改到后天办。不清楚打12345。", "", None))
    waiting = await proposals.start(desk, who, "answer", "dibao-apply")
    (waiting,) = await proposals.submit(desk, who, {waiting.id: waiting.version}, "补一句")
    for number in range(4):
        await ask(desk, "殡葬补助怎么领", NOTHING, f"o-{number}", "420111")
    await regroup(desk)
    await console.become(who)
    await console.page.goto(str(console.server.make_url("/questions")))
    group = await console.page.locator("a[href^='/questions/groups/']").first.get_attribute("href")
    assert group
    one = urlencode({"kind": "answer", "key": KEY})
    return {
        "/sign-in": "/sign-in", "/invitation/{token}": f"/invitation/{invited.token}", "/me": "/me", "/staff": "/staff",
        "/staff/{staff}": f"/staff/{who.id}", "/audit": "/audit", "/conversations": "/conversations",
        "/conversations/{conversation}": f"/conversations/{talk.id}", "/cases": "/cases", "/cases/{case}": f"/cases/{case.id}",
        "/cases/{case}/summary": f"/cases/{case.id}/summary", "/tasks": "/tasks", "/referrals": "/referrals",
        "/referrals/{referral}/letter": f"/referrals/{referral.id}/letter", "/reports": "/reports", "/supervising": "/supervising",
        "/supervising/figures": "/supervising/figures", "/supervising/list": "/supervising/list?what=came", "/exports": "/exports",
        "/complaints": "/complaints", "/complaints/{tip}": f"/complaints/{tip.id}", "/applications": "/applications",
        "/applications/{draft}": f"/applications/{opened.id}", "/hotlines": "/hotlines", "/answers": "/answers",
        "/answers/one": f"/answers/one?{one}",
        "/drafts/{draft}": f"/drafts/{draft.id}", "/posters": f"/posters?{one}", "/workbooks": "/workbooks",
        "/workbooks/{upload}": f"/workbooks/{sheet.id}", "/broadcasts": "/broadcasts", "/broadcasts/{broadcast}": f"/broadcasts/{sent.id}",
        "/publishing": "/publishing", "/publishing/together": f"/publishing/together?id={waiting.id}",
        "/publishing/{proposal}": f"/publishing/{waiting.id}", "/questions/report": "/questions/report",
        "/questions/report/month": "/questions/report/month", "/questions/list": "/questions/list", "/questions/use": "/questions/use",
        "/questions": "/questions", "/questions/groups/{team}": str(group), "/stops": f"/stops?of=answer&target={KEY}",
        "/editions": "/editions", "/editions/{number}": "/editions/1", "/history": f"/history?{one}", "/register": "/register",
        "/register/one": f"/register/one?{urlencode({'document': '社会救助法'})}", "/try": "/try",
    }  # fmt: skip


async def test_the_checker_is_the_one_its_source_names() -> None:
    digest = hashlib.sha256(AXE.read_bytes()).hexdigest()
    assert digest in AXE.with_name("SOURCE.md").read_text(encoding="utf-8")


async def test_every_route_that_is_a_page_is_walked(everything: Everything) -> None:
    app = build_console(everything.desk)
    routes = {route.resource.canonical for route in app.router.routes() if route.method == "GET" and route.resource}
    assert routes - NOT_PAGES == set(everything.paths)


@pytest.mark.parametrize("of_four", range(4))
async def test_nobody_stumbles_on_any_page(everything: Everything, of_four: int) -> None:
    found = {}
    for route, path in list(everything.paths.items())[of_four::4]:
        answer = await everything.page.goto(str(everything.server.make_url(path)))
        assert answer is not None
        assert answer.status == 200, (route, path)
        if trouble := await stumbles(everything.page):
            found[route] = trouble
        assert everything.page.url.partition("?")[0].endswith(path.partition("?")[0]), (route, everything.page.url)
    assert found == {}
