"""The pages of reviewing and publishing in a browser: they fit at 1440, 820 and on a phone, and run nothing foreign.

With SCREENSHOTS naming a folder a picture is taken of each.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from playwright.async_api import Browser

from bot.clock import FixedClock
from bot.desk.publicity import deciding, proposals, publishing, stopping
from bot.desk.publicity.meaning import OwnMeaning
from bot.staff import Role
from tests.browser.axes import stumbles
from tests.browser.office import Console, a_console, hired
from tests.desk.publicity.conftest import KEY, CharacterEncoder, small
from tests.in_force import real

pytestmark = pytest.mark.asyncio(loop_scope="module")
SIZES = {"1440": (1440, 900), "820": (820, 1180), "390": (390, 844)}
NOTICE = "社会救助法"
HOSTILE = '<img src=x onerror="window.__hit=1"><script>window.__hit=1</script>'


@pytest.mark.proof
async def test_every_page_fits_and_runs_nothing_foreign(browser: Browser, tmp_path: Path) -> None:
    async with a_console(browser, tmp_path, FixedClock.on(date(2026, 11, 25))) as console:
        desk = console.desk
        await console.publish([one for one in real() if small(one)], HOSTILE)
        object.__setattr__(desk, "meaning", OwnMeaning(desk.store, (CharacterEncoder("a"), CharacterEncoder("b"))))
        ed, ann = (
            await hired(console.desk, "ed", "编辑小王", Role.EDITOR),
            await hired(console.desk, "ann", "审核老李", Role.APPROVER),
        )
        seen = {}
        async with desk.store.reading() as work:
            there = await proposals.published_entries(work, 1)
        old = there["answer", KEY].data
        title = old["title"]
        guard = {"id": "q-1", "question": title, "region": "000000", "expect": f"answer:{KEY}", "why": HOSTILE}
        for kind, key, data in (
            ("protected", "q-1", guard),
            (
                "answer",
                KEY,
                {
                    **old,
                    "text": f"{old['text']}可以打12345问。\n{HOSTILE}\n",
                    "scope": {**old["scope"], "to": "2026-12-02"},
                },
            ),
        ):
            draft = await proposals.start(desk, ed, kind, key, data)
            (sent,) = await proposals.submit(desk, ed, {draft.id: draft.version}, HOSTILE)
            seen[sent.id] = sent.version
        await publishing.publish(desk, ann, seen, approving=True)
        await stopping.stop(desk, ann, "answer", "tekun-apply", "420100", HOSTILE)
        await desk.editions.refresh()
        waiting = []
        async with desk.store.reading() as work:
            there = await proposals.published_entries(work, await work.editions.head())
        for kind, key in (("answer", KEY), ("answer", "dibao-apply"), ("protected", "q-1")):
            now = there[kind, key].data
            changed = None if kind == "protected" else {**now, "text": f"{now['text']}另一句话。\n"}
            draft = await proposals.start(desk, ed, kind, key, changed)
            (sent,) = await proposals.submit(desk, ed, {draft.id: draft.version}, "补一句\n" + HOSTILE)
            await proposals.comment(desk, ed, sent.id, HOSTILE)
            waiting.append(sent.id)
        written = await deciding.falling(desk, ed, NOTICE, "2026-12-31")
        first = next(row for row in written.rows if row.proposal is None)
        await deciding.decide(desk, ed, NOTICE, written.fall.day, "", [deciding.Choice(first.kind, first.key, "end")])
        await console.become(ann)
        pages = {
            "board": "/publishing",
            "review": f"/publishing/{waiting[0]}",
            "review-protected": f"/publishing/{waiting[2]}",
            "together": "/publishing/together?" + "&".join(f"id={one}" for one in waiting),
            "stops": f"/stops?of=answer&target={KEY}",
            "editions": "/editions",
            "edition": "/editions/2",
            "history": f"/history?kind=answer&key={KEY}",
            "register": "/register",
            "fall": "/register/one?document=社会救助法&on=2026-12-31",
            "try": "/try",
            "ed-fall": f"/register/one?document={NOTICE}&on=2026-12-31",
            "ed-try": f"/try?draft={waiting[0]}",
            "ed-protected": "/drafts/new?kind=protected",
        }
        for name, path in pages.items():
            if name == "ed-fall":
                await console.become(ed)
            for size, (width, height) in SIZES.items():
                await console.page.set_viewport_size({"width": width, "height": height})
                await _opens(console, path)
                if name.endswith("try"):
                    await console.page.get_by_label("居民这样问").fill("特困人员怎么申请")
                    await console.page.get_by_label("在哪里").fill("420100 湖北省武汉市")
                    await console.page.get_by_role("button", name="问", exact=True).click()
                    await console.page.locator("#why table").wait_for()
                wide = await console.page.evaluate("document.documentElement.scrollWidth - innerWidth")
                assert wide <= 0, (name, size, wide)
                if size == "1440":
                    assert await stumbles(console.page) == [], name
                if os.environ.get("SCREENSHOTS"):
                    picture = Path(os.environ["SCREENSHOTS"]) / f"publishing-{size}-{name}.png"
                    await console.page.screenshot(path=picture, full_page=size != "1440")
        assert console.foreign == []


async def _opens(console: Console, path: str) -> None:
    answer = await console.page.goto(str(console.server.make_url(path)))
    assert answer is not None
    assert answer.status == 200, (path, await answer.text())
    assert path.partition("?")[0] in console.page.url, console.page.url
    assert await console.page.evaluate("window.__hit === undefined"), path
    assert await console.page.evaluate("window.__reports || []") == [], path
    assert await console.page.locator("main img, main script, [onerror], [style]").count() == 0, path
