"""The resident's page where the network comes and goes: what was said is kept, shown as waiting, and arrives exactly once."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import expect

from tests.browser.resident import Phone
from tests.browser.scripted import desk as desk
from tests.browser.scripted import phone as phone
from tests.browser.scripted import served as served
from tests.fakes.app_api import Served

pytestmark = pytest.mark.asyncio(loop_scope="module")
ARRIVES = 15_000
"""Milliseconds until the page has tried again; it waits one, two, four seconds between tries."""


async def _ready_for_no_network(phone: Phone) -> None:
    await phone.page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def _photo(folder: Path, width: int = 4000, height: int = 3000) -> Path:
    """As large as a phone takes them, with the place it was taken at."""
    picture, path = Image.effect_noise((width // 8, height // 8), 60).resize((width, height)), folder / "sfz.jpg"
    exif = Image.Exif()
    exif[0x010E] = "30.52,114.36"
    picture.save(path, quality=92, exif=exif)
    return path


async def test_said_without_a_network_it_is_kept_shown_and_sent_once(phone: Phone, served: Served) -> None:
    await phone.context.set_offline(True)
    await expect(phone.page.locator("#offline")).to_have_text("没有网络。急事请打 12345，救命打 120。")
    await phone.say("我家三口人")
    await phone.say("没有收入")
    await expect(phone.page.locator("#talk .state")).to_have_text(["待发送", "待发送"])
    await expect(phone.page.locator("#offline")).to_contain_text("您写的先存着，连上就发。")
    assert served.api.said() == []
    await phone.context.set_offline(False)
    await expect(phone.last).to_contain_text("没有收入", timeout=ARRIVES)
    await expect(phone.page.locator("#talk .state")).to_have_count(0)
    await expect(phone.page.locator("#offline")).to_be_hidden()
    assert served.api.said() == ["我家三口人", "没有收入"]
    await expect(phone.mine).to_have_count(2)
    assert await phone.page.evaluate("localStorage.getItem('jiuzhutong.waiting')") is None


async def test_closed_and_opened_again_meanwhile(phone: Phone, served: Served) -> None:
    """The page itself opens without a network, with what is still to be sent, and what stood half written in the field."""
    await _ready_for_no_network(phone)
    await phone.context.set_offline(True)
    await phone.say("我想申请低保")
    await phone.page.get_by_label("写一句话").fill("还有一件")
    await expect(phone.page.locator("#talk .state")).to_have_text("待发送")
    await phone.page.reload()
    await expect(phone.mine).to_contain_text("我想申请低保")
    await expect(phone.page.get_by_label("写一句话")).to_have_value("还有一件")
    await expect(phone.page.locator("#offline")).to_contain_text("没有网络")
    await phone.context.set_offline(False)
    await expect(phone.last).to_contain_text("我想申请低保", timeout=ARRIVES)
    await phone.page.reload()
    await expect(phone.mine).to_have_count(1)
    assert served.api.said() == ["我想申请低保"]


async def test_the_answer_was_lost_after_it_was_taken_in(phone: Phone, served: Served) -> None:
    served.api.lost_answers = 2
    await phone.say("我想申请低保")
    await expect(phone.last).to_contain_text("我想申请低保", timeout=ARRIVES)
    await phone.until("localStorage.getItem('jiuzhutong.waiting') === null")
    tries = [asked for asked in served.api.asked if asked == ("POST", "/messages")]
    assert len(tries) == 4, "the greeting's, and the same one three times"
    assert served.api.said() == ["我想申请低保"]
    await expect(phone.mine).to_have_count(1)


async def test_the_house_is_busy_for_a_while(phone: Phone, served: Served) -> None:
    served.api.away = True
    await phone.say("在吗")
    await expect(phone.page.locator("#offline")).to_contain_text("现在连不上，正在再试。")
    served.api.away = False
    await expect(phone.last).to_contain_text("在吗", timeout=ARRIVES)
    assert served.api.said() == ["在吗"]


async def test_two_tabs_send_it_once(phone: Phone, served: Served) -> None:
    await phone.context.set_offline(True)
    await phone.say("只说一次")
    other = await phone.context.new_page()
    phone.watch(other)
    await phone.context.set_offline(False)
    await other.goto(served.url)
    await expect(phone.last).to_contain_text("只说一次", timeout=ARRIVES)
    await expect(other.locator("#talk .said.bot .bubble").last).to_contain_text("只说一次", timeout=ARRIVES)
    await expect(other.locator("#talk .said.resident")).to_have_count(1)
    assert served.api.said() == ["只说一次"]


async def test_what_is_refused_says_why_and_can_be_sent_anew(phone: Phone, served: Served) -> None:
    """A photo that the house cannot open, for one; what was said after it goes out all the same."""
    await phone.page.route(
        "**/api/v1/messages",
        lambda route: route.fulfill(status=400, json={"code": "bad_request", "message": "这一条太长了。"}),
        times=1,
    )
    await phone.say("很长的一条")
    await expect(phone.page.locator("#talk .bad")).to_have_text("没发成：这一条太长了。")
    await phone.say("短的")
    await expect(phone.last).to_contain_text("短的")
    await phone.page.get_by_role("button", name="再发一次").click()
    await expect(phone.last).to_contain_text("很长的一条")
    assert served.api.said() == ["短的", "很长的一条"]
    await expect(phone.mine).to_have_count(2)


async def test_a_photo_is_made_small_looked_at_and_sent(phone: Phone, served: Served, tmp_path: Path) -> None:
    await phone.tool("照片").click()
    await phone.page.locator("#camera").set_input_files(_photo(tmp_path))
    await expect(phone.page.locator("#preview-image")).to_be_visible()
    await expect(phone.page.locator("#preview-size")).to_contain_text("KB")
    await phone.page.get_by_role("button", name="清楚，发送").click()
    await expect(phone.last).to_contain_text("照片收到了")
    await expect(phone.mine.get_by_role("img", name="您发的照片")).to_have_count(1)
    assert await phone.mine.locator("img").evaluate("image => image.naturalWidth") == 1600
    (sent,) = served.api.pictures.values()
    path = tmp_path / "sent.jpg"
    path.write_bytes(sent)
    with Image.open(path) as small:
        assert small.format == "JPEG"
        assert small.size == (1600, 1200)
        assert len(small.getexif()) == 0, "where it was taken stays at home"
    await phone.page.reload()
    await expect(phone.mine).to_contain_text("照片已收到，加密存着。")


async def test_a_photo_waits_for_the_network_too(phone: Phone, served: Served, tmp_path: Path) -> None:
    await phone.context.set_offline(True)
    await phone.tool("照片").click()
    await phone.page.locator("#album").set_input_files(_photo(tmp_path, 800, 600))
    await phone.page.get_by_role("button", name="清楚，发送").click()
    await expect(phone.page.locator("#talk .state")).to_have_text("待发送")
    kept = await phone.page.evaluate("Object.values(localStorage).join().length")
    assert kept < 2000, "pictures are not kept on the phone"
    await phone.context.set_offline(False)
    await expect(phone.last).to_contain_text("照片收到了", timeout=ARRIVES)
    assert len(served.api.pictures) == 1


async def test_a_file_that_is_no_picture_is_said_in_words(phone: Phone, tmp_path: Path) -> None:
    path = tmp_path / "x.jpg"
    path.write_bytes(b"<svg onload=alert(1)>")
    await phone.tool("照片").click()
    await phone.page.locator("#album").set_input_files(path)
    await expect(phone.page.locator("#problem")).to_have_text("这张照片打不开。请重新拍一张，或换一张。")
