"""The room of conversations over HTTP: the lists, the search, one conversation and the case beside it, and nothing of another place."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.audit import Deed
from bot.forms.model import Sheet
from tests.console.conftest import Office
from tests.console.deeds import DEEDS, audited, deeds
from tests.console.door import outside
from tests.console.talking import ELSEWHERE, HERE, officer, queued, reread, resident

PHONE = "13800138000"


async def test_lists_show_whom_they_belong_to_and_nothing_personal(office: Office) -> None:
    chen, _ = await officer(office, "chen")
    here = await queued(office.desk, f"我想找人，电话{PHONE}", sender="o-1")
    there = await queued(office.desk, sender="o-2", region=ELSEWHERE)
    page = await (await chen.get("/conversations?view=queue")).text()
    assert f"/conversations/{here.id}?view=queue" in page
    assert there.id not in page
    assert PHONE not in page
    assert "洪山区" in page
    for view in ("mine", "distress", "overdue", "waiting", "closed"):
        other = await (await chen.get(f"/conversations?view={view}")).text()
        assert here.id not in other, view


async def test_an_empty_list_says_what_will_be_there(office: Office) -> None:
    chen, _ = await officer(office, "chen")
    assert "您手上没有会话" in await (await chen.get("/conversations?view=mine")).text()
    assert (await chen.get("/conversations?view=nonsense")).status == 200


async def test_one_conversation_shows_who_said_what_and_on_what_ground(office: Office) -> None:
    chen, _ = await officer(office, "chen")
    talk = await queued(office.desk, "低保怎么申请")
    answer = await chen.get(f"/conversations/{talk.id}?view=queue")
    page = await answer.text()
    assert answer.status == 200
    for words in (
        "居民",
        "低保怎么申请",
        "机器人",
        "先到乡镇（街道）窗口问。",
        "《社会救助法》第18条",
        "想找人工",
        "进入待接",
    ):
        assert words in page, words
    assert "认领" in page
    assert 'id="reply"' not in page, "nobody replies before it is theirs"


async def test_opening_one_leaves_a_line(office: Office) -> None:
    chen, who = await officer(office, "chen")
    talk = await queued(office.desk)
    await chen.get(f"/conversations/{talk.id}")
    assert (who.staff.id, Deed.READ) in await deeds(office.desk, talk.id)


@pytest.mark.parametrize("deed", DEEDS)
async def test_what_is_another_places_is_not_there(office: Office, deed: str) -> None:
    chen, _ = await officer(office, "chen")
    talk = await queued(office.desk, region=ELSEWHERE)
    before = await reread(office.desk, talk)
    assert (await chen.get(f"/conversations/{talk.id}")).status == 404
    refused = await chen.post(f"/conversations/{talk.id}/{deed}", None, **DEEDS[deed])
    nobody = await chen.post(f"/conversations/nothing/{deed}", None, **DEEDS[deed])
    assert (refused.status, nobody.status) == (404, 404)
    assert (await refused.text()).replace(talk.id, "") == (await nobody.text()).replace("nothing", "")
    assert await reread(office.desk, talk) == before
    assert await deeds(office.desk, talk.id) == []


async def test_labels_come_and_go_and_are_found(office: Office) -> None:
    chen, _ = await officer(office, "chen")
    talk = (await queued(office.desk)).id
    await chen.post(f"/conversations/{talk}/label", name="急用药")
    assert "急用药" in await (await chen.get(f"/conversations/{talk}")).text()
    assert talk in await (await chen.post("/conversations", q="急用药")).text()
    assert talk not in await (await chen.post("/conversations", q="没有这个")).text()
    await chen.post(f"/conversations/{talk}/label", name="急用药", off="yes")
    assert "急用药" not in await (await chen.get(f"/conversations/{talk}")).text()


async def test_a_number_finds_the_talks_of_its_owner_and_leaves_a_line(office: Office) -> None:
    chen, _ = await officer(office, "chen")
    far, _ = await officer(office, "zhou", ELSEWHERE)
    talk = await resident(office.desk, "我的低保办得怎么样")
    async with office.desk.store.writing() as work:
        person = await work.people.make(talk.id, office.desk.clock.now(), "test")
        await work.people.change(person.id, office.desk.clock.now(), name="王桂英", phone=PHONE)
        await work.commit()
    found = await (await chen.post("/conversations", q=PHONE)).text()
    assert talk.id in found
    assert talk.id not in await (await far.post("/conversations", q=PHONE)).text()
    assert talk.id not in await (await chen.post("/conversations", q="13800138001")).text()
    page = await (await chen.get(f"/conversations/{talk.id}")).text()
    assert "王**" in page
    assert "王桂英" not in page
    lines = await audited(office.desk)
    assert [dict(line.about) for line in lines if line.deed is Deed.SEARCH] == [
        {"by": "phone", "found": 1},
        {"by": "phone", "found": 0},
        {"by": "phone", "found": 0},
    ]
    assert not [line for line in lines if PHONE in str(line)]


async def test_the_case_stands_beside_the_talk_with_its_last_day(office: Office) -> None:
    chen, _ = await officer(office, "chen")
    talk, now = await queued(office.desk), office.desk.clock.now()
    today = office.desk.today()
    async with office.desk.store.writing() as work:
        person = await work.people.make(talk.id, now, "test")
        cases = {}
        for region, due in ((HERE, today + timedelta(days=7)), (ELSEWHERE, today - timedelta(days=1))):
            sheet = Sheet("dibao")
            draft = await work.drafts.open(talk.id, person.id, "application", "dibao", sheet, {}, now)
            cases[region] = await work.cases.add(draft, "dibao", region, "submitted", "", now, due=due)
            await work.drafts.save(draft, now, state="done")
        for to in ("accepted", "investigating", "publicizing"):
            cases[HERE] = await work.cases.move(
                cases[HERE], to, "officer:陈工", "家里有病人", now, today + timedelta(days=7)
            )
        await work.commit()
    here, there = cases[HERE], cases[ELSEWHERE]
    page = await (await chen.get(f"/conversations/{talk.id}")).text()
    assert f'href="/cases/{here.id}"' in page
    assert f"尾号 {here.number[-4:]}" in page
    steps = re.findall('<li class="small">([^<]+)</li>', page)
    assert steps == ["11-25 正在公示", "11-25 正在调查", "11-25 已受理"], "the last three, the newest first"
    assert "家里有病人" not in page
    # Thursday to Wednesday: a weekend lies between.
    assert "最后一天 2026年12月2日，还剩5个工作日" in page
    assert there.id not in page, "another place's case is not theirs, though the talk is"
    assert here.number not in page


async def test_a_stranger_is_shown_the_door(office: Office) -> None:
    nobody = await outside(office)
    answer = await nobody.get("/conversations")
    assert (answer.status, answer.headers["Location"]) == (303, "/sign-in")
