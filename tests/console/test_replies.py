"""Words for a resident, and words for colleagues alone: kept, refused, too late, and none of them lost."""

from __future__ import annotations

import pytest

from bot.desk.outbox import deliver_once
from bot.messages import Author
from connectors.verdicts import fault
from connectors.wechat.errors import verdict_of
from tests.console.conftest import Office
from tests.console.deeds import claimed, notes, said
from tests.console.talking import officer, queued, resident
from tests.desk.test_outbox import Post


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
