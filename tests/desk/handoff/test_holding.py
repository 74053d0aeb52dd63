"""What officers do, what the resident gets of it, and what stands in the audit log."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.clock import FixedClock
from bot.conversations import Holder
from bot.desk.desk import Desk
from bot.desk.handoff import holding, queue, revealing, transferring
from bot.desk.intake import take_in
from bot.desk.outbox import deliver_once
from bot.desk.turns import TurnWorker
from bot.errors import BadInput, Conflict, NotYours
from bot.messages import Author, State
from bot.staff import Role
from tests.desk.conftest import ScriptedEngine, message
from tests.desk.handoff.conftest import Post, officer, queued, rows, talk


async def deeds(desk: Desk) -> list[tuple[str, str]]:
    async with desk.store.reading() as work:
        return [(str(line.deed), line.actor) async for line, _ in work.audit.lines()]


async def test_what_is_held_is_the_officers_alone(office: Desk, engine: ScriptedEngine) -> None:
    me, other = await officer(office), await officer(office, "li", "李工")
    one = await queued(office)
    await holding.claim(office, me, one.id)
    assert await holding.claim(office, me, one.id) == await talk(office, one.id)
    for forbidden in (
        holding.claim(office, other, one.id),
        holding.reply(office, other, one.id, "我来说"),
        holding.give_back(office, other, one.id),
        holding.close(office, other, one.id, "solved"),
        holding.wait_for_resident(office, other, one.id),
        transferring.transfer(office, other, one.id, "queue", "抢过来"),
    ):
        with pytest.raises(Conflict, match="陈工"):
            await forbidden
    taken = await take_in(office, message("低保怎么申请"))
    await TurnWorker(office, engine, "w").work_once()
    assert (taken.message.reason, engine.asked) == ("for the officer", [])


async def test_bot_rows_on_paper_are_dropped_and_one_in_flight_is_shown(office: Desk, engine: ScriptedEngine) -> None:
    taken = await take_in(office, message())
    await TurnWorker(office, engine, "w").work_once()
    me = await officer(office)
    await holding.claim(office, me, taken.conversation.id)
    (row,) = [row for row in await rows(office, taken.conversation.id) if row.author is Author.BOT]
    assert (row.state, row.reason) == (State.FAILED, holding.TAKEN_OVER)
    again = await take_in(office, message(sender="o-li"))
    await TurnWorker(office, engine, "w").work_once()
    async with office.store.writing() as work:
        (reply,) = await work.messages.replies(again.message.id)
        await work.messages.set_state(reply.id, [State.QUEUED], State.SENDING, office.clock.now(), attempt=True)
        await work.commit()
    await holding.claim(office, me, again.conversation.id)
    assert [row.id for row in (await queue.opened(office, me, again.conversation.id)).leaving] == [reply.id]


async def test_a_reply_goes_the_way_of_all_messages_and_twice_is_once(office: Desk, clock: FixedClock) -> None:
    me, one = await officer(office), await queued(office)
    await holding.claim(office, me, one.id)
    first = await holding.reply(office, me, one.id, "您好，我是陈工")
    assert (await holding.reply(office, me, one.id, " 您好，我是陈工 ")).id == first.id
    clock.advance(seconds=6)
    assert (await holding.reply(office, me, one.id, "您好，我是陈工")).id != first.id
    post = Post()
    while await deliver_once(office, {"wechat": post}):
        pass
    assert [row.text for row in post.sent if row.author is Author.OFFICER] == ["您好，我是陈工"] * 2
    assert (await talk(office, one.id)).answer_by is None
    for text in ("", "   ", "长" * 601):
        with pytest.raises(BadInput):
            await holding.reply(office, me, one.id, text)


async def test_a_note_is_no_message(office: Desk) -> None:
    me, one = await officer(office), await queued(office)
    before = await rows(office, one.id)
    await holding.note(office, me, one.id, "他儿子的身份证 420106195803074121，已核")
    assert await rows(office, one.id) == before
    (note,) = (await queue.opened(office, me, one.id)).notes
    assert "已核" in note.text
    assert "420106195803074121" not in note.text


async def test_who_is_waited_for_comes_back_to_the_same_officer(office: Desk, clock: FixedClock) -> None:
    me, one = await officer(office), await queued(office)
    await holding.claim(office, me, one.id)
    await holding.wait_for_resident(office, me, one.id)
    assert (await talk(office, one.id)).answer_by is None
    assert [row.conversation for row in await queue.waiting(office, me, "waiting")] == [one.id]
    back = (await take_in(office, message("我带来了"))).conversation
    assert (back.holder, back.holder_name, back.answer_by) == (
        Holder.OFFICER,
        me.id,
        clock.now() + timedelta(minutes=10),
    )


async def test_a_talk_goes_to_a_colleague_of_the_place_or_back_to_the_queue(office: Desk) -> None:
    me, other = await officer(office), await officer(office, "li", "李工")
    away = await officer(office, "ma", "马工", region="310000")
    one = await queued(office)
    async with office.store.writing() as work:
        await work.conversations.change(one.id, office.clock.now(), region="420111")
        await work.commit()
    await holding.claim(office, me, one.id)
    for wrong in (away.id, "nobody"):
        with pytest.raises(BadInput):
            await transferring.transfer(office, me, one.id, wrong, "他懂这一块")
    with pytest.raises(BadInput):
        await transferring.transfer(office, me, one.id, other.id, " ")
    assert (await transferring.transfer(office, me, one.id, other.id, "他懂这一块")).holder_name == other.id
    with pytest.raises(Conflict, match="李工"):
        await holding.reply(office, me, one.id, "还有一句")
    assert [note.text for note in (await queue.opened(office, other, one.id)).notes] == ["他懂这一块"]
    moved = await transferring.transfer(office, other, one.id, "queue", "下班了")
    assert (moved.holder, moved.reason, moved.holder_name) == (Holder.QUEUED, "asked", "")


async def test_given_back_the_bot_goes_on(office: Desk, engine: ScriptedEngine) -> None:
    me, one = await officer(office), await queued(office)
    await holding.claim(office, me, one.id)
    assert (await holding.give_back(office, me, one.id)).holder is Holder.BOT
    assert "接着帮您" in (await rows(office, one.id))[-1].text
    await take_in(office, message("低保怎么申请"))
    await TurnWorker(office, engine, "w").work_once()
    assert len(engine.asked) == 1


async def test_what_is_not_theirs_does_not_exist(office: Desk) -> None:
    one = await queued(office)
    async with office.store.writing() as work:
        await work.conversations.change(one.id, office.clock.now(), region="420111")
        await work.commit()
    away = await officer(office, "ma", "马工", region="310000")
    editor = await officer(office, "bian", "编辑", role=Role.EDITOR)
    said = set()
    for what in (one.id, "none-such"):
        with pytest.raises(NotYours) as refused:
            await queue.opened(office, away, what)
        said.add(str(refused.value))
        with pytest.raises(NotYours):
            await holding.claim(office, away, what)
        with pytest.raises(NotYours):
            await holding.note(office, away, what, "看看")
    assert len(said) == 1
    with pytest.raises(NotYours):
        await queue.opened(office, editor, one.id)
    for who in (away, editor):
        assert all([not await queue.waiting(office, who, view) for view in queue.VIEWS])
        assert set((await queue.counts(office, who)).values()) == {0}
    near = await officer(office, "wu", "吴工", region="420100")
    assert [row.conversation for row in await queue.waiting(office, near, "queue")] == [one.id]


async def test_every_deed_has_its_line(office: Desk) -> None:
    me, one = await officer(office), await queued(office)
    await queue.opened(office, me, one.id)
    await holding.claim(office, me, one.id)
    await holding.reply(office, me, one.id, "您好")
    await holding.note(office, me, one.id, "备注")
    await holding.label(office, me, one.id, "急办")
    await holding.close(office, me, one.id, "solved")
    assert await deeds(office) == [(deed, me.id) for deed in ("read", "claim", "reply", "change", "change", "move")]


async def test_a_list_is_masked_and_cut(office: Desk) -> None:
    me, one = await officer(office), await queued(office)
    await take_in(office, message("我电话13800001234，" + "家里很难" * 30))
    await holding.label(office, me, one.id, "急办")
    (row,) = await queue.waiting(office, me, "queue")
    assert "138****1234" in row.preview
    assert len(row.preview) < 50
    assert (row.why, row.place, list(row.labels)) == ("想找人工", "地区未知", ["急办"])
    await holding.label(office, me, one.id, "急办", on=False)
    assert list((await queue.waiting(office, me, "queue"))[0].labels) == []
    with pytest.raises(BadInput):
        await holding.label(office, me, one.id, "13800001234")
    with pytest.raises(BadInput):
        await queue.waiting(office, me, "all")


async def test_words_that_cannot_leave_become_one_call(office: Desk, clock: FixedClock) -> None:
    me, one = await officer(office), await queued(office)
    await holding.claim(office, me, one.id)
    clock.advance(hours=49)  # the platform's window is over
    assert not (await queue.opened(office, me, one.id)).open_window
    row = await holding.reply(office, me, one.id, "请带身份证来")
    for _ in range(3):
        await deliver_once(office, {"wechat": Post()})
    async with office.store.reading() as work:
        (task,) = await work.tasks.open()
        assert (await work.messages.get(row.id)).state is State.HELD
    assert task.kind == "callback"
    assert "请带身份证来" in task.text


async def test_did_it_help_by_one_tap_and_to_somebody_else(office: Desk, clock: FixedClock) -> None:
    me, other = await officer(office), await officer(office, "li", "李工")
    one = await queued(office)
    await holding.claim(office, me, one.id)
    with pytest.raises(BadInput):
        await holding.close(office, me, one.id, "gone")
    assert (await holding.close(office, me, one.id, "solved")).holder is Holder.CLOSED
    asked = (await rows(office, one.id))[-1]
    assert [choice.label for choice in asked.choices] == ["帮上了", "帮了一点", "没帮上", "想找别的人说"]
    taken = await take_in(office, message("没帮上"))
    assert taken.message.state is State.HANDLED
    async with office.store.reading() as work:
        closing = await work.talks.closing(one.id)
    assert closing is not None
    assert (closing.score, closing.staff, closing.outcome) == (1, me.id, "solved")
    complained = (await take_in(office, message("想找别的人说"))).conversation
    assert (complained.holder, complained.reason) == (Holder.QUEUED, f"complaint:{me.id}")
    assert list(await queue.waiting(office, me, "queue")) == []
    for forbidden in (queue.opened(office, me, one.id), holding.claim(office, me, one.id)):
        with pytest.raises(NotYours):
            await forbidden
    assert (await queue.waiting(office, other, "queue"))[0].why == "投诉"
    assert (await holding.claim(office, other, one.id)).holder_name == other.id
    with pytest.raises(NotYours):
        await transferring.transfer(office, other, one.id, me.id, "还给他")


async def test_a_mark_is_given_once_and_soon(office: Desk, clock: FixedClock, engine: ScriptedEngine) -> None:
    me, one = await officer(office), await queued(office)
    await holding.claim(office, me, one.id)
    await holding.close(office, me, one.id, "solved")
    await take_in(office, message("1"))
    again = await take_in(office, message("没帮上"))
    assert again.message.state is State.RECEIVED  # a word for the bot: the first mark counts
    async with office.store.reading() as work:
        closing = await work.talks.closing(one.id)
    assert closing is not None
    assert closing.score == 3
    clock.advance(hours=49)
    assert (await take_in(office, message("帮上了"))).message.state is State.RECEIVED


async def test_a_reveal_needs_a_reason(office: Desk) -> None:
    me, one = await officer(office), await queued(office)
    for reason in ("", "看看"):
        with pytest.raises(BadInput):
            await revealing.reveal(office, me, one.id, "phone", reason)
    with pytest.raises(BadInput):
        await revealing.reveal(office, me, one.id, "phone", "核对电话号码")
    with pytest.raises(NotYours):
        await revealing.reveal(office, me, "none-such", "phone", "核对电话号码")
    assert ("reveal", me.id) not in await deeds(office)


@pytest.mark.parametrize(("number", "score"), [(1, 3), (2, 2), (3, 1)])
async def test_a_tapped_row_of_the_menu_is_a_mark_also_in_the_middle_of_a_form(
    office: Desk, number: int, score: int
) -> None:
    """WeChat sends the row as it stands there, with its number before the words, and the id of the row."""
    me, one = await officer(office), await queued(office)
    await holding.claim(office, me, one.id)
    await holding.close(office, me, one.id, "solved")
    asked = [row for row in await rows(office, one.id) if row.about.get("reason") == "talk_closed"][-1]
    text = f"{number}. {asked.choices[number - 1].label}"
    await take_in(office, message("收到了吗"))  # something was said since
    taken = await take_in(office, message(text, choice=f"{asked.seq}-{number}"))
    assert taken.message.state is State.HANDLED
    async with office.store.reading() as work:
        closing = await work.talks.closing(one.id)
    assert closing is not None
    assert closing.score == score


async def test_a_tapped_row_leaves_the_queue(office: Desk) -> None:
    one = await queued(office)
    await take_in(office, message("1. 不等了", choice="99-1"))
    assert (await talk(office, one.id)).holder is Holder.BOT
