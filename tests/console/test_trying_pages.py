"""The test pane: who won and what was taken away, drafts and what is due by a day, and a question protected from there."""

from __future__ import annotations

import re
from datetime import date

from bot.desk.publicity import proposals
from tests.console.door import inside
from tests.console.hall import text
from tests.console.test_publishing_pages import Room
from tests.console.test_publishing_pages import room as room
from tests.desk.publicity.conftest import KEY
from tests.desk.publicity.conftest import content as content
from tests.desk.publicity.conftest import team as team
from tests.desk.publicity.test_proposals import worded


async def test_the_test_pane_shows_who_won_and_what_was_taken_away(room: Room) -> None:
    local = await room.team.entry()
    local |= {
        "id": "tekun-what-wuhan",
        "scope": {"region": "420100", "from": "2026-07-01"},
        "phrasings": [f"武汉的特困说法{number}是指什么" for number in "一二三四五六"],
        "title": "武汉特困人员说的是谁",
    }
    draft = await proposals.start(room.team.desk, room.team.ed, "answer", "tekun-what-wuhan", local)
    (sent,) = await proposals.submit(room.team.desk, room.team.ed, {draft.id: draft.version})
    await room.ann.post("/reviews", id=sent.id, version=str(sent.version), do="publish")
    asked = await room.ann.post(
        "/try", question=room.team.desk.edition.answers[KEY].title, place="", day="2026-11-25", channel="wechat"
    )
    page = await asked.text()
    assert asked.status == 200, page
    assert "100%" in page
    assert "武汉特困人员说的是谁：只管湖北省武汉市" in page
    assert "给了这一条" in page
    there = await (
        await room.ann.post("/try", question="特困人员是什么意思", place="武汉市", day="2026-11-25", channel="wechat")
    ).text()
    assert "特困人员是什么意思：有更近的一条管这里" in there
    before = await (
        await room.ann.post("/try", question="特困人员是什么意思", place="", day="2020-01-01", channel="wechat")
    ).text()
    assert "才开始用" in before
    assert (await room.ann.post("/try", question="", place="", day="", channel="")).status == 400
    assert (await room.ann.post("/try", question="低保", place="火星", day="", channel="")).status == 400


async def test_a_draft_is_asked_before_anybody_publishes_it(room: Room) -> None:
    """What residents would get with it beside what they get now; no resident meets it, nothing is kept."""
    draft = await proposals.start(room.team.desk, room.team.ed, "answer", KEY)
    data = worded(await room.team.entry(), "这句只在草稿里。")
    draft = await proposals.save(room.team.desk, room.team.ed, draft.id, draft.version, data)
    assert f"/try?draft={draft.id}" in await text(room.ed, f"/drafts/{draft.id}")
    form = await text(room.ed, f"/try?draft={draft.id}")
    assert f'value="{draft.id}" checked' in form
    asked = {"question": data["title"], "place": "", "day": "2026-11-25", "channel": "wechat"}
    with_it = await (await room.ed.post("/try", **asked, draft=draft.id)).text()
    assert with_it.count("这句只在草稿里。") == 1
    assert "现在得到的" in with_it
    without = await (await room.ed.post("/try", **asked)).text()
    assert "这句只在草稿里。" not in without
    assert "现在得到的" not in without
    other = await (await room.ed.post("/try", **asked | {"question": "低保怎么申请"}, draft=draft.id)).text()
    assert "答得和现在一样" in other
    assert "这句只在草稿里。" not in room.team.desk.edition.answers[KEY].text
    assert (await room.ed.post("/try", **asked, draft="no-such")).status == 400


async def test_what_is_due_by_a_day_is_in_the_service_of_that_day(room: Room) -> None:
    data = worded(await room.team.entry(), "十二月起这样说。")
    await room.team.approved(KEY, data, on=date(2026, 12, 1))
    asked = {"question": data["title"], "place": "", "channel": "wechat"}
    for day, there in (("2026-11-30", False), ("2026-12-01", True), ("2027-01-05", True)):
        page = await (await room.ann.post("/try", **asked, day=day)).text()
        assert ("十二月起这样说。" in page) is there, day
        assert ("这些会先发布" in page) is there, day


async def test_another_places_draft_is_not_tried(room: Room) -> None:
    draft = await proposals.start(room.team.desk, room.team.ed, "answer", KEY)
    wuhan = await inside(room.office, room.team.wuhan)
    asked = {"question": "特困人员是什么意思", "place": "", "day": "", "channel": "wechat"}
    assert (await wuhan.post("/try", **asked, draft=draft.id)).status in (403, 404)
    assert draft.id not in await text(wuhan, "/try")


async def test_a_question_is_protected_from_the_pane_and_says_what_it_should_get(room: Room) -> None:
    title = room.team.desk.edition.answers[KEY].title
    asked = {"question": title, "place": "湖北省武汉市", "day": "", "channel": "wechat"}
    page = await (await room.ed.post("/try", **asked)).text()
    assert "保护这一问" in page
    assert "保护这一问" not in await (await room.ann.post("/try", **asked)).text()
    hidden = dict(re.findall(r'type="hidden" name="(question|region|expect|kind)" value="([^"]*)"', page))
    made = await room.ed.post("/drafts/new", **hidden, then="save")
    assert made.status == 303, await made.text()
    draft = await text(room.ed, made.headers["Location"])
    assert f'value="{title}（{KEY}）"' in draft
    assert "420100 湖北省武汉市" in draft
    assert "缺少“为什么要保住”" in draft
