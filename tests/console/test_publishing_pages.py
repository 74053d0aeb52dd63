"""The pages on which a second person decides: difference, protected questions, publish, stop, back, register, test pane."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from aiohttp.test_utils import TestServer

from bot.desk.publicity import proposals
from bot.desk.publicity_ports import Proposal, State
from console.app import build_console
from tests.console.conftest import Office
from tests.console.door import Visitor, inside
from tests.console.hall import text
from tests.console.people import Colleague
from tests.desk.publicity.conftest import KEY, Team
from tests.desk.publicity.conftest import content as content
from tests.desk.publicity.conftest import team as team
from tests.desk.publicity.test_proposals import worded
from tests.desk.publicity.test_publishing import protect


@dataclass
class Room:
    team: Team
    office: Office
    ed: Visitor
    ann: Visitor

    async def submitted(self, key: str = KEY, said: str = "可以打12345问。") -> Proposal:
        draft = await proposals.start(self.team.desk, self.team.ed, "answer", key)
        data = worded(await self.team.entry(key), said)
        draft = await proposals.save(self.team.desk, self.team.ed, draft.id, draft.version, data)
        (sent,) = await proposals.submit(self.team.desk, self.team.ed, {draft.id: draft.version}, "补一句")
        return sent


@pytest.fixture
async def room(team: Team) -> AsyncIterator[Room]:
    server = TestServer(build_console(team.desk))
    await server.start_server()
    office = Office(team.desk, server, Colleague(team.ann, ""))
    yield Room(team, office, await inside(office, team.ed), await inside(office, team.ann))
    await office.close()


async def test_from_the_board_to_what_residents_get(room: Room) -> None:
    sent = await room.submitted()
    board = await text(room.ann, "/publishing")
    assert f'href="/publishing/{sent.id}"' in board
    shown = await text(room.ann, f"/publishing/{sent.id}")
    assert "可以打12345问。" in shown
    assert "通过并发布" in shown
    mine = await text(room.ed, f"/publishing/{sent.id}")
    assert "通过并发布" not in mine
    assert "另一位同事" in mine
    said = await room.ann.post(f"/publishing/{sent.id}/comment", text="写得清楚")
    assert said.status == 303
    answer = await room.ann.post("/reviews", id=sent.id, version=str(sent.version), do="publish", note="")
    assert answer.status == 303, await answer.text()
    assert room.team.desk.edition.answers[KEY].text.endswith("可以打12345问。")
    assert "写得清楚" in await text(room.ed, f"/publishing/{sent.id}")
    assert "补一句" in await text(room.ed, "/editions")
    assert "可以打12345问。" in await text(room.ed, "/editions/2")
    assert "可以打12345问。" in await text(room.ed, f"/history?kind=answer&key={KEY}")


async def test_an_editor_cannot_decide_and_an_old_page_does_not(room: Room) -> None:
    sent = await room.submitted()
    fields = {"id": sent.id, "version": str(sent.version), "do": "publish"}
    assert (await room.ed.post("/reviews", **fields)).status == 404
    late = await room.ann.post("/reviews", **{**fields, "version": "1"})
    assert late.status == 409
    assert "刚刚被别人改过" in await late.text()
    for wrong in ({"version": "x"}, {"do": "nothing"}, {"id": "no-such"}):
        assert (await room.ann.post("/reviews", **{**fields, **wrong})).status == 400
    back = await room.ann.post("/reviews", **{**fields, "do": "return", "note": ""})
    assert back.status == 400
    async with room.team.desk.store.reading() as work:
        assert (await work.proposals.get(sent.id)).state is State.SUBMITTED
        assert await work.editions.head() == 1


async def test_a_protected_question_is_ticked_before_it_goes_out(room: Room) -> None:
    title = (await room.team.entry())["title"]
    await protect(room.team, title, f"answer:{KEY}")
    gone = await room.team.approved("q-test", None, "protected")
    page = await text(room.ann, f"/publishing/{gone.id}")
    assert 'name="accept" value="q-test"' in page
    assert f"应当得到：{title}" in page
    assert f"answer:{KEY}" not in page
    fields = {"id": gone.id, "version": str(gone.version), "do": "publish"}
    refused = await room.ann.post("/reviews", **fields)
    assert refused.status == 409
    assert "受保护" in await refused.text()
    assert (await room.ann.post("/reviews", **fields, accept="q-test")).status == 303
    assert "确认过的受保护的问题" in await text(room.ann, "/editions/3")


async def test_stop_and_lift_and_back(room: Room) -> None:
    typed = {
        "of": "answer",
        "target": KEY,
        "place": "420100 湖北省武汉市",
        "reason": "正在核对",
        "instead": "",
        "words": "",
    }
    assert (await room.ed.post("/stops", **typed)).status == 404
    assert (await room.ann.post("/stops", **{**typed, "target": "没有这一条"})).status == 400
    kept = await room.ann.post("/stops", **{**typed, "reason": "x"})
    assert kept.status == 400
    assert f"（{KEY}）" in await kept.text()  # what was typed stays
    assert (await room.ann.post("/stops", **typed)).status == 303
    (key,) = room.team.desk.edition.content.stops
    assert "正在核对" in await text(room.ed, "/publishing")
    assert (await room.ann.post("/stops/lift", id=key, reason="核对完了")).status == 303
    assert not room.team.desk.edition.content.stops
    sent = await room.submitted()
    await room.ann.post("/reviews", id=sent.id, version=str(sent.version), do="publish")
    back = {"kind": "answer", "key": KEY, "edition": "1", "why": "写错了"}
    assert (await room.ann.post("/history/back", **{**back, "why": ""})).status == 400
    assert (await room.ann.post("/history/back", **back)).status == 303
    assert (
        await room.team.entry() == {(one.kind, one.key): one.data for one in await room.team.entries(1)}["answer", KEY]
    )
    assert (await room.ann.post("/editions/4/back", why="还是要新的")).status == 303


async def test_the_register_says_what_would_fall(room: Room) -> None:
    assert "社会救助法" in await text(room.ed, "/register?words=救助法")
    page = await text(room.ed, "/register/one?document=社会救助法&on=2026-12-31")
    assert "2026-12-31以后失去依据" in page
    assert "特困人员是什么意思" in page
    assert (await room.ed.get("/register/one?document=没有")).status == 404
    assert (await room.ed.get("/register/one?document=社会救助法&on=1")).status == 400


async def test_a_document_that_ends_is_decided_row_by_row_on_its_page(room: Room) -> None:
    """From the register to one edition: each row says what becomes of it, drafts, handed over together, published together."""
    law = "/register/one?document=社会救助法&on=2026-12-31"
    shown = await text(room.ed, law)
    rows = re.findall(r'name="kind" value="(\w+)"><input type="hidden" name="key" value="([^"]+)"', shown)
    assert f"失去依据：{len(rows)}条，{len(rows)}条还没定" in shown
    assert "写成草稿" not in await text(room.ann, law)
    fields = {"document": "社会救助法", "on": "2026-12-31", "by": "", "rest": "", "note": "有新法了"}
    lists = {"kind": [kind for kind, _ in rows], "key": [key for _, key in rows], "how": [""] * len(rows)}
    assert "还没有选" not in await text(room.ed, law)
    refused = await room.ed.post("/register/decide", **fields | {"on": "明天"}, **lists)
    assert refused.status == 400
    assert (await room.ann.post("/register/decide", **fields, **lists)).status == 404
    lists["how"][0] = "remove"
    assert (await room.ed.post("/register/decide", **fields, **lists)).status == 303
    half = await text(room.ed, law)
    assert f"{len(rows) - 1}条还没定" in half
    late = await room.ed.post("/register/hand-over", document="社会救助法")
    assert late.status == 400
    assert "还不能送审" in await late.text()
    left = {name: said[1:] for name, said in lists.items()}
    assert (await room.ed.post("/register/decide", **fields | {"rest": "end"}, **left)).status == 303
    assert "都有了稿子" in await text(room.ed, law)
    assert (await room.ed.post("/register/hand-over", document="社会救助法")).status == 303
    together = await text(room.ann, law)
    ids = re.findall(r'name="id" value="([^"]+)"', together)
    assert len(ids) == len(rows) + 1
    page = await text(room.ann, "/publishing/together?" + "&".join(f"id={one}" for one in ids))
    versions = re.findall(r'name="version" value="(\d+)"', page)[: len(ids)]
    done = await room.ann.post("/reviews", id=ids, version=versions, do="publish", note="")
    assert done.status == 303, await done.text()
    assert str(room.team.desk.edition.documents["社会救助法"].last) == "2026-12-31"
    assert rows[0][1] not in room.team.desk.edition.answers
    for kind, key in (("words", "greet"), ("programme", "dibao"), ("field", "name")):
        assert f"kind={kind}&amp;key={key}" not in together, "no link leads nowhere"


async def test_a_whole_programme_is_stopped_by_its_name(room: Room) -> None:
    page = await text(room.ann, "/stops")
    assert '<option value="tekun">特困供养</option>' in page
    typed = {
        "of": "programme",
        "target": "",
        "programme": "tekun",
        "place": "全国",
        "reason": "正在核对",
        "instead": "",
    }
    assert (await room.ann.post("/stops", **typed | {"programme": ""}, words="")).status == 400
    assert (await room.ann.post("/stops", **typed, words="")).status == 303
    (stop,) = room.team.desk.edition.content.stops.values()
    assert (stop.of, stop.target) == ("programme", "tekun")
    assert "停用特困供养：正在核对" in await text(room.ann, "/editions")


async def test_what_presses_is_said_wherever_somebody_begins(room: Room) -> None:
    sent = await room.submitted()
    for page in ("/answers", "/questions"):
        assert "<strong>1</strong>份等您审核" in await text(room.ann, page)
        assert "份等您审核" not in await text(room.ed, page)
    await room.ann.post("/reviews", id=sent.id, version=str(sent.version), do="return", note="补上电话")
    assert "<strong>1</strong>份退给您修改" in await text(room.ed, "/answers")
    assert "份退给您修改" not in await text(room.ann, "/answers")
    for last, said in (("2026-12-20", "30天内到期"), ("2026-11-30", "7天内到期")):
        old = await room.team.entry("linshi-what")
        good = await room.team.approved("linshi-what", {**old, "scope": {**old["scope"], "to": last}})
        done = await room.ann.post("/reviews", id=good.id, version=str(good.version), do="publish", note="")
        assert done.status == 303, await done.text()
        assert said in await text(room.ed, "/answers"), last


async def test_an_answer_is_found_by_any_part_of_its_documents_name(room: Room) -> None:
    listed = await text(room.ed, "/answers?document=社会救助法")
    for words in ("中华人民共和国社会救助法", "社会救助"):
        found = await text(room.ed, f"/answers?document={words}")
        assert KEY in found or "特困人员是什么意思" in found, words
    assert "没有这样的内容" in await text(room.ed, "/answers?document=没有这份文件")
    assert '<option value="社会救助法">中华人民共和国社会救助法</option>' in listed


async def test_a_day_has_a_calendar_and_what_is_no_day_is_kept(room: Room) -> None:
    draft = await proposals.start(room.team.desk, room.team.ed, "answer", KEY)
    assert re.search(r'type="date" name="scope.from" value="2026-07-01"', await text(room.ed, f"/drafts/{draft.id}"))
    data = await room.team.entry()
    wrong = {**data, "scope": {**data["scope"], "from": "明年一月"}}
    await proposals.save(room.team.desk, room.team.ed, draft.id, draft.version, wrong)
    page = await text(room.ed, f"/drafts/{draft.id}")
    assert 'name="scope.from" value="明年一月"' in page
    assert 'type="date" name="scope.from"' not in page


async def test_what_came_together_is_looked_at_and_published_together(room: Room) -> None:
    """A county's table, or a law that ends: forty rows are not ticked one by one."""
    desk, team = room.team.desk, room.team
    made = []
    for key in (KEY, "dibao-apply", "linshi-what"):
        data = worded(await team.entry(key), "表里来的一句。")
        draft = await proposals.start(
            desk, team.ed, "answer", key, data, note="来自表格“十二月.xlsx”", source="import:1"
        )
        made.append(draft)
    await proposals.submit(desk, team.ed, {one.id: one.version for one in made})
    lone = await proposals.start(desk, team.ed, "answer", "tekun-apply", source="import:12")
    await proposals.submit(desk, team.ed, {lone.id: lone.version})
    shown = await text(room.ann, "/publishing")
    assert "来自表格“十二月.xlsx”" in shown
    assert '/publishing/together?source=import%3A1"' in shown
    together = await text(room.ann, "/publishing/together?source=import:1")
    ids = re.findall(r'name="id" value="([^"]+)"', together)
    assert set(ids) == {one.id for one in made}
    versions = re.findall(r'name="version" value="(\d+)"', together)[:3]
    done = await room.ann.post("/reviews", id=ids, version=versions, do="publish", note="")
    assert done.status == 303, await done.text()
    assert all("表里来的一句。" in desk.edition.answers[one.key].text for one in made)
    assert (await room.ann.get("/publishing/together?source=import:1")).status == 303
    wuhan = await inside(room.office, team.wuhan)
    assert (await wuhan.get("/publishing/together?source=import:12")).status == 303, "another place's are not shown"


async def test_a_changed_figure_is_marked_in_its_line(room: Room) -> None:
    old = await room.team.entry(KEY)
    old["short"] = "一般20个工作日办完，可打12345问。"
    good = await room.team.approved(KEY, old)
    await room.ann.post("/reviews", id=good.id, version=str(good.version), do="publish", note="")
    draft = await proposals.start(room.team.desk, room.team.ed, "answer", KEY)
    new = {**old, "short": "一般30个工作日办完，可打12345问。"}
    draft = await proposals.save(room.team.desk, room.team.ed, draft.id, draft.version, new)
    page = await text(room.ann, f"/publishing/{draft.id}")
    assert "一般<mark>2</mark>0个工作日" in page
    assert "一般<mark>3</mark>0个工作日" in page
