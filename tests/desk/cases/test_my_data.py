"""What is known of somebody: seen, corrected, taken back, deleted; and what is nobody else's."""

from __future__ import annotations

from bot.cases import show_number
from bot.desk.cases import register, rights
from bot.desk.cases.gathering import gather
from bot.forms.model import Sheet
from tests.desk.cases.conftest import Town
from tests.desk.cases.talk import Talk, owned


async def test_my_data_is_seen_masked(town: Town) -> None:
    talk, case = await owned(town)
    await talk.open("data")
    said = await talk.say("看看存了什么")
    assert "王**" in said
    assert "420***********1234" in said
    assert "138****8765" in said
    assert show_number(case.number) in said
    assert "王桂英" not in said
    assert talk.options == ["改一处", "收回同意", "都删掉"]
    assert talk.form == ""


async def test_a_phone_is_corrected_at_once_and_a_name_by_a_person(town: Town) -> None:
    talk, case = await owned(town)
    await talk.open("data", "correct")
    await talk.say("电话")
    assert "改好了" in await talk.say("13911112222")
    async with town.desk.store.reading() as work:
        person = await work.people.of_conversation(talk.conversation.id)
    assert person
    assert person.phone == "13911112222"
    await talk.open("data", "correct")
    await talk.say("姓名")
    assert "工作人员看过" in await talk.say("王桂瑛")
    (task,) = await town.tasks(case)
    assert "王桂瑛" in task.text
    async with town.desk.store.reading() as work:
        person = await work.people.of_conversation(talk.conversation.id)
    assert person
    assert person.name == "王桂英"
    await talk.open("data", "correct")
    await talk.say("电话")
    assert "少了一位" in await talk.say("1391111")


async def test_a_consent_taken_back_stops_and_is_told(town: Town) -> None:
    """T-36: at once."""
    chat = await town.chat()
    owner = await town.person(chat)
    async with town.desk.store.writing() as work:
        draft = await work.drafts.open(chat.id, owner.id, "application", "dibao", Sheet("dibao"), {}, town.now)
        await work.consents.give(draft.id, 1, "王桂英", "check", "1", "wechat", chat.id, owner.id, town.now)
        case = await work.cases.add(draft, "dibao", "420111", "submitted", "", town.now)
        await work.commit()
    talk = Talk(town, chat)
    await talk.open("data", "withdraw")
    assert talk.options[0] == town.desk.edition.consents["check"].title
    said = await talk.say("1")
    assert "已经收回了" in said
    assert "第15条" in said
    async with town.desk.store.reading() as work:
        assert [one.state for one in await work.consents.of_case(case.id)] == ["withdrawn"]
    (task,) = await town.tasks(case)
    assert "请停止" in task.text
    assert "不用收回" in await talk.open("data", "withdraw")


async def test_everything_is_deleted_with_a_receipt_and_what_is_held_is_listed(town: Town) -> None:
    """A-51: the case the office has is its archive; everything else is gone and does not open again."""
    talk, case = await owned(town)
    async with town.desk.store.reading() as work:
        person = await work.people.of_conversation(talk.conversation.id)
    assert person
    held = await town.case(person, talk.conversation)
    async with town.desk.store.writing() as work:
        held = await work.cases.change(held.id, town.now, office_number="MZ-1")
        await work.commit()
    await talk.open("data", "erase")
    assert "都还在" in await talk.say("不删了")
    await talk.open("data", "erase")
    said = await talk.say("确定")
    assert "删除凭证" in said
    assert show_number(held.number) in said
    assert show_number(case.number) not in said
    assert talk.form == ""
    async with town.desk.store.reading() as work:
        assert await work.people.of_conversation(talk.conversation.id) is None
        assert await work.cases.by_number(case.number) is None
        assert not await work.drafts.of_conversation(talk.conversation.id)
    assert "没有存您的申请" in await talk.open("data", "see")


async def test_who_never_applied_may_delete_their_talk_too(town: Town) -> None:
    talk = Talk(town, await town.chat())
    await talk.open("data", "erase")
    assert "删除凭证" in await talk.say("确定")


async def test_anothers_form_is_not_to_be_had(town: Town) -> None:
    """A-47: with its id in hand, by answering it, by going on with it, by its options."""
    owner, stranger = Talk(town, await town.chat()), Talk(town, await town.chat())
    await owner.open("objection")
    theirs = owner.form
    async with town.desk.store.reading() as work:
        before = await work.drafts.get(theirs)
    stranger.form = theirs
    answered = await stranger.say("不给救助")
    assert await stranger.open("resume", theirs) == await stranger.open("resume", "01ZZZZZZZZZZZZZZZZZZZZZZZZ")
    assert "不给救助" not in answered
    assert stranger.form == ""
    async with town.desk.store.reading() as work:
        assert await work.drafts.get(theirs) == before


async def test_the_offices_archive_lives_on_without_the_person(town: Town) -> None:
    """A case that is held moves on, is listed and leaves as before; nobody is called on what they asked us to forget."""
    chat = await town.chat()
    owner = await town.person(chat)
    case = await town.case(owner, chat, answers={"household_size": 3})
    async with town.desk.store.writing() as work:
        case = await work.cases.change(case.id, town.now, office_number="MZ-1")
        await rights.erase(town.desk, work, chat.id, "test")
        await work.commit()
    moved = await register.move(town.desk, case.number, "accepted", "陈工")
    assert moved.state == "accepted"
    assert [line.about["way"] for line in await town.timeline(case) if "way" in line.about] == ["nobody"]
    assert not await town.tasks(case)
    async with town.desk.store.reading() as work:
        (row,) = await register.rows(town.desk, work)
        assert row.name == "没有"
        assert (await gather(town.desk, work, moved)).applicant.name == ""
    shown = await register.show(town.desk, case.number, "")
    assert shown.said == 1
