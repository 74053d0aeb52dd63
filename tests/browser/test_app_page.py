"""The resident's page in Chromium, as wide as a phone: what is said, what arrives and how, who reads in which way. The house
behind it is scripted; `test_app_journey.py` has the real one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, expect

from bot.desk.desk import Desk
from tests.browser.app_words import CASE, TO_SIGN, script
from tests.browser.resident import VOICE, Phone, a_bare_desk, a_phone
from tests.fakes.app_api import Served, an_app_page

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    async with a_bare_desk(tmp_path_factory.mktemp("page")) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def served(desk: Desk) -> AsyncIterator[Served]:
    async with an_app_page(desk, script) as made:
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def phone(browser: Browser, served: Served) -> AsyncIterator[Phone]:
    async with a_phone(browser, served.url) as made:
        await expect(made.last).to_contain_text("这里是救助通")
        yield made
        await made.sound()


async def test_a_question_its_options_and_the_answer_as_a_card(phone: Phone, served: Served) -> None:
    await phone.say("低保怎么办")
    await expect(phone.last).to_contain_text("想问哪一项")
    await expect(phone.page.locator("#typing")).to_be_hidden()
    rows = phone.last.get_by_role("button")
    assert await rows.all_inner_texts() == ["1. 低保怎么申请", "2. 临时救助怎么申请", "3. 找人工"]
    wide = await rows.evaluate_all("rows => rows.map(row => row.offsetWidth === row.closest('ul').offsetWidth)")
    assert wide == [True] * 3
    await rows.first.click()
    await expect(phone.mine.last).to_contain_text("低保怎么申请")
    await expect(phone.last.get_by_role("heading")).to_have_text("低保看哪些条件")
    line = phone.last.locator("summary")
    await expect(line).to_have_text("依据：《社会救助法》第18条、第23条 · 截至 2026-11-26 · 湖北省武汉市")
    await line.click()
    await expect(phone.last.locator("li").first).to_have_text("《社会救助法》，第18条，2026年7月1日起")
    assert served.api.said() == ["低保怎么办", "低保怎么申请"]


async def test_a_stiff_finger_taps_twice_and_says_it_once(phone: Phone, served: Served) -> None:
    await phone.page.locator("#talk .option").first.dblclick()
    await expect(phone.last).to_contain_text("低保看一家人")
    assert served.api.said() == ["低保怎么申请"]


async def test_times_and_days_are_chinas(phone: Phone) -> None:
    await expect(phone.page.locator("#talk .day")).to_have_text("2026年11月26日星期四")
    await expect(phone.page.locator("#talk time").nth(1)).to_have_text("10:00")


async def test_a_person_the_queue_and_the_form_are_seen(phone: Phone, served: Served) -> None:
    await phone.page.get_by_role("button", name="人工").click()
    await expect(phone.mine.last).to_contain_text("人工")
    served.api.stand(holder="queue", waiting={"place": 3, "minutes": 5})
    await expect(phone.page.locator("#waiting")).to_contain_text("前面还有 2 位，大约 5 分钟")
    await phone.page.get_by_role("button", name="不等了").click()
    await expect(phone.mine.last).to_contain_text("不等了")
    served.api.stand(form={"kind": "application", "step": 3, "of": 8})
    await expect(phone.page.locator("#form-bar")).to_contain_text("第 3 步，共 8 步")
    await expect(phone.page.locator("#waiting")).to_be_hidden()
    served.api.stand(typing=True)
    await expect(phone.page.locator("#typing")).to_be_visible()
    served.api.say(author="officer", text="我是陈工。")
    await expect(phone.said("officer").last).to_contain_text("我是陈工。")


async def test_enter_sends_but_not_while_a_word_is_being_chosen(phone: Phone, served: Served) -> None:
    field = phone.page.get_by_label("写一句话")
    await field.fill("di")
    await field.evaluate("""e => { for (const more of [{ isComposing: true }, { keyCode: 229 }])
        e.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, ...more })) }""")
    await field.press("Shift+Enter")
    assert await field.input_value() == "di\n"
    small = await field.evaluate("e => e.offsetHeight")
    await field.fill("一行\n两行\n三行\n四行")
    assert await field.evaluate("e => e.offsetHeight") > small
    await field.press("Enter")
    await expect(field).to_have_value("")
    await expect(phone.mine).to_have_count(1)
    assert await field.evaluate("e => e.offsetHeight") <= small
    assert served.api.said() == ["一行\n两行\n三行\n四行"]


async def test_everything_is_done_from_the_keyboard(phone: Phone) -> None:
    page = phone.page
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="跳到输入框")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.type("救助")
    await page.keyboard.press("Enter")
    await expect(phone.last).to_contain_text("想问哪一项")
    await expect(page.get_by_label("写一句话")).to_be_focused()
    await page.keyboard.press("Shift+Tab")
    assert await page.evaluate("document.activeElement.textContent") == "3. 找人工"
    await page.keyboard.press("Enter")
    await expect(phone.mine.last).to_contain_text("找人工")
    more = phone.tool("更多")
    await more.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("link", name="我的申请")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(more).to_be_focused()
    await more.press("Enter")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="我的申请")).to_be_focused()


async def test_what_arrives_is_told_to_a_screen_reader_and_what_was_there_is_not(phone: Phone) -> None:
    log = phone.page.get_by_role("log", name="消息")
    await expect(log).to_have_attribute("aria-live", "polite")
    assert await log.locator(".said.bot .unseen").first.inner_text() == "救助通："
    await phone.context.add_init_script("""window.__told = []; new MutationObserver(changes => {
      for (const { target, addedNodes } of changes) for (const one of addedNodes)
        if (target.id === "talk") window.__told.push([target.getAttribute("aria-live"), one.className]);
    }).observe(document, { subtree: true, childList: true })""")
    await phone.page.reload()
    await expect(log).to_have_attribute("aria-live", "polite")
    await phone.say("条件")
    await expect(phone.last).to_contain_text("低保看一家人")
    told = await phone.page.evaluate("window.__told.filter(([, kind]) => kind.startsWith('said'))")
    assert told[0] == ["off", "said bot"]
    assert told[-1] == ["polite", "said bot"]


async def test_a_place_is_chosen_from_lists_and_the_phone_is_not_asked_where_it_is(
    phone: Phone, served: Served
) -> None:
    await phone.page.evaluate("() => { navigator.geolocation.getCurrentPosition = () => { window.__asked = true } }")
    await phone.tool("位置").click()
    await expect(phone.page.get_by_role("heading", name="您现在在哪里？")).to_be_focused()
    await phone.page.get_by_label("省、自治区、直辖市").select_option(label="湖北省")
    await phone.page.get_by_label("市、州").select_option(label="武汉市")
    await phone.page.get_by_label("区、县").select_option(label="洪山区")
    await phone.page.get_by_label("街道、社区").fill("关山街道")
    await phone.page.locator("#placing").get_by_role("button", name="发送").click()
    await expect(phone.last).to_contain_text("您在湖北省武汉市洪山区关山街道")
    assert await phone.page.evaluate("window.__asked") is None
    await phone.tool("位置").click()
    await phone.page.get_by_label("省、自治区、直辖市").select_option(label="北京市")
    await expect(phone.page.get_by_label("市、州").locator("option", has_text="东城区")).to_have_count(1)
    await expect(phone.page.get_by_label("区、县", exact=True)).to_have_count(0)


async def test_an_empty_place_is_said_in_words_under_the_field(phone: Phone) -> None:
    await phone.tool("位置").click()
    await phone.page.locator("#placing").get_by_role("button", name="发送").click()
    await expect(phone.page.locator("#placing-problem")).to_have_text("请选一个地方，或者写出来。")


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


async def test_large_type_is_remembered_and_shows_the_first_sentences(phone: Phone, served: Served) -> None:
    large = phone.page.get_by_role("button", name="大字")
    await large.click()
    await expect(large).to_have_attribute("aria-pressed", "true")
    await phone.page.reload()
    await expect(phone.page.get_by_label("写一句话")).to_have_css("font-size", "22px")
    await expect(phone.last).to_have_css("line-height", "34px")
    await phone.say("条件")
    await expect(phone.last.locator("summary")).to_be_visible()
    text = await phone.last.locator("p").first.inner_text()
    assert len(text) <= 120
    assert text.endswith("算数。")
    await phone.last.get_by_role("button", name="接着看").click()
    await expect(phone.last).to_contain_text("或打12345。")
    await large.click()
    await phone.page.reload()
    await expect(phone.page.get_by_label("写一句话")).to_have_css("font-size", "16px")


async def test_replies_are_read_aloud_where_the_phone_has_a_voice(
    browser: Browser, served: Served, phone: Phone
) -> None:
    await expect(phone.page.locator(".read").first).to_be_hidden()
    async with a_phone(browser, served.url) as other:
        await other.context.add_init_script(VOICE)
        await other.page.reload()
        await expect(other.last).to_be_visible()
        await other.page.locator(".read").first.click()
        spoken = await other.page.evaluate("window.__spoken")
        assert spoken[0].startswith("您好，这里是救助通。")
        assert spoken[0].endswith("1，低保怎么申请。2，临时救助是什么")
        await other.tool("更多").click()
        await other.page.get_by_role("button", name="新回复读出来").click()
        await other.page.keyboard.press("Escape")
        await other.say("条件")
        await expect(other.last).to_contain_text("低保看一家人")
        assert [one for one in await other.page.evaluate("window.__spoken") if "低保看一家人" in one]


async def test_where_no_stream_comes_through_it_asks_again(browser: Browser, served: Served) -> None:
    served.api.silent_streams = True
    async with a_phone(browser, served.url) as phone:
        await phone.page.clock.install()
        await phone.page.reload()
        await expect(phone.page.locator("#skeleton")).to_be_hidden()
        await asyncio.sleep(0.3)
        await phone.page.clock.run_for(9000)
        await phone.say("条件")
        await phone.page.clock.run_for(3000)
        for _ in range(20):
            if "低保看一家人" in " ".join(await phone.said("bot").all_inner_texts()):
                break
            await phone.page.clock.run_for(2500)
            await asyncio.sleep(0.1)
        await expect(phone.last).to_contain_text("低保看一家人")
        await expect(phone.mine).to_have_count(1)
        await phone.sound()


async def test_a_bureaus_app_says_who_it_is_in_the_address(browser: Browser, served: Served) -> None:
    async with a_phone(browser, f"{served.url}#assertion=eyJ.a.b") as phone:
        await expect(phone.last).to_be_visible()
        assert served.api.vouched == ["eyJ.a.b"]
        assert "assertion" not in phone.page.url
        assert await phone.page.evaluate("history.length") == 2, "going back must not show it again"
    async with a_phone(browser, f"{served.url}#assertion=forged") as phone:
        await expect(phone.page.locator("#problem")).to_contain_text("没能认出您")
        await phone.say("你好")
        await expect(phone.mine).to_have_count(1)


async def test_after_a_session_ends_the_page_opens_another(phone: Phone, served: Served) -> None:
    served.api.talks.clear()
    await phone.say("你好啊")
    await expect(phone.last).to_contain_text("你好啊")
    assert served.api.sessions == 2
    assert served.api.said() == ["你好啊"]


async def test_clearing_leaves_nothing_of_anybody_on_a_shared_phone(phone: Phone, served: Served) -> None:
    await phone.page.get_by_role("button", name="大字").click()
    await phone.say("我叫王桂英")
    await expect(phone.last).to_contain_text("王桂英")
    await phone.page.get_by_label("写一句话").fill("身份证")
    await phone.tool("更多").click()
    await phone.page.get_by_role("button", name="清除本机记录").click()
    await phone.page.get_by_role("button", name="清除", exact=True).click()
    await expect(phone.mine).to_have_count(0)
    await expect(phone.last).to_contain_text("这里是救助通")
    await expect(phone.page.get_by_label("写一句话")).to_have_value("")
    kept = await phone.page.evaluate("Object.entries(localStorage).map(([k, v]) => k + v).join()")
    assert "王桂英" not in kept
    assert "s1" not in kept
    assert "jiuzhutong.large" in kept
    assert served.api.sessions == 2


async def test_without_scripts_one_sentence_says_where_to_call(browser: Browser, served: Served) -> None:
    async with a_phone(browser, served.url, wait=False, java_script_enabled=False) as phone:
        await expect(phone.page.locator("noscript .notice, .notice").first).to_contain_text("请打 12345")


async def test_a_site_that_shows_the_page_hands_over_who_it_is_and_no_other_site_can(
    browser: Browser, desk: Desk, served: Served
) -> None:
    """By `postMessage`, from the named origin; the page beside it, of another origin, says the same and is not heard."""
    async with _sites() as (bureau, stranger), an_app_page(desk, script, [bureau.base]) as part:
        context = await browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
        page = await context.new_page()
        bureau.frames = stranger.frames = f"{part.url}?embed=1"
        await page.goto(f"{stranger.base}/")
        await expect(page.locator("#blocked")).to_have_text("loaded")
        assert part.api.sessions == 0, "not shown there at all"
        await page.goto(f"{bureau.base}/")
        frame = page.frame_locator("iframe")
        await expect(frame.locator("#talk .said.bot").first).to_contain_text("这里是救助通")
        await expect(frame.locator(":root.embedded")).to_have_count(1)
        await _until(lambda: part.api.vouched == ["signed-for-wang"])
        await context.close()


@dataclass
class Site:
    base: str
    frames: str = ""


@asynccontextmanager
async def _sites() -> AsyncIterator[tuple[Site, Site]]:
    """Two sites that frame the page and answer its `ready` with an assertion."""
    made, servers = [], []
    for _ in range(2):
        app, site = web.Application(), Site("")
        app.router.add_get("/", _framing(site))
        server = TestServer(app)
        await server.start_server()
        servers.append(server)
        site.base = str(server.make_url("")).rstrip("/")
        made.append(site)
    try:
        yield made[0], made[1]
    finally:
        for server in servers:
            await server.close()


def _framing(site: Site) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def shown(_: web.Request) -> web.Response:
        text = f"""<!doctype html><p id=blocked></p><script>
          addEventListener("message", event => {{
            if (event.data.jiuzhutong === "ready") event.source.postMessage({{ assertion: "signed-for-wang" }}, event.origin);
          }});
        </script><iframe src="{site.frames}" width=380 height=700 onload="blocked.textContent = 'loaded'"></iframe>"""
        return web.Response(text=text, content_type="text/html")

    return shown


async def _until(so: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not so():
            await asyncio.sleep(0.05)
