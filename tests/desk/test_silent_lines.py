"""A published line that nobody answers is passed over where it was tried, and never one for danger."""

from __future__ import annotations

import pytest

from bot.audit import Deed
from bot.desk import silent_lines
from bot.desk.desk import Desk
from bot.desk.handoff import lines
from bot.desk.intake import take_in
from bot.desk.ports import Work
from bot.desk.referring import refer
from bot.desk.words import hotline
from bot.errors import BadInput, NotYours
from bot.knowledge.contacts import Hotline
from bot.staff import Role
from tests.desk.conftest import clock, desk, message, regions
from tests.desk.handoff.conftest import officer

__all__ = ["clock", "desk", "regions"]
WUHAN, HONGSHAN, WUCHANG, SHENZHEN = "420100", "420111", "420106", "440305"
LOCAL = {
    "id": "h-wuhan",
    "number": "027-85750000",
    "name": "武汉市救助热线",
    "region": WUHAN,
    "purpose": "问救助",
    "needs": "assistance",
    "hours": "",
    "document": "",
    "verified": "no",
    "note": "",
}


@pytest.fixture
async def town(desk: Desk) -> Desk:
    """A city with a line of its own."""
    from bot.knowledge.entry import Entry

    async with desk.store.writing() as work:
        entries = [*await work.editions.read(1), Entry("hotline", "h-wuhan", LOCAL)]
        await work.editions.publish(entries, 1, "test", "with a local line", desk.clock.now())
        await work.commit()
    await desk.editions.refresh()
    assert hotline(desk, HONGSHAN) == "027-85750000"
    return desk


async def report(desk: Desk, actor: str, hotline_id: str = "h-wuhan", region: str = HONGSHAN) -> None:
    line: Hotline = desk.edition.content.hotlines[hotline_id]
    async with desk.store.writing() as work:
        work_: Work = work
        await work_.line_reports.add(line.id, line.number, region, actor, desk.clock.now())
        await work.commit()
    await silent_lines.refresh(desk)


async def test_two_who_tried_are_enough_and_one_twice_is_not(town: Desk) -> None:
    await report(town, "s-1")
    await report(town, "s-1")
    assert hotline(town, HONGSHAN) == "027-85750000"
    await report(town, "s-2")
    assert hotline(town, HONGSHAN) == "12345"
    assert "12345" in refer(town, "food", HONGSHAN).line


async def test_after_seven_days_it_is_tried_again(town: Desk) -> None:
    for actor in ("s-1", "s-2"):
        await report(town, actor)
    assert hotline(town, HONGSHAN) == "12345"
    town.clock.advance(days=7, seconds=1)  # type: ignore[attr-defined]
    await silent_lines.refresh(town)
    assert hotline(town, HONGSHAN) == "027-85750000"


async def test_a_line_that_is_everywhere_is_passed_over_in_that_city_alone(town: Desk) -> None:
    for actor, region in (("s-1", HONGSHAN), ("s-2", WUCHANG)):
        await report(town, actor, "h-12349", region)
    numbers = {region: [one.number for one in town.hotlines(region, "assistance")] for region in (HONGSHAN, SHENZHEN)}
    assert "12349" not in numbers[HONGSHAN]
    assert "12349" in numbers[SHENZHEN]
    assert "12345" in numbers[HONGSHAN]


async def test_lines_for_danger_are_always_given(town: Desk) -> None:
    for actor in ("s-1", "s-2", "s-3"):
        await report(town, actor, "h-12356")
    assert [one.number for one in town.hotlines(HONGSHAN, "mind")] == ["12356"]


async def test_an_officer_marks_it_and_says_when_it_works_again(town: Desk) -> None:
    chen, li = (
        await officer(town, "chen", "陈工", region=HONGSHAN),
        await officer(town, "li", "李工", Role.EDITOR, WUCHANG),
    )
    await lines.mark(town, chen, "h-wuhan", HONGSHAN)
    await lines.mark(town, chen, "h-wuhan", HONGSHAN)
    await lines.mark(town, li, "h-wuhan", WUCHANG)
    (one,) = [one for one in await lines.listed(town, chen) if one.line.id == "h-wuhan"]
    assert {who for _, who in one.reports} == {"李工", "陈工"}
    assert one.silent
    assert hotline(town, HONGSHAN) == "12345"
    assert await lines.works(town, li, "h-wuhan") == 2
    assert hotline(town, HONGSHAN) == "027-85750000"
    with pytest.raises(NotYours):
        await lines.mark(town, chen, "h-wuhan", SHENZHEN)
    with pytest.raises(BadInput):
        await lines.mark(town, chen, "h-nothing", HONGSHAN)
    auditor = await officer(town, "wu", "吴工", Role.AUDITOR, HONGSHAN)
    with pytest.raises(NotYours):
        await lines.mark(town, auditor, "h-wuhan", HONGSHAN)
    async with town.store.reading() as work:
        told = [line.what async for line, _ in work.audit.lines() if line.deed is Deed.CHANGE]
    assert told == ["hotline:h-wuhan"] * 4


async def test_a_resident_who_could_not_get_through_is_given_another(town: Desk) -> None:
    first = await take_in(town, message("低保怎么申请"))
    async with town.store.writing() as work:
        await work.conversations.change(first.conversation.id, town.clock.now(), region=HONGSHAN)
        await work.commit()
    taken = await take_in(town, message("027-85750000打了半天没人接"))
    async with town.store.reading() as work:
        (said,) = await work.messages.replies(taken.message.id)
        (kept,) = await work.line_reports.since(town.clock.now())
    assert "我记下了" in said.text
    assert "电话12345" in said.text
    assert (kept.hotline, kept.actor) == ("h-wuhan", f"resident:{first.conversation.id}")
    assert "o-wang" not in kept.actor


async def test_what_else_was_said_is_answered(town: Desk) -> None:
    for text in (
        "12345没人接，家里今晚没饭吃了",
        "12345没人接，我想问低保怎么申请，要带什么材料，去哪里交，几天有结果呢",
    ):
        taken = await take_in(town, message(text))
        assert taken.message.state == "received", "the engine is asked"
    async with town.store.reading() as work:
        assert [one.hotline for one in await work.line_reports.since(town.clock.now())] == ["h-12345"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12349没人接", "12349"),
        ("打了12345，一直打不通啊", "12345"),
        ("12349是空号吗", "12349"),
        ("低保电话没人接", ""),
        ("我的手机13800138000打不通", ""),
        ("99999没人接", ""),
        ("12345是干什么的", ""),
    ],
)
def test_what_somebody_says_of_a_line(desk: Desk, text: str, number: str) -> None:
    found = silent_lines.tried(text, desk.edition.hotlines("000000"))
    assert (found.number if found else "") == number
