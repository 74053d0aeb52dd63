"""What officers do beside claiming and answering: macros, a time agreed, a second answer noticed, and the search."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.audit import Deed
from bot.conversations import Holder
from bot.desk.desk import Desk
from bot.desk.handoff import booking, holding, macros, queue, searching, transferring
from bot.desk.intake import take_in
from bot.errors import BadInput, Conflict, NotYours
from bot.messages import Author
from bot.staff import Role
from tests.desk.conftest import message
from tests.desk.handoff.conftest import HERE, held, lines, officer, queued, rows, talk

# A second answer


async def test_a_second_answer_is_noticed_before_it_goes(office: Desk) -> None:
    me, other = await officer(office), await officer(office, "li", "李工")
    one = await held(office, me)
    seen = (await rows(office, one))[-1].seq
    await holding.reply(office, me, one, "我先看看材料")
    await transferring.transfer(office, me, one, other.id, "他熟悉")
    with pytest.raises(Conflict, match="陈工又回了一条：“我先看看材料”"):
        await holding.reply(office, other, one, "您把户口本拍给我", seen)
    newest = (await rows(office, one))[-1].seq
    assert (await holding.reply(office, other, one, "您把户口本拍给我", newest)).text == "您把户口本拍给我"
    assert [row.text for row in await rows(office, one) if row.author is Author.OFFICER] == [
        "我先看看材料",
        "您把户口本拍给我",
    ]


async def test_what_the_resident_says_meanwhile_is_no_second_answer(office: Desk) -> None:
    me = await officer(office)
    one = await held(office, me)
    seen = (await rows(office, one))[-1].seq
    await take_in(office, message("我还有一句"))
    assert await holding.reply(office, me, one, "您说", seen)


# Macros


@pytest.mark.parametrize(
    ("key", "detail", "holder", "said"),
    [
        ("accept", "", Holder.OFFICER, "我是工作人员陈工"),
        ("paper", "户口本首页", Holder.WAITING, "户口本首页"),
        ("refer", "medical_insurance", Holder.WAITING, "医保部门"),
        ("close", "", Holder.CLOSED, "先办到这里"),
    ],
)
async def test_a_macro_says_labels_and_moves_at_once(
    office: Desk, key: str, detail: str, holder: Holder, said: str
) -> None:
    me = await officer(office)
    one = await held(office, me)
    made = await macros.ready(office, me, one, key, detail)
    assert said in made.text
    before = await rows(office, one)
    assert [row.text for row in before if row.author is Author.OFFICER] == [], "shown before it goes"
    await macros.run(office, me, one, key, detail, made.text)
    assert [row.text for row in await rows(office, one) if row.author is Author.OFFICER] == [made.text]
    assert (await talk(office, one)).holder is holder
    (row,) = await searching.find(office, me, made.macro.label, 10)
    assert (row.conversation, list(row.labels)) == (one, [made.macro.label])


async def test_one_press_takes_a_waiting_conversation_over_and_greets(office: Desk) -> None:
    me = await officer(office)
    one = (await queued(office)).id
    made = await macros.ready(office, me, one, "accept")
    await macros.run(office, me, one, "accept", "", made.text)
    held_by = await talk(office, one)
    assert (held_by.holder, held_by.holder_name) == (Holder.OFFICER, me.id)


async def test_a_macro_is_only_the_holders_and_only_what_was_shown(office: Desk) -> None:
    me, other = await officer(office), await officer(office, "li", "李工")
    one = await held(office, me)
    made = await macros.ready(office, other, one, "close")
    with pytest.raises(Conflict, match="陈工正在接"):
        await macros.run(office, other, one, "close", "", made.text)
    with pytest.raises(Conflict, match="重新看过"):
        await macros.run(office, me, one, "close", "", "您的事办不了")
    for key, detail in (("paper", ""), ("paper", "身份证420106195001011234"), ("refer", "nobody"), ("fire", "")):
        with pytest.raises(BadInput):
            await macros.run(office, me, one, key, detail, "x")
    assert [row for row in await rows(office, one) if row.author is Author.OFFICER] == []
    assert (await talk(office, one)).holder is Holder.OFFICER


# A time agreed


async def test_a_call_is_a_task_and_is_confirmed_to_the_resident(office: Desk) -> None:
    me = await officer(office)
    one = await held(office, me)
    made = await booking.book(office, me, one, "callback", "2026-11-27", "14:30", "核对房租", "138 0013 8000")
    async with office.store.reading() as work:
        (task,) = await work.tasks.open()
    assert (task.id, task.kind, task.phone) == (made.id, "callback", "13800138000")
    assert one in task.text
    (said,) = [row.text for row in await rows(office, one) if row.author is Author.OFFICER]
    assert "11月27日14:30" in said
    assert "陈工给您打电话" in said
    (note,) = (await queue.opened(office, me, one)).notes
    assert "约了打电话：11月27日14:30，核对房租" in note.text
    assert "13800138000" not in note.text


@pytest.mark.parametrize(
    "told",
    [
        ("callback", "2026-11-24", "09:30", "核对", "13800138000"),
        ("callback", "2026-11-27", "25:00", "核对", "13800138000"),
        ("callback", "2026-11-27", "09:30", "", "13800138000"),
        ("callback", "2026-11-27", "09:30", "核对", ""),
        ("callback", "2026-11-27", "09:30", "核对", "call me"),
        ("letter", "2026-11-27", "09:30", "核对", "13800138000"),
        ("visit", "2029-11-27", "09:30", "核对", ""),
    ],
)
async def test_a_time_that_cannot_be_is_not_agreed(office: Desk, told: tuple[str, str, str, str, str]) -> None:
    me = await officer(office)
    one = await held(office, me)
    with pytest.raises(BadInput):
        await booking.book(office, me, one, *told)
    async with office.store.reading() as work:
        assert await work.tasks.open() == []
    assert [row for row in await rows(office, one) if row.author is Author.OFFICER] == []


async def test_only_the_holder_agrees_a_time(office: Desk) -> None:
    me, other = await officer(office), await officer(office, "li", "李工")
    one = await held(office, me)
    with pytest.raises(Conflict):
        await booking.book(office, other, one, "visit", "2026-11-27", "09:30", "看房子")


# The search


async def test_the_search_looks_beyond_every_list(office: Desk) -> None:
    """The one that is looked for is older than a hundred others, and in no list of what waits."""
    me, now = await officer(office), office.clock.now()
    async with office.store.writing() as work:
        for number in range(130):
            at = now - timedelta(days=130 - number)
            made = await work.conversations.open("wechat", "gh_1", f"o-{number}", at, "resident")
            await work.conversations.change(made.id, at, region=HERE if number % 2 else "420106")
            if number == 3:
                await work.talks.label(made.id, "要上门", True, me.id, at)
                wanted = made.id
        await work.commit()
    assert [row.conversation for row in await searching.find(office, me, "要上门", 100)] == [wanted]
    assert [row.conversation for row in await searching.find(office, me, "要上", 100)] == [wanted]
    assert [row.conversation for row in await searching.find(office, me, "洪山区 要上门", 100)] == [wanted]
    assert await searching.find(office, me, "武昌区 要上门", 100) == []
    day = (now - timedelta(days=127)).date()
    assert [row.conversation for row in await searching.find(office, me, f"{day.isoformat()}", 100)] == [wanted]
    assert [row.conversation for row in await searching.find(office, me, f"{day.month}月{day.day}日", 100)] == [wanted]
    assert len(await searching.find(office, me, "洪山区", 100)) == 65
    away = await officer(office, "zhou", "周工", region="440305")
    assert await searching.find(office, away, "要上门", 100) == []
    editor = await officer(office, "ed", "编辑", Role.EDITOR)
    with pytest.raises(NotYours):
        await searching.find(office, editor, "要上门", 100)
    assert {line.what for line in await lines(office, Deed.SEARCH)} == {"conversations"}
    assert "要上门" not in str(await lines(office, Deed.SEARCH))


async def test_why_it_was_handed_over_is_found_and_a_complaint_of_oneself_is_not(office: Desk) -> None:
    me, other = await officer(office), await officer(office, "li", "李工")
    one = (await queued(office)).id
    async with office.store.writing() as work:
        await work.conversations.move(one, Holder.BOT, "x", "", office.clock.now())
        await work.conversations.move(one, Holder.QUEUED, "x", f"complaint:{me.id}", office.clock.now())
        await work.commit()
    assert [row.conversation for row in await searching.find(office, other, "投诉", 10)] == [one]
    assert await searching.find(office, me, "投诉", 10) == []


async def test_an_open_page_that_looks_again_leaves_no_line(office: Desk) -> None:
    me = await officer(office)
    one = (await queued(office)).id
    await queue.opened(office, me, one)
    before = len(await lines(office, Deed.READ))
    await queue.opened(office, me, one, again=True)
    assert len(await lines(office, Deed.READ)) == before == 1
