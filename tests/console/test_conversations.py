"""The room of conversations over HTTP: lists, one conversation, and every deed, on a real store."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import pytest

from bot.audit import Deed, Line
from bot.conversations import Holder
from bot.desk.desk import Desk
from bot.desk.outbox import deliver_once
from bot.desk.ports import Message
from bot.forms.model import Sheet
from bot.messages import Author
from bot.staff import Role
from connectors.verdicts import fault
from connectors.wechat.errors import verdict_of
from tests.console.conftest import Office
from tests.console.door import Visitor, outside
from tests.console.talking import ELSEWHERE, HERE, officer, queued, reread, resident
from tests.desk.test_outbox import Post

PHONE = "13800138000"
DEEDS: dict[str, dict[str, str]] = {
    "claim": {},
    "reply": {"text": "我来看看"},
    "note": {"text": "街道已联系"},
    "wait": {},
    "give-back": {},
    "transfer": {"to": "queue", "reason": "今天休息"},
    "close": {"outcome": "solved"},
    "label": {"name": "急用药"},
    "reveal": {"field": "name", "reason": "核对身份"},
    "typing": {},
    "pictures/0": {"reason": "看看是什么"},
    "pictures/0/adopt": {"to": "case:identity"},
    "macro": {"macro": "accept", "sure": "send", "shown": "您好"},
    "priority": {"priority": "5"},
    "book": {"kind": "visit", "day": "2026-12-01", "hour": "09:30", "what": "看房子"},
}


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


async def test_one_claims_and_the_other_hears_who(office: Office) -> None:
    chen, one = await officer(office, "chen")
    li, _ = await officer(office, "liming")
    talk = await queued(office.desk)
    first = await chen.post(f"/conversations/{talk.id}/claim")
    assert (first.status, first.headers["Location"]) == (303, f"/conversations/{talk.id}?view=mine")
    second = await li.post(f"/conversations/{talk.id}/claim")
    assert second.status == 409
    assert f"{one.staff.name}已经接了" in await second.text()
    assert talk.id in await (await chen.get("/conversations?view=mine")).text()
    page = await (await li.get(f"/conversations/{talk.id}")).text()
    assert f"{one.staff.name}在办" in page
    assert 'id="reply"' not in page


async def test_a_reply_is_an_officers_row_under_their_name(office: Office) -> None:
    chen, who = await officer(office, "chen")
    talk = await claimed(office, chen)
    answer = await chen.post(f"/conversations/{talk}/reply", text="您家几口人？\r\n住在一起吗？", view="mine")
    assert (answer.status, answer.headers["Location"]) == (303, f"/conversations/{talk}?view=mine")
    rows = [row for row in await said(office.desk, talk) if row.author is Author.OFFICER]
    assert [(row.text, row.actor) for row in rows] == [("您家几口人？\n住在一起吗？", who.staff.id)]
    page = await (await chen.get(f"/conversations/{talk}")).text()
    assert f"工作人员 · {who.staff.name}" in page


@pytest.mark.parametrize(
    ("code", "said"), [(45015, "居民超过48小时没有来消息"), (45047, "回复条数已用完"), (43004, "没有关注公众号")]
)
async def test_what_a_platform_refuses_is_said_in_words_under_the_reply(office: Office, code: int, said: str) -> None:
    chen, _ = await officer(office, "chen")
    talk = await claimed(office, chen)
    await chen.post(f"/conversations/{talk}/reply", text="您明天来一趟。")
    refused = fault(verdict_of(code), office.desk.clock.now())
    while await deliver_once(office.desk, {"wechat": Post(refused, refused, refused)}):
        pass
    page = await (await chen.get(f"/conversations/{talk}")).text()
    assert said in page
    assert "请改用电话联系" in page
    assert "您明天来一趟。" in await (await chen.get("/tasks")).text()


@pytest.mark.parametrize("text", ["", "很长" * 400])
async def test_a_refused_reply_is_still_there(office: Office, text: str) -> None:
    chen, _ = await officer(office, "chen")
    talk = await claimed(office, chen)
    answer = await chen.post(f"/conversations/{talk}/reply", text=text)
    page = await answer.text()
    assert answer.status == 400
    assert text in page
    assert 'role="alert"' in page
    assert [row for row in await said(office.desk, talk) if row.author is Author.OFFICER] == []


async def test_a_reply_that_came_too_late_is_still_there_and_was_not_sent(office: Office) -> None:
    chen, _ = await officer(office, "chen")
    _, other = await officer(office, "liming")
    talk = await claimed(office, chen)
    await chen.post(f"/conversations/{talk}/transfer", to=other.staff.id, reason="他熟悉这一片")
    answer = await chen.post(f"/conversations/{talk}/reply", text="我明天给您打电话")
    assert answer.status == 409
    assert "我明天给您打电话" in await answer.text()
    assert "没有发出" in await answer.text()
    assert not [row for row in await said(office.desk, talk) if row.text == "我明天给您打电话"]


async def test_a_note_is_for_colleagues_alone(office: Office) -> None:
    chen, who = await officer(office, "chen")
    li, _ = await officer(office, "liming")
    talk = (await queued(office.desk)).id
    assert (await chen.post(f"/conversations/{talk}/note", text="听力不好，打电话要大声")).status == 303
    page = await (await li.get(f"/conversations/{talk}")).text()
    assert f"便签 · {who.staff.name}" in page
    assert "听力不好" in page
    assert not [row for row in await said(office.desk, talk) if "听力" in row.text]


async def test_a_note_that_reads_like_a_reply_is_asked_about(office: Office) -> None:
    chen, _ = await officer(office, "chen")
    talk = await claimed(office, chen)
    text = "您好，明天上午来一趟"
    asked = await (await chen.post(f"/conversations/{talk}/note", text=text)).text()
    assert "要存成便签吗" in asked
    assert await notes(office.desk, talk) == []
    into = await (await chen.post(f"/conversations/{talk}/note", text=text, sure="reply")).text()
    assert f">{text}</textarea>" in into
    assert await notes(office.desk, talk) == []
    assert not [row for row in await said(office.desk, talk) if row.text == text], "put into the box, not sent"
    assert (await chen.post(f"/conversations/{talk}/note", text=text, sure="note")).status == 303
    assert await notes(office.desk, talk) == [text]


async def test_waiting_giving_back_and_closing(office: Office) -> None:
    chen, _ = await officer(office, "chen")
    for deed, holder in (("wait", Holder.WAITING), ("give-back", Holder.BOT), ("close", Holder.CLOSED)):
        talk = await claimed(office, chen)
        assert (await chen.post(f"/conversations/{talk}/{deed}", None, **DEEDS[deed])).status == 303
        async with office.desk.store.reading() as work:
            assert (await work.conversations.get(talk)).holder is holder
    assert talk in await (await chen.get("/conversations?view=closed")).text()


async def test_closing_needs_an_outcome(office: Office) -> None:
    chen, _ = await officer(office, "chen")
    talk = await claimed(office, chen)
    assert (await chen.post(f"/conversations/{talk}/close", outcome="whatever")).status == 400
    async with office.desk.store.reading() as work:
        assert (await work.conversations.get(talk)).holder is Holder.OFFICER


async def test_only_colleagues_who_can_take_it_are_offered(office: Office) -> None:
    chen, _ = await officer(office, "chen")
    _, near = await officer(office, "liming")
    _, far = await officer(office, "zhou", ELSEWHERE)
    _, editor = await officer(office, "wugong", HERE, Role.EDITOR)
    talk = await claimed(office, chen)
    page = await (await chen.get(f"/conversations/{talk}")).text()
    assert near.staff.id in page
    assert far.staff.id not in page
    assert editor.staff.id not in page
    assert (await chen.post(f"/conversations/{talk}/transfer", to=near.staff.id, reason="他熟悉")).status == 303
    async with office.desk.store.reading() as work:
        moved = await work.conversations.get(talk)
    assert (moved.holder, moved.holder_name) == (Holder.OFFICER, near.staff.id)


async def test_a_transfer_offers_who_fits_first_and_keeps_what_was_typed(office: Office) -> None:
    chen, _ = await officer(office, "chen")
    _, busy = await officer(office, "liming")
    _, able = await officer(office, "wuyong")
    async with office.desk.store.writing() as work:
        await work.staff.change(able.staff, "test", office.desk.clock.now(), skills=["低保"])
        await work.commit()
    talk = await claimed(office, chen)
    await chen.post(f"/conversations/{talk}/label", name="低保")
    page = await (await chen.get(f"/conversations/{talk}")).text()
    assert page.index(able.staff.id) < page.index(busy.staff.id)
    assert "懂低保，手上0个" in page
    refused = await chen.post(f"/conversations/{talk}/transfer", to="place", place="火星", reason="人住在别处")
    page = await refused.text()
    assert refused.status == 400
    assert 'value="火星"' in page
    assert 'value="人住在别处"' in page
    assert '<option value="place" selected>' in page
    moved = await chen.post(f"/conversations/{talk}/transfer", to="skill:低保", reason="低保的事")
    assert moved.status == 303
    async with office.desk.store.reading() as work:
        assert (await work.conversations.get(talk)).holder is Holder.QUEUED


async def test_what_is_put_first_is_marked_in_the_lists(office: Office) -> None:
    chen, _ = await officer(office, "chen")
    talk = await queued(office.desk)
    assert (await chen.post(f"/conversations/{talk.id}/priority", priority="5")).status == 303
    assert '<span class="flag first">优先</span>' in await (await chen.get("/conversations?view=queue")).text()
    page = await (await chen.get(f"/conversations/{talk.id}")).text()
    assert '<option value="5" selected>优先</option>' in page
    assert (await chen.post(f"/conversations/{talk.id}/priority", priority="7")).status == 400


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


async def test_a_supervisor_can_take_it_from_somebody_who_is_away(office: Office) -> None:
    chen, _ = await officer(office, "chen")
    boss, _ = await officer(office, "zhuguan", HERE, Role.SUPERVISOR)
    talk = await claimed(office, chen)
    page = await (await boss.get(f"/conversations/{talk}")).text()
    assert 'id="reply"' not in page
    assert f'action="/conversations/{talk}/give-back"' in page
    assert (await boss.post(f"/conversations/{talk}/transfer", to="queue", reason="陈工今天请假")).status == 303
    assert talk in await (await chen.get("/conversations?view=queue")).text()
    page = await (await chen.get(f"/conversations/{talk}")).text()
    assert "陈工今天请假" in page


async def test_two_who_look_at_once_know_of_each_other(office: Office) -> None:
    chen, one = await officer(office, "chen")
    li, two = await officer(office, "liming")
    talk = (await queued(office.desk)).id
    assert "正在看" not in await (await chen.get(f"/conversations/{talk}")).text()
    page = await (await li.get(f"/conversations/{talk}")).text()
    assert f"{one.staff.name}</bdi>正在看" in page
    assert f"{two.staff.name}</bdi>正在看" not in page
    office.desk.clock.advance(minutes=2)  # type: ignore[attr-defined]
    assert "正在看" not in await (await li.get(f"/conversations/{talk}")).text()


async def test_danger_said_to_an_officer_alarms_until_they_answer(office: Office) -> None:
    chen, _ = await officer(office, "chen")
    talk = await claimed(office, chen)
    assert "马上回应" not in await (await chen.get(f"/conversations/{talk}")).text()
    await resident(office.desk, "我不想活了，活着没意思")
    page = await (await chen.get(f"/conversations/{talk}")).text()
    assert "有危险，请马上回应" in page
    office.desk.clock.advance(seconds=5)  # type: ignore[attr-defined]
    await chen.post(f"/conversations/{talk}/reply", text="王阿姨，我在，您别急，我马上给您打电话。")
    assert "马上回应" not in await (await chen.get(f"/conversations/{talk}")).text()


async def test_deeds_at_the_same_moment_have_one_winner(office: Office) -> None:
    visitors = [(await officer(office, f"user{number}"))[0] for number in range(5)]
    talk = (await queued(office.desk)).id
    answers = await asyncio.gather(*(one.post(f"/conversations/{talk}/claim") for one in visitors))
    assert sorted(answer.status for answer in answers) == [303, 409, 409, 409, 409]


async def test_a_stranger_is_shown_the_door(office: Office) -> None:
    nobody = await outside(office)
    answer = await nobody.get("/conversations")
    assert (answer.status, answer.headers["Location"]) == (303, "/sign-in")


async def claimed(office: Office, visitor: Visitor) -> str:
    talk = await queued(office.desk)
    assert (await visitor.post(f"/conversations/{talk.id}/claim")).status == 303
    return talk.id


async def said(desk: Desk, talk: str) -> list[Message]:
    async with desk.store.reading() as work:
        return list(await work.messages.history(talk, 200))


async def notes(desk: Desk, talk: str) -> list[str]:
    async with desk.store.reading() as work:
        return [note.text for note in await work.talks.notes(talk)]


async def audited(desk: Desk) -> list[Line]:
    async with desk.store.reading() as work:
        return [line async for line, _ in work.audit.lines()]


async def deeds(desk: Desk, talk: str) -> list[tuple[str, Deed]]:
    return [(line.actor, line.deed) for line in await audited(desk) if line.what == f"conversation:{talk}"]
