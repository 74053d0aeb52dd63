"""The editors' pages in Chromium: they fit at a desk and on a tablet, look as in the pictures, and answer while one types."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import cycle
from urllib.parse import urlencode

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.clock import FixedClock
from bot.desk.publicity import proposals
from bot.desk.publicity.overrides import write_another
from bot.knowledge.files import read_folder
from bot.staff import Role, Staff
from tests.browser.office import FOREIGN, ROOT, Console, a_console, hired
from tests.browser.visiting import shoot
from tests.desk.conftest import DAY

SIZES = {1440: 900, 820: 1180}
KEY = "dibao-days"
PAYLOADS = (ROOT / "tests" / "samples" / "xss.txt").read_text(encoding="utf-8").splitlines()
OWN = {"script", "details", "textarea"}
"""What our pages have too."""
STRANGE = (
    ", ".join(name for name in FOREIGN.split(", ") if name not in OWN) + ", script:not([src='/static/publicity.js'])"
)
expect.set_options(timeout=60_000)
pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class Room(Console):
    editor: Staff


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def room(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Room]:
    async with a_console(browser, tmp_path_factory.mktemp("publicity"), FixedClock.on(DAY)) as console:
        # What is typed is looked at by the server half a second later; a machine with other work may take its time.
        console.context.set_default_timeout(60_000)
        await console.publish(read_folder(ROOT / "content").entries)
        made = Room(**vars(console), editor=await hired(console.desk, "lin", "林编辑", Role.EDITOR))
        await made.become(made.editor)
        yield made


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def drafts(room: Room) -> dict[str, str]:
    """Draft of each kind that is edited with the same page, and one of a county's own version."""
    local = await write_another(room.desk, room.editor, KEY, "420111")
    data = {**(local.data or {}), "text": "洪山区一般20个工作日内办完。\n到期没消息，请打027-85750000。\n"}
    local = await proposals.save(room.desk, room.editor, local.id, local.version, data)
    made = {"answer": local.id}
    content = room.desk.edition.content
    for kind, shelf in (("standard", content.standards), ("hotline", content.hotlines), ("hours", content.hours)):
        made[kind] = (await proposals.start(room.desk, room.editor, kind, next(iter(shelf)))).id
    made["words"] = (await proposals.start(room.desk, room.editor, "words", "distress_life")).id
    return made


@pytest.mark.parametrize("width", SIZES)
async def test_each_page_fits_and_looks_as_in_the_pictures(room: Room, drafts: dict[str, str], width: int) -> None:
    await room.page.set_viewport_size({"width": width, "height": SIZES[width]})
    pages = {
        "list": "/answers",
        "standards": "/answers?kind=standard",
        "one": "/answers/one?" + urlencode({"kind": "answer", "key": KEY}),
        "draft": f"/drafts/{drafts['answer']}",
        "draft-standard": f"/drafts/{drafts['standard']}",
        "draft-hours": f"/drafts/{drafts['hours']}",
        "words": "/answers?kind=words",
        "draft-words": f"/drafts/{drafts['words']}",
        "new": "/drafts/new?kind=answer&programme=dibao",
    }
    for name, path in pages.items():
        await room.show(path)
        await shoot(room.page, f"console-answers-{width}-{name}")
        await room.page.evaluate("scrollTo(0, 700)")
        await shoot(room.page, f"console-answers-{width}-{name}-below")


async def test_what_is_typed_is_judged_and_shown_at_once(room: Room, drafts: dict[str, str]) -> None:
    page = room.page
    await page.set_viewport_size({"width": 1440, "height": 900})
    await room.show(f"/drafts/{drafts['answer']}")
    await page.locator("#box-text").fill("您必须在20个工作日内办完。\n到期没消息，请打12345。")
    await expect(page.locator("#hints-text")).to_contain_text("写了“必须”，像在命令")
    await expect(page.locator(".phone.wechat .bubble")).to_contain_text("您必须在20个工作日内办完")
    await expect(page.locator("#tally")).to_contain_text("有1处要改")
    await expect(page.locator("#unsaved")).to_be_visible()
    await shoot(page, "console-answers-1440-refused")
    await page.locator("#box-text").fill("洪山区20个工作日内办完。\n到期没消息，请打12345。")
    await expect(page.locator("#tally")).to_contain_text("没有要改的")
    await page.keyboard.press("Control+S")
    await page.wait_for_load_state()
    await expect(page.locator("#unsaved")).to_be_hidden()
    await expect(page.locator("#box-text")).to_have_value("洪山区20个工作日内办完。\n到期没消息，请打12345。\n")


