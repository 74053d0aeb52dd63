"""The whole application for 低保 on the resident's page, in large type on a phone, nothing left out: the gateway as it is served,
the trained engine, one database, a photo that is read, a signature drawn by hand, a network that goes away in between (issue 6,
done-when 2).

With SCREENSHOTS naming a folder the pictures of `docs/screenshots` are taken on the way.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import jwt
import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.resident import Phone, a_phone
from tests.browser.street import Street, a_street
from tests.browser.visiting import shoot
from tests.papers.drawn import identity_card

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.proof]

HEARD = 25_000
"""Milliseconds until the answer is there; a machine with other work takes its time."""
SHARED = "5d" * 32
NAME, IDENTITY = "王桂英", "420111195803074122"
HOUSEHOLD = (
    ("武汉市洪山区关山街道南望山社区，也住那里", "几口人"),
    ("三口人", "第2位"),
    ("老伴 李建国 420111195509113215", "第3位"),
    ("孙子 李小宝 420111201506201015", "身体怎么样"),
    ("我高血压，能干轻活；老伴中风瘫痪，干不了活；孙子健康", "在做什么"),
    ("我种地，老伴没干活，孙子上小学", ""),
    ("我每月养老金一百三；老伴没有", ""),
    ("都没有", ""),
    ("自家的，六十平", ""),
    ("都没有", ""),
    ("老伴生病，去年开始的", ""),
    ("没有", ""),
    ("在这里说", ""),
    ("跳过", ""),
)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def street(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Street]:
    async with a_street(browser, tmp_path_factory.mktemp("street"), app_keys=f"app1 HS256 {SHARED}") as made:
        yield made


def vouched_for(street: Street, sub: str) -> str:
    """What the bureau's app hands its page about who signed in there."""
    claims = {"sub": sub, "aud": "jiuzhutong", "jti": f"{sub}-{time.monotonic_ns()}"}
    claims["exp"] = int(street.clock.now().timestamp()) + 200  # type: ignore[assignment]
    return jwt.encode(claims, bytes.fromhex(SHARED), "HS256", headers={"kid": "app1"})


async def answered(phone: Phone, before: int, words: str) -> None:
    """An answer may come in several bubbles, the receipt before the codes for the family: the words stand in one of them."""
    async with asyncio.timeout(HEARD / 1000):
        while not any(words in said for said in (await phone.said("bot").all_inner_texts())[before:]):
            await asyncio.sleep(0.1)


async def says(street: Street, phone: Phone, words: str, then: str) -> None:
    # Nobody types so fast: whoever says twenty things a minute is asked to wait.
    street.clock.skip(seconds=5)
    before = await phone.said("bot").count()
    await phone.say(words)
    await answered(phone, before, then)


async def taps(phone: Phone, label: str, then: str) -> None:
    before = await phone.said("bot").count()
    await phone.last.get_by_role("button", name=label).click()
    await answered(phone, before, then)


async def signs(phone: Phone) -> None:
    pad = phone.page.locator(".pad canvas")
    await pad.scroll_into_view_if_needed()
    frame = await pad.bounding_box()
    assert frame is not None
    for left in (30, 130, 230):
        await phone.page.mouse.move(frame["x"] + left, frame["y"] + 40)
        await phone.page.mouse.down()
        for step in range(1, 12):
            await phone.page.mouse.move(frame["x"] + left + 6 * step, frame["y"] + 40 + 11 * step * (step % 3) / 2)
        await phone.page.mouse.up()


async def test_an_application_in_large_type_with_photo_and_signature(street: Street, tmp_path: Path) -> None:
    address = f"{street.residents}/app/?elder=1#assertion={vouched_for(street, 'wang-1')}"
    async with a_phone(street.browser, address, has_touch=True) as phone:
        phone.context.set_default_timeout(HEARD)
        await expect(phone.last).to_contain_text("这里是救助通", timeout=HEARD)
        await shoot(phone.page, "app-390-large-welcome")
        await phone.tool("常问").click()
        before = await phone.said("bot").count()
        await phone.page.locator("#asking").get_by_role("button", name="我要申请").click()
        await expect(phone.said("bot").nth(before)).to_be_visible(timeout=HEARD)
        await says(street, phone, "我要申请低保", "同意")
        await says(street, phone, "同意", "单独同意")
        await taps(phone, "1. 同意", "给自己家办")
        await taps(phone, "给自己家办", "身份证")
        await expect(phone.page.locator("#form-bar")).to_contain_text("步，共")
        await says(street, phone, f"{NAME} {IDENTITY} 13800001234", "户口")
        for words, then in HOUSEHOLD[:2]:
            await says(street, phone, words, then)
        await shoot(phone.page, "app-390-large-form")

        # The network goes; what is said waits, and goes on by itself.
        words, then = HOUSEHOLD[2]
        before = await phone.said("bot").count()
        await phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        await phone.context.set_offline(True)
        await phone.say(words)
        await expect(phone.page.locator("#talk .state")).to_have_text("待发送")
        await shoot(phone.page, "app-390-large-offline")
        await phone.page.reload()
        await expect(phone.mine.last).to_contain_text("李建国")
        await phone.context.set_offline(False)
        await expect(phone.last).to_contain_text(then, timeout=HEARD)
        assert await phone.mine.filter(has_text="李建国").count() == 1

        for words, then in HOUSEHOLD[3:]:
            await says(street, phone, words, then)
        path = tmp_path / "card.jpg"
        identity_card(NAME, IDENTITY).convert("RGB").save(path, quality=92)
        before = await phone.said("bot").count()
        await phone.tool("照片").click()
        await phone.page.locator("#camera").set_input_files(path)
        await phone.page.get_by_role("button", name="清楚，发送").click()
        await expect(phone.said("bot").nth(before)).to_contain_text("照片收到了", timeout=HEARD)
        await expect(phone.said("bot").nth(before + 1)).to_be_visible(timeout=HEARD)
        await shoot(phone.page, "app-390-large-photo")
        while await phone.page.locator("#to-sign").is_hidden():
            street.clock.skip(seconds=5)
            before = await phone.said("bot").count()
            last = await phone.last.inner_text()
            await phone.say("没有" if "没有" in last else "跳过")
            await expect(phone.said("bot").nth(before)).to_be_visible(timeout=HEARD)
            assert before < 60, last

        await phone.page.get_by_role("button", name="去签名").click()
        await expect(phone.page.locator(".paper-text")).to_contain_text("只查，不动钱")
        await signs(phone)
        await shoot(phone.page, "app-390-large-sign")
        before = await phone.said("bot").count()
        await phone.page.get_by_role("button", name="签好了，同意").click()
        await answered(phone, before, "承诺")
        await expect(phone.page.locator("#to-sign")).to_be_hidden()
        await says(street, phone, "我保证", "王桂英")
        await says(street, phone, "确认", "回执号")
        await shoot(phone.page, "app-390-large-receipt")

        # It can be followed on a page of its own.
        await phone.tool("更多").click()
        await phone.page.get_by_role("link", name="我的申请").click()
        await expect(phone.page.locator(".case")).to_be_visible(timeout=HEARD)
        await expect(phone.page.locator(".case .steps li").first).to_be_visible()
        await shoot(phone.page, "app-390-large-cases")
        await phone.page.go_back()
        await phone.sound()
    assert street.trouble == []
