"""Officers at work over HTTP: openings in the log, who writes, macros, lines, reports of offices, the page for a meeting."""

from __future__ import annotations

from bot.audit import Deed, Line
from bot.desk.desk import Desk
from bot.messages import Author
from bot.staff import Role
from tests.console.conftest import Office
from tests.console.deeds import claimed, said
from tests.console.hall import NAME, SECRETS, Hall, hall, text
from tests.console.talking import ELSEWHERE, HERE, officer, queued
from tests.console.test_live import events, next_of, stream

__all__ = ["hall"]
LIVE = {"X-Live": "1"}


async def lines(desk: Desk, *deeds: Deed) -> list[Line]:
    async with desk.store.reading() as work:
        return [line async for line, _ in work.audit.lines() if line.deed in deeds]


async def test_a_page_that_looks_again_leaves_one_line_an_opening(office: Office) -> None:
    chen, _ = await officer(office, "chen")
    talk = await queued(office.desk)
    path = f"/conversations/{talk.id}"
    for headers in ({}, LIVE, LIVE, LIVE):
        assert (await chen.get(path, **headers)).status == 200
    assert len(await lines(office.desk, Deed.READ)) == 1
    await chen.get(path)
    assert len(await lines(office.desk, Deed.READ)) == 2
    office.desk.clock.advance(minutes=20)  # type: ignore[attr-defined]
    await chen.get(path, **LIVE)
    assert len(await lines(office.desk, Deed.READ)) == 2


async def test_who_only_says_that_the_page_is_open_leaves_a_line(office: Office) -> None:
    chen, _ = await officer(office, "chen")
    li, _ = await officer(office, "liming")
    talk = await queued(office.desk)
    await li.get(f"/conversations/{talk.id}", **LIVE)
    assert len(await lines(office.desk, Deed.READ)) == 1
    await chen.get(f"/conversations/{talk.id}", **LIVE)
    assert len(await lines(office.desk, Deed.READ)) == 2, "another session's opening is not theirs"


async def test_colleagues_see_who_writes_and_only_the_holder_can_be_it(office: Office) -> None:
    chen, one = await officer(office, "chen")
    li, two = await officer(office, "liming")
    talk = await claimed(office, chen)
    async with stream(li, f"/live?view=queue&conversation={talk}") as answer:
        heard = events(answer)
        assert (await next_of(heard))["writing"] == []
        assert (await chen.post(f"/conversations/{talk}/typing")).status == 204
        told = await next_of(heard)
        while not told["writing"]:
            told = await next_of(heard)
        assert told["writing"] == [one.staff.name]
    assert f"{one.staff.name}</bdi>正在回复居民" in await (await li.get(f"/conversations/{talk}")).text()
    assert (await li.post(f"/conversations/{talk}/typing")).status == 204
    assert f"{two.staff.name}</bdi>正在回复" not in await (await chen.get(f"/conversations/{talk}")).text()
    office.desk.clock.advance(seconds=9)  # type: ignore[attr-defined]
    assert "正在回复居民" not in await (await li.get(f"/conversations/{talk}")).text()


async def test_a_reply_that_crosses_another_is_asked_about_and_kept(office: Office) -> None:
    chen, _ = await officer(office, "chen")
    talk = await claimed(office, chen)
    seen = (await said(office.desk, talk))[-1].seq
    await chen.post(f"/conversations/{talk}/reply", text="我先问问街道", seen=str(seen))
    office.desk.clock.advance(seconds=30)  # type: ignore[attr-defined]
    late = await chen.post(f"/conversations/{talk}/reply", text="您明天来一趟", seen=str(seen))
    page = await late.text()
    assert late.status == 409
    assert "又回了一条：“我先问问街道”" in page
    assert ">您明天来一趟</textarea>" in page
    newest = (await said(office.desk, talk))[-1].seq
    assert f'name="seen" value="{newest}"' in page
    again = await chen.post(f"/conversations/{talk}/reply", text="您明天来一趟", seen=str(newest))
    assert again.status == 303


async def test_a_macro_goes_when_it_was_seen(office: Office) -> None:
    chen, _ = await officer(office, "chen")
    talk = (await queued(office.desk)).id
    shown = await (await chen.post(f"/conversations/{talk}/macro", macro="accept")).text()
    assert "就这样发" in shown
    assert "加标签“已接手”" in shown
    assert not [row for row in await said(office.desk, talk) if row.author is Author.OFFICER]
    words = f"您好，我是工作人员{'chen工'}。\r\n您的事我接手了，您慢慢说。"
    gone = await chen.post(f"/conversations/{talk}/macro", macro="accept", sure="send", shown=words)
    assert gone.status == 303, await gone.text()
    (row,) = [row for row in await said(office.desk, talk) if row.author is Author.OFFICER]
    assert row.text == words.replace("\r\n", "\n")
    wrong = await chen.post(f"/conversations/{talk}/macro", macro="paper")
    assert wrong.status == 400
    assert "写上还要哪样材料" in await wrong.text()
    into = await (await chen.post(f"/conversations/{talk}/macro", macro="close", sure="reply")).text()
    assert "您的事先办到这里" in into
    assert len([row for row in await said(office.desk, talk) if row.author is Author.OFFICER]) == 1