async def test_a_place_is_picked_from_the_tree_and_a_clause_row_added_by_keyboard(
    room: Room, drafts: dict[str, str]
) -> None:
    page = room.page
    await room.show("/drafts/new?kind=answer")
    place = page.locator("[name='scope.region']")
    await place.fill("洪山")
    await expect(page.locator("#places option[value^='420111']")).to_have_count(1)
    await place.fill("420111 湖北省武汉市洪山区")
    rows = page.locator("[data-rows]").first.locator(".clause")
    before = await rows.count()
    await page.get_by_role("button", name="＋ 再加一条").first.press("Enter")
    await expect(rows).to_have_count(before + 1)
    await expect(rows.last.locator("select")).to_be_focused()
    await rows.last.locator("select").select_option("社会救助法")
    await rows.last.locator("input").focus()
    offered = await rows.last.locator("input").get_attribute("list")
    assert await page.locator(f"#{offered} option").count() > 10, "clauses that are cited of that law"


async def test_the_list_works_by_keyboard(room: Room) -> None:
    page = room.page
    page.once("dialog", lambda dialog: dialog.accept())
    await room.show("/answers")
    await page.keyboard.press("/")
    await expect(page.locator("#find")).to_be_focused()
    await page.keyboard.press("Escape")
    await page.keyboard.press("j")
    await page.keyboard.press("j")
    await expect(page.locator("#rows a").nth(1)).to_be_focused()


async def hostile(room: Room, number: int, payloads: list[str]) -> None:
    """A draft with one of them in each box, opened and looked at while somebody types."""
    page, key = room.page, f"x-{number}"
    one = cycle(payloads)
    data = {
        "id": key, "title": next(one), "programme": "general", "aspect": "x", "text": next(one), "short": next(one),
        "basis": [{"document": next(one), "clause": next(one)}], "phrasings": [next(one), next(one)],
        "scope": {"from": next(one), "to": next(one), "channels": [next(one)]}, "lookup": next(one),
    }  # fmt: skip
    made = await proposals.start(room.desk, room.editor, "answer", key, data, note=next(one))
    await room.show(f"/drafts/{made.id}")
    assert await page.locator(STRANGE).count() == 0, payloads
    assert (await page.locator("#box-title").input_value()).strip() == str(data["title"]).strip()
    assert (await page.locator("#box-text").input_value()).strip() == str(data["text"]).strip()
    async with page.expect_response("**/look"):
        await page.locator("#box-title").press("Space")
    await expect(page.locator("#tally")).to_contain_text("要改")
    assert await page.locator(STRANGE).count() == 0, payloads
    await room.sound(str(payloads))
    page.once("dialog", lambda dialog: dialog.accept())
    asked = dict(zip(("words", "place", "document", "state", "link", "name", "village", "typed"), cycle(payloads)))
    for address in ("/answers", "/posters"):
        await page.goto(str(room.server.make_url(address).with_query(asked)))
        await room.sound(f"{address} {payloads}")


async def test_hostile_text_in_the_boxes_is_only_text(room: Room) -> None:
    """A-54: what somebody typed, or a file brought, is shown as it is on each of the desk's pages."""
    for number in range(0, len(PAYLOADS), 9):
        await hostile(room, number, PAYLOADS[number : number + 9])
    await room.show("/answers?state=draft")
    shown = " ".join(" ".join(await room.page.locator("#rows td:first-child").all_inner_texts()).split())
    assert all(" ".join(PAYLOADS[number].split()) in shown for number in range(0, len(PAYLOADS), 9))


@pytest.mark.proof
async def test_each_hostile_text_in_each_box_is_only_text(room: Room) -> None:
    for number, payload in enumerate(PAYLOADS):
        await hostile(room, 1000 + number, [payload])


async def test_the_poster_fits_its_paper(room: Room) -> None:
    asked = {"place": "420111", "name": "关山街道虎泉社区", "link": "http://weixin.qq.com/q/02Zs5kXxxxxxxxx10000M07x"}
    for kind in ("poster", "cards"):
        await room.show("/posters?" + urlencode(asked | {"kind": kind}))
        await shoot(room.page, f"console-answers-1440-{kind}")
