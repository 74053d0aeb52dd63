"""What is a resident's own on their page: their applications, and a signature drawn or typed."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.app_words import CASE, TO_SIGN
from tests.browser.resident import Phone
from tests.browser.scripted import desk as desk
from tests.browser.scripted import phone as phone
from tests.browser.scripted import served as served
from tests.fakes.app_api import Served

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_own_applications_with_what_happened_and_why(phone: Phone, served: Served) -> None:
    await phone.tool("更多").click()
    await phone.page.get_by_role("link", name="我的申请").click()
    await expect(phone.page.locator("#cases-body")).to_contain_text("这里还不知道您是谁")
    await phone.page.get_by_role("button", name="返回").click()
    served.api.cases = [CASE]
    await phone.tool("更多").click()
    await phone.page.get_by_role("link", name="我的申请").click()
    steps = phone.page.locator(".case .steps li")
    await expect(steps).to_have_count(3)
    await expect(steps.nth(1)).to_contain_text("为什么：身份证照片看不清，请再拍一张。")
    await expect(steps.nth(2)).to_have_attribute("aria-current", "step")
    await expect(phone.page.locator(".case")).to_contain_text("这一步最晚到 2026年12月24日。")
    await phone.page.go_back()
    await expect(phone.page.get_by_label("写一句话")).to_be_visible()


async def _to_the_signature(phone: Phone, served: Served) -> None:
    served.api.to_sign = TO_SIGN
    served.api.stand(sign=True, form={"kind": "application", "step": 7, "of": 8})
    await phone.page.get_by_role("button", name="去签名").click()
    await expect(phone.page.locator(".paper-text")).to_contain_text("只查，不动钱。")


async def test_a_signature_is_drawn_undone_drawn_again_and_sent(phone: Phone, served: Served) -> None:
    await _to_the_signature(phone, served)
    sign = phone.page.get_by_role("button", name="签好了，同意")
    await sign.click()
    await expect(phone.page.locator("#sign .problem")).to_have_text("请在框里写上名字，或者在下面打上名字。")
    for undo in ("退一笔", "重写"):
        await _draws(phone)
        assert await phone.page.evaluate(DARK) > 100
        await phone.page.get_by_role("button", name=undo).click()
        assert await phone.page.evaluate(DARK) == 0
    await _draws(phone)
    await sign.click()
    await expect(phone.last).to_contain_text("签名收到了")
    await expect(phone.page.locator("#to-sign")).to_be_hidden()
    assert [one["sha256"] for one in served.api.signatures] == [TO_SIGN["sha256"]]


async def test_whoever_cannot_draw_types_the_name_and_ticks(phone: Phone, served: Served) -> None:
    await _to_the_signature(phone, served)
    await phone.page.locator("#sign summary").press("Enter")
    await phone.page.get_by_label("您的名字").fill("王桂英")
    await phone.page.get_by_role("button", name="签好了，同意").click()
    await expect(phone.page.locator("#sign .problem")).to_have_text("请在“我本人同意”前面打勾。")
    await phone.page.get_by_label("我本人同意上面写的内容").press("Space")
    await phone.page.get_by_role("button", name="签好了，同意").press("Enter")
    await expect(phone.last).to_contain_text("签名收到了")
    assert len(served.api.signatures) == 1


DARK = """() => { const c = document.querySelector(".pad canvas");
  const copy = new OffscreenCanvas(c.width, c.height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(c, 0, 0);
  const p = copy.getImageData(0, 0, c.width, c.height).data;
  let dark = 0; for (let i = 0; i < p.length; i += 4) if (p[i] < 128) dark++; return dark; }"""


async def _draws(phone: Phone) -> None:
    pad = phone.page.locator(".pad canvas")
    await pad.scroll_into_view_if_needed()
    frame = await pad.bounding_box()
    assert frame is not None
    mouse = phone.page.mouse
    await mouse.move(frame["x"] + 40, frame["y"] + 60)
    await mouse.down()
    for step in range(1, 9):
        await mouse.move(frame["x"] + 40 + 20 * step, frame["y"] + 60 + 40 * (step % 2))
    await mouse.up()