async def test_a_time_that_cannot_be_comes_back_as_it_was_typed(office: Office) -> None:
    chen, _ = await officer(office, "chen")
    talk = await claimed(office, chen)
    wrong = await chen.post(
        f"/conversations/{talk}/book", kind="visit", day="2020-01-01", hour="09:30", what="看看漏雨的屋子", phone=""
    )
    page = await wrong.text()
    assert wrong.status == 400
    assert "现在以后" in page
    assert 'value="看看漏雨的屋子"' in page


async def test_a_line_is_marked_beside_the_conversation_and_works_again(office: Office) -> None:
    chen, _ = await officer(office, "chen")
    talk = (await queued(office.desk)).id
    assert "/hotlines/h-12349/silent" in await (await chen.get(f"/conversations/{talk}")).text()
    marked = await chen.post("/hotlines/h-12349/silent", region=HERE, back=talk)
    assert (marked.status, marked.headers["Location"]) == (303, f"/conversations/{talk}")
    page = await (await chen.get("/hotlines")).text()
    assert "chen工" in page
    assert "又通了" in page
    assert (await chen.post("/hotlines/h-12349/silent", region=ELSEWHERE)).status == 403
    assert (await chen.post("/hotlines/nothing/silent", region=HERE)).status == 400
    foreign = await chen.post("/hotlines/h-12345/silent", region=HERE, back="//evil.example")
    assert foreign.headers["Location"] == "/hotlines"
    assert (await chen.post("/hotlines/h-12349/works")).status == 303
    assert len([line for line in await lines(office.desk, Deed.CHANGE) if line.what.startswith("hotline:")]) == 3


async def test_reports_are_for_those_above(office: Office) -> None:
    city, _ = await officer(office, "shi", "420100", Role.SUPERVISOR)
    county, _ = await officer(office, "quju", HERE, Role.SUPERVISOR)
    async with office.desk.store.writing() as work:
        tip = await work.tips.add(
            "cadre",
            HERE,
            "420100",
            "刘会计",
            "给亲戚办低保",
            office.desk.clock.now(),
            conversation="c",
            contact="13800001234",
        )
        await work.commit()
    path = f"/complaints/{tip.id}"
    assert path in await (await city.get("/complaints")).text()
    assert path not in await (await county.get("/complaints")).text()
    page = await (await city.get(path)).text()
    assert "给亲戚办低保" in page
    assert "13800001234" not in page
    refused = await county.get(path)
    nobody = await county.get("/complaints/nothing")
    assert (refused.status, nobody.status) == (404, 404)
    assert await refused.text() == await nobody.text()
    assert (await county.post(path, state="done", outcome="没有这回事")).status == 404
    assert (await county.post(f"{path}/contact", reason="想知道是谁")).status == 404
    shown = await (await city.post(f"{path}/contact", reason="告诉核实结果")).text()
    assert "13800001234" in shown
    assert (await city.post(f"{path}/contact", reason="看")).status == 400
    assert (await city.post(path, state="done", outcome="")).status == 400
    assert (await city.post(path, state="done", outcome="查过，属实，已停发")).status == 303
    assert (await city.post(path, state="taken")).status == 409
    assert [(line.what, line.reason) for line in await lines(office.desk, Deed.REVEAL)] == [
        (f"tip:{tip.id}", "告诉核实结果")
    ]


async def test_the_page_for_a_meeting_is_masked_until_there_is_a_reason(hall: Hall) -> None:
    chen, far = await hall.visitor("chen"), await hall.visitor("zhou", regions=(ELSEWHERE,))
    case = await hall.case()
    path = f"/cases/{case.id}/summary"
    page = await text(chen, path)
    assert not [secret for secret in SECRETS if secret in page]
    assert (await far.get(path)).status == 404
    refused = await chen.post(path, ask="请研究按支出型办理", reason="看")
    assert refused.status == 400
    assert "请研究按支出型办理" in await refused.text()
    assert NAME not in await refused.text()
    whole = await (await chen.post(path, ask="请研究按支出型办理", reason="街道会议要用")).text()
    for told in (NAME, "李小龙", "23174", "请研究按支出型办理", "1张"):
        assert told in whole, told
    (line,) = await hall.lines(Deed.EXPORT)
    assert (line.what, line.reason, dict(line.about)) == (f"case:{case.id}", "街道会议要用", {"summary": True})
    assert "打印了一事一议的摘要" in await text(chen, f"/cases/{case.id}")
