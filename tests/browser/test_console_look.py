"""The console's pages as an officer sees them, at a desk and on a tablet: nothing sticks out, everything has a name, and the
keyboard is enough. With SCREENSHOTS they leave their pictures (docs/screenshots/console-*)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pyotp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.audit import Deed
from bot.clock import FixedClock
from bot.desk.staff import accounts
from bot.staff import Role, Staff
from tests.browser.office import Console, a_console, person
from tests.browser.visiting import shoot

pytestmark = pytest.mark.asyncio(loop_scope="module")
SIZES = {"1440": {"width": 1440, "height": 900}, "820": {"width": 820, "height": 1180}}
AGENT = "Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0"
PEOPLE = [
    ("陈工", Role.OFFICER, ["低保", "临时救助"]),
    ("吴工", Role.OFFICER, ["儿童"]),
    ("周主任", Role.SUPERVISOR, []),
    ("刘编辑", Role.EDITOR, []),
    ("孙科长", Role.APPROVER, []),
    ("钱审计", Role.AUDITOR, []),
]
FAULTS = """() => {
  const faults = [];
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  if (wide > 0) faults.push(`the page is ${wide} px too wide`);
  for (const field of document.querySelectorAll("input:not([type=hidden]), select, textarea"))
    if (!field.labels.length) faults.push(`no label: ${field.name}`);
  for (const one of document.querySelectorAll("a, button, input:not([type=hidden])")) {
    const box = one.getBoundingClientRect();
    if (one.className !== "skip" && (box.width < 1 || box.right > innerWidth + 1) && !one.closest(".scroll"))
      faults.push(`out of sight: ${one.outerHTML}`);
  }
  if (document.querySelectorAll("h1").length !== 1) faults.push("not one heading");
  return faults;
}"""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def console(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Console]:
    clock = FixedClock(datetime(2026, 11, 25, 1, 30, tzinfo=UTC))
    async with a_console(browser, tmp_path_factory.mktemp("console"), clock) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def boss(console: Console) -> Staff:
    """An office at work: six colleagues, and what they did this morning."""
    clock = console.desk.clock
    assert isinstance(clock, FixedClock)
    made = await person(console.desk, 0, "管理员", Role.OPERATOR, [])
    for number, (name, role, skills) in enumerate(PEOPLE, 1):
        clock.advance(minutes=7)
        staff = await person(console.desk, number, name, role, skills)
        async with console.desk.store.writing() as work:
            about: dict[str, object] = {"made": [str(role)], "regions": ["420111"]}
            await work.audit.add(made.id, Deed.ACCOUNT, f"staff:{staff.id}", clock.now(), about=about)
            about = {"address": f"10.20.3.{number}"}
            await work.audit.add(staff.id, Deed.SIGN_IN, f"staff:{staff.id}", clock.now(), about=about)
            await work.commit()
    clock.advance(minutes=3)
    return made


async def look(console: Console, name: str, heading: str) -> None:
    """At both sizes: no faults, and a picture where one is wanted."""
    await expect(console.page.get_by_role("heading", level=1)).to_have_text(heading)
    for size, viewport in SIZES.items():
        await console.page.set_viewport_size(viewport)  # type: ignore[arg-type]
        assert await console.page.evaluate(FAULTS) == [], (name, size)
        await shoot(console.page, f"console-{size}-{name}")
    assert await console.page.evaluate("window.__reports || []") == []


async def test_the_way_in_from_the_invitation_to_the_first_page(console: Console, boss: Staff) -> None:
    page, base = console.page, str(console.server.make_url("/"))
    made = await accounts.invite(console.desk, boss, "heqin", "何琴", ["officer"], ["420111"], [])
    await page.goto(f"{base}invitation/{made.token}")
    await look(console, "invitation", "何琴，您好")
    key = await page.locator("code.key").inner_text()
    clock = console.desk.clock
    assert isinstance(clock, FixedClock)
    for label in ("新密码", "再输一次"):
        await page.get_by_label(label, exact=True).fill("院子里有两棵枣树和一口井吗")
    await page.get_by_label("6位动态码").fill("000000")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("动态码不对")
    assert await page.locator("code.key").inner_text() == key
    for label in ("新密码", "再输一次"):
        await page.get_by_label(label, exact=True).fill("院子里有两棵枣树和一口井吗")
    await page.get_by_label("6位动态码").fill(pyotp.TOTP(key).at(clock.now()))
    await page.keyboard.press("Enter")
    await look(console, "recovery-codes", "账号设好了")
    assert await page.locator("ol.codes li").count() == 10
    await page.get_by_role("link", name="我抄好了，去登录").click()
    await look(console, "sign-in", "登录")
    clock.advance(seconds=30)
    await page.keyboard.type("heqin")
    await page.keyboard.press("Tab")
    await page.keyboard.type("院子里有两棵枣树和一口井吗")
    await page.keyboard.press("Tab")
    await page.keyboard.type(pyotp.TOTP(key).at(clock.now()))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("link", name="何琴")).to_be_visible()
    await page.get_by_role("button", name="退出").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    await page.go_back()
    assert await page.get_by_role("button", name="退出").count() == 0, "the page before is not kept"


async def test_accounts(console: Console, boss: Staff) -> None:
    page, agent = console.page, await console.page.evaluate("navigator.userAgent")
    await console.become(boss, agent)
    await page.goto(str(console.server.make_url("/staff")))
    await look(console, "staff", "账号")
    await page.get_by_role("row", name="吴工").get_by_role("link", name="修改").click()
    await look(console, "staff-one", "吴工")
    await page.get_by_label("主管").check()
    await page.get_by_label("地区").fill("湖北省武汉市洪山区 湖北省武汉市武昌区")
    await page.get_by_role("button", name="保存").click()
    await expect(page.get_by_role("row", name="吴工")).to_contain_text("经办人员、主管")
    await expect(page.get_by_role("row", name="吴工")).to_contain_text("武昌区")
    await page.get_by_label("名字", exact=True).fill("郑工")
    await page.get_by_label("登录名", exact=True).fill("zheng")
    await page.get_by_label("经办人员").check()
    await page.get_by_label("地区", exact=True).fill("湖北省武汉市洪山区")
    await page.get_by_role("button", name="生成链接").click()
    await expect(page.get_by_role("status")).to_contain_text("把这个链接交给 郑工")
    await page.locator("code.link").evaluate("code => code.textContent = code.textContent.replace(/[^/]+$/, '…')")
    await look(console, "staff-invited", "账号")


async def test_one_s_own_account(console: Console, boss: Staff) -> None:
    await console.become(boss, AGENT)
    await console.become(boss)
    await console.page.goto(str(console.server.make_url("/me")))
    await look(console, "me", "我的账号")


async def test_the_log(console: Console, boss: Staff) -> None:
    async with console.desk.store.reading() as work:
        auditor = await work.staff.by_login("user006")
    assert auditor is not None
    await console.become(auditor)
    await console.page.goto(str(console.server.make_url("/audit")))
    await console.page.get_by_role("button", name="从头核对记录").click()
    await expect(console.page.get_by_role("status")).to_contain_text("没有改动")
    await look(console, "audit", "审计")
    await console.page.goto(str(console.server.make_url("/staff")))
    await look(console, "not-yours", "没有办成")
