"""The console's pages in Chromium with hostile text in every field they show: nothing runs, nothing is fetched, and the browser's
own guard has nothing to report (A-54, T-25)."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from bot.audit import Deed
from bot.desk.staff import accounts
from bot.staff import Role
from tests.browser.office import EVERY, FOREIGN, ROOT, Console, a_console, person

PAYLOADS = (ROOT / "tests" / "samples" / "xss.txt").read_text(encoding="utf-8").splitlines()

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def console(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Console]:
    async with a_console(browser, tmp_path_factory.mktemp("console")) as made:
        yield made


async def test_there_are_enough_payloads_of_different_kinds() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 40


@EVERY
async def test_names_skills_and_logins_in_lists_and_forms(console: Console, every: int) -> None:
    payloads = PAYLOADS[::every]
    boss = await person(console.desk, 1000 * every, "陈工", Role.OPERATOR, [])
    agent = await console.page.evaluate("navigator.userAgent")
    await console.become(boss, agent)
    made = []
    for number, payload in enumerate(payloads, 1):
        made.append(await person(console.desk, 1000 * every + number, payload, Role.OFFICER, [payload, f"<{number}"]))
    await console.open("/staff")
    shown = await console.page.locator("td:first-child bdi").all_inner_texts()
    assert {" ".join(text.split()) for text in shown} >= {" ".join(payload.split()) for payload in payloads}
    for staff, payload in zip(made, payloads, strict=True):
        await console.open(f"/staff/{staff.id}")
        assert await console.page.get_by_label("名字").input_value() == payload
        assert payload.split()[0] in await console.page.get_by_label("专长").input_value()
        assert await console.page.title() == " ".join(f"{payload} · 救助通工作台".split())


@pytest.mark.proof
async def test_what_was_typed_comes_back_in_the_form(console: Console) -> None:
    boss = await person(console.desk, 900, "王工", Role.OPERATOR, [])
    agent = await console.page.evaluate("navigator.userAgent")
    for payload in PAYLOADS:
        await console.context.clear_cookies()
        await console.open("/sign-in")
        for field, value in (("登录名", payload), ("密码", payload), ("动态码", payload[:20])):
            await console.page.get_by_label(field, exact=True).fill(value)
        await console.page.get_by_role("button", name="登录").click()
        await console.page.wait_for_selector("[role=alert]")
        await console.harmless("/sign-in")
        assert await console.page.get_by_label("登录名").input_value() == payload.strip()
    await console.become(boss, agent)
    for payload in PAYLOADS:
        await console.open("/staff")
        await console.page.get_by_label("名字", exact=True).fill(payload[:60])
        await console.page.get_by_label("登录名", exact=True).fill(payload[:32])
        await console.page.get_by_label("地区", exact=True).fill(payload)
        await console.page.get_by_label("专长", exact=True).fill(payload)
        await console.page.get_by_role("button", name="生成链接").click()
        await console.page.wait_for_selector("[role=alert]")
        await console.harmless("POST /staff")


@EVERY
async def test_browsers_addresses_and_one_s_own_name(console: Console, every: int) -> None:
    agent = await console.page.evaluate("navigator.userAgent")
    for number, payload in enumerate(PAYLOADS[::every]):
        me = await person(console.desk, 1000 * every + 300 + number, payload, Role.OFFICER, [])
        async with console.desk.store.writing() as work:
            await work.sessions.open(secrets.token_urlsafe(32), me.id, payload, payload, console.desk.clock.now())
            await work.commit()
        await console.become(me, agent)
        await console.open("/me")
        text = await console.page.locator("table").inner_text()
        assert payload.split()[0] in text


async def test_every_field_of_the_audit_log(console: Console) -> None:
    auditor = await person(console.desk, 901, "审计员", Role.AUDITOR, [])
    await console.become(auditor)
    now = console.desk.clock.now()
    async with console.desk.store.writing() as work:
        for payload in PAYLOADS:
            about = {payload: [payload, {"x": payload}], "roles": payload}
            await work.audit.add(payload, Deed.READ, payload, now, region=payload, reason=payload, about=about)
        await work.commit()
    await console.open("/audit")
    cells = await console.page.locator("td code").all_inner_texts()
    assert {" ".join(text.split()) for text in cells} >= {" ".join(payload.split()) for payload in PAYLOADS}
    for payload in PAYLOADS[:10]:
        await console.page.get_by_label("校验值").fill(payload[:100])
        await console.page.get_by_role("button", name="从头核对").click()
        await console.page.wait_for_selector("[role=alert]")
        await console.harmless("POST /audit/verify")


@EVERY
async def test_the_name_on_an_invitation(console: Console, every: int) -> None:
    boss = await person(console.desk, 902, "李工", Role.OPERATOR, [])
    for number, payload in enumerate(PAYLOADS[::every]):
        invited = await person(console.desk, 1000 * every + 500 + number, payload, Role.OFFICER, [])
        made = await accounts.invite_again(console.desk, boss, invited.id)
        await console.context.clear_cookies()
        await console.page.goto(str(console.server.make_url(f"/invitation/{made.token}")))
        assert await console.page.evaluate("window.__hit === undefined && !window.__reports")
        assert await console.page.locator("img").count() == 1, "the QR code and no other picture"
        assert await console.page.locator(FOREIGN.replace(" img,", "")).count() == 0
        assert " ".join(payload.split()) in " ".join((await console.page.locator("h1").inner_text()).split())


async def test_a_name_cannot_turn_its_neighbours_around(console: Console) -> None:
    """Bidirectional signs stay inside the name: what stands beside it is read as it was written."""
    boss = await person(console.desk, 903, "赵工", Role.OPERATOR, [])
    await console.become(boss)
    turned = await person(console.desk, 904, "\u202egnaw \u2066abc\u05d0", Role.OFFICER, [])
    await console.open("/staff")
    row = console.page.locator("tr", has=console.page.locator(f"a[href='/staff/{turned.id}']"))
    name = row.locator("td").first.locator("bdi")
    assert await name.count() == 1
    assert await name.evaluate("element => getComputedStyle(element).unicodeBidi") == "isolate"
    assert await row.locator("td").nth(1).inner_text() == "user904"
