"""The board of questions through the console's door: grouped, looked at, made into drafts; places and words of few people kept."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import openpyxl
import pytest
from aiohttp.test_utils import TestServer

from bot.asking import DISLIKED
from bot.audit import Deed
from bot.conversations import Holder
from bot.desk.desk import Desk
from bot.desk.publicity_ports import State
from bot.messages import Author, Outcome, Reply
from bot.staff import Role
from console.app import build_console
from console.pages.questions import GROUPER
from tests.console.conftest import Office
from tests.console.door import Visitor, inside
from tests.console.people import Colleague, colleague
from tests.desk.conftest import clock as clock
from tests.desk.conftest import regions as regions
from tests.desk.publicity.conftest import Team, hired
from tests.desk.publicity.conftest import content as content
from tests.desk.publicity.conftest import team as team
from tests.desk.questions.conftest import GIVEN, NOTHING, ask

FUNERAL = ["殡葬补助怎么领", "殡葬补助怎么领取", "怎么领殡葬补助啊"]
SORRY = Reply("没帮上您", outcome=Outcome.CLARIFIED, reason=DISLIKED)


@dataclass
class Room:
    office: Office
    team: Team
    ed: Visitor

    @property
    def desk(self) -> Desk:
        return self.team.desk

    async def grouped(self) -> None:
        answer = await self.ed.post("/questions/group")
        assert answer.status == 303
        await self.office.server.app[GROUPER].finished()

    async def text(self, path: str, status: int = 200) -> str:
        answer = await self.ed.get(path)
        assert answer.status == status, await answer.text()
        return await answer.text()

    async def group(self) -> str:
        """The address of the only group."""
        (found,) = {
            part.split('"')[0] for part in (await self.text("/questions")).split('href="/questions/groups/')[1:]
        }
        return f"/questions/groups/{found}"


@pytest.fixture
async def room(team: Team) -> AsyncIterator[Room]:
    server = TestServer(build_console(team.desk))
    await server.start_server()
    office = Office(team.desk, server, Colleague(await hired(team.desk, "boss", Role.OPERATOR, ()), ""))
    yield Room(office, team, await inside(office, team.ed))
    await office.close()


async def funeral(room: Room, region: str = "420111") -> None:
    for number, text in enumerate(FUNERAL):
        await ask(room.desk, text, NOTHING, f"o-{number}", region)
        room.team.later()


async def test_what_nobody_answered_becomes_a_draft_with_the_residents_words(room: Room) -> None:
    await funeral(room)
    await ask(room.desk, "低保怎么申请", GIVEN, "o-9")
    assert "有4条还没归类" in await room.text("/questions")
    await room.grouped()
    board = await room.text("/questions")
    assert "“没答好”的提问共1组、3次" in board
    assert "洪山区 3" in board
    one = await room.group()
    page = await room.text(one)
    assert all(text in page for text in FUNERAL)
    answer = await room.ed.post(f"{one}/draft")
    assert answer.status == 303
    draft = answer.headers["Location"].removeprefix("/drafts/")
    async with room.desk.store.reading() as work:
        made = await work.proposals.get(draft)
    assert (made.state, made.kind, made.region) == (State.DRAFT, "answer", "000000")
    assert made.data is not None
    assert set(made.data["phrasings"]) == set(FUNERAL)
    assert made.data["title"] in FUNERAL
    assert made.source == f"question:{one.rsplit('/', 1)[1]}"
    assert "处理过了" in await room.text("/questions")
    assert "已写草稿" in await room.text("/questions?settled=1")
    again = await room.ed.post(f"{one}/draft")
    assert again.status == 400
    assert "已经有人写了答案" in await again.text()


async def test_wordings_are_put_to_an_answer_or_refused_for_good(room: Room) -> None:
    for number in range(3):
        await ask(room.desk, f"五保{'户' * number}到底是个什么东西", NOTHING, f"o-{number}")
    await room.grouped()
    one = await room.group()
    page = await room.text(one)
    assert "不是这个意思，不再提示" in page
    entry = page.split('name="entry" value="')[1].split('"')[0]
    assert (await room.ed.post(f"{one}/refuse", entry=entry)).status == 303
    page = await room.text(one)
    assert f'value="{entry}"' not in page
    other = page.split('name="entry" value="')[1].split('"')[0]
    wording = page.split('name="wording" value="')[1].split('"')[0]
    assert (await room.ed.post(f"{one}/suggest", entry=other)).status == 400
    answer = await room.ed.post(f"{one}/suggest", entry=other, wording=wording)
    assert answer.status == 303
    async with room.desk.store.reading() as work:
        made = await work.proposals.get(answer.headers["Location"].removeprefix("/drafts/"))
    before = room.desk.edition.answers[other].phrasings
    assert made.data is not None
    assert made.data["phrasings"] == [*before, wording]


async def test_few_people_have_no_place_below_their_city(room: Room) -> None:
    await ask(room.desk, "洪山区的殡葬补助怎么领", NOTHING, "o-1")
    await ask(room.desk, "洪山区的殡葬补助怎么领", NOTHING, "o-2")
    await room.grouped()
    board = await room.text("/questions")
    page = await room.text(await room.group())
    listed = await room.text("/questions/list")
    for text in (board.replace('<option value="420111"', ""), page, listed):
        assert "洪山" not in text
        assert "武汉市" in text
    assert "〔区县〕的殡葬补助怎么领" in page
    assert "为免认出人" in await room.text("/questions?place=420111")
    assert (await room.ed.get("/questions/list?place=420111")).status == 400
    await ask(room.desk, "洪山区的殡葬补助怎么领", NOTHING, "o-3")
    await room.grouped()
    assert "洪山区的殡葬补助怎么领" in await room.text(await room.group())


async def test_nobody_sees_what_is_asked_elsewhere(room: Room) -> None:
    await funeral(room, "440305")
    await room.grouped()
    wuhan = await inside(room.office, room.team.wuhan)
    assert "现在没有" in await (await wuhan.get("/questions")).text()
    for path in (await room.group(), "/questions?place=440305", "/questions/list?place=440305"):
        assert (await wuhan.get(path)).status == 400
    assert "殡葬" not in await (await wuhan.get("/questions/report")).text()


async def test_a_group_put_aside_comes_back_when_asked_for(room: Room) -> None:
    await funeral(room)
    await room.grouped()
    one = await room.group()
    assert (await room.ed.post(f"{one}/drop")).status == 303
    assert "殡葬" not in await room.text("/questions")
    await ask(room.desk, FUNERAL[0], NOTHING, "o-7")
    await room.grouped()
    assert "殡葬" not in await room.text("/questions"), "a new grouping keeps its name and what was decided"
    assert (await room.ed.post(f"{one}/drop", back="1")).status == 303
    assert "殡葬" in await room.text("/questions")


async def test_every_look_and_every_export_is_in_the_audit_log(room: Room) -> None:
    await funeral(room)
    await room.grouped()
    one = await room.group()
    await room.text(one)
    answer = await room.ed.post("/questions/report/export")
    assert answer.status == 200
    rows = list(openpyxl.load_workbook(io.BytesIO(await answer.read())).active.values)
    assert {row[4] for row in rows[1:]} == set(FUNERAL)
    async with room.desk.store.reading() as work:
        lines = [(line.deed, line.what) async for line, _ in work.audit.lines() if line.actor == room.team.ed.id]
    assert (Deed.READ, f"questions:{one.rsplit('/', 1)[1]}") in lines
    assert (Deed.EXPORT, "questions") in lines


async def test_a_question_that_looks_like_a_formula_is_text_in_the_export(room: Room) -> None:
    await ask(room.desk, '=HYPERLINK("x","殡葬补助")', NOTHING)
    answer = await room.ed.post("/questions/report/export")
    sheet = openpyxl.load_workbook(io.BytesIO(await answer.read())).active
    assert sheet["E2"].data_type == "s"


async def test_how_answers_are_used_and_reports(room: Room) -> None:
    await ask(room.desk, "怎么申请低保", GIVEN, "o-1")
    room.team.later(5)
    await ask(room.desk, "没解决", SORRY, "o-1")
    room.team.later(5)
    await ask(room.desk, "低保在哪里申请", GIVEN, "o-2")
    await funeral(room)
    await room.grouped()
    use = await room.text("/questions/use")
    assert "答案一共用了2次，其中1次（50%）后面还在问" in use
    assert "怎么申请低保" in await room.text("/questions/list?entry=dibao-apply&outcome=unresolved")
    one = await room.text("/answers/one?kind=answer&key=dibao-apply")
    assert "2次</a>，2个人" in one
    assert "1次</a>（50%）" in one
    assert "还没有人问到它" in await room.text("/answers/one?kind=answer&key=tekun-what")
    report = await room.text("/questions/report")
    assert "居民问了6次，50%没有答上来" in report
    assert "问的事怎么变" in report
    assert re.search(r"/questions/list\?week=2026-11-23&amp;programme=dibao", report), "each point opens its list"
    month = await room.text("/questions/report/month?month=2026-11")
    assert "本月共收到居民线上提问6次" in month
    assert "直接给出审核答案2次，占33%" in month
    assert "殡葬补助" in month
    assert "本月发布1版，内容没有变动" in month
    assert "六、重要事项" in month
    assert "没有提问" in await room.text("/questions/report/month?month=2026-01")
    assert (await room.ed.get("/questions/report?month=x")).status == 400
    board = await room.text("/questions?kind=disliked")
    assert "怎么申请低保" in board


async def test_an_officers_answer_is_handed_on_without_the_person(room: Room) -> None:
    desk = room.desk
    talk, _ = await ask(desk, "我叫王桂英，殡葬补助怎么领", [Reply("好的")])
    async with desk.store.writing() as work:
        await work.conversations.move(talk.id, Holder.QUEUED, "resident", "asked", desk.clock.now())
        await work.messages.add(talk, Author.OFFICER, Reply("王桂英您好，带死亡证明到窗口领。"), desk.clock.now())
        await work.commit()
    li = await inside(room.office, (await colleague(desk, room.office.boss, "liwei", [Role.OFFICER])).staff)
    page = await (await li.post("/questions/from-talk", conversation=talk.id)).text()
    assert "桂英，殡葬" not in page
    assert "殡葬补助怎么领" in page
    answer = await li.post(
        "/questions/hand-on", conversation=talk.id, question="殡葬补助怎么领", answer="带死亡证明到窗口领。"
    )
    assert "已经提上去了" in await answer.text()
    assert (await li.get("/questions")).status == 404
    elsewhere = await inside(
        room.office, (await colleague(desk, room.office.boss, "zhao", [Role.OFFICER], ["440305"])).staff
    )
    assert (await elsewhere.post("/questions/from-talk", conversation=talk.id)).status == 403
    board = await room.text("/questions")
    assert "带死亡证明到窗口领。" in board
    way = board.split('action="/questions/handed-on/')[1].split("/draft")[0]
    made = await room.ed.post(f"/questions/handed-on/{way}/draft")
    assert made.status == 303
    async with desk.store.reading() as work:
        draft = await work.proposals.get(made.headers["Location"].removeprefix("/drafts/"))
    assert draft.data is not None
    assert (draft.data["phrasings"], draft.data["text"]) == (["殡葬补助怎么领"], "带死亡证明到窗口领。")
    assert (await room.ed.post(f"/questions/handed-on/{way}/drop")).status == 400


async def test_who_was_erased_is_in_no_group(room: Room) -> None:
    await funeral(room)
    await room.grouped()
    async with room.desk.store.writing() as work:
        talk = await work.conversations.by_sender("wechat", "gh_1", "o-0")
        assert talk is not None
        person = await work.people.make(talk.id, room.desk.clock.now(), "made")
        await work.people.erase(person.id, "R-1", room.desk.clock.now())
        await work.commit()
    assert FUNERAL[0] + "<" not in await room.text("/questions")
    assert "2次" in await room.text("/questions")
