"""Whole talks about a case, as residents hold them: where it stands, what changed, what they do not agree with, their data."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest

from bot.cases import new_number, show_number
from bot.clock import FixedClock
from bot.conversations import Conversation
from bot.desk.case_ports import Case
from bot.desk.cases import register, rights
from bot.desk.cases.gathering import gather
from bot.desk.cases.lookup import TRIES
from bot.desk.cases.mine import own_cases
from bot.desk.cases.moving import move
from bot.desk.filling.hearing import hear
from bot.desk.filling.opening import begin
from bot.desk.question import Question
from bot.forms.model import Sheet
from bot.knowledge.plain_language import refused_words
from bot.messages import Inbound, Kind
from tests.desk.cases.conftest import Town

_messages = count(1)


class Talk:
    """One resident at one form after another; every reply is checked for its language."""

    def __init__(self, town: Town, conversation: Conversation) -> None:
        self.town, self.conversation, self.form = town, conversation, ""
        self.replies: list[str] = []
        self.options: list[str] = []

    async def _message(self, text: str) -> str:
        async with self.town.desk.store.writing() as work:
            inbound = Inbound(
                "wechat", "gh_1", self.conversation.sender, f"t:{next(_messages)}", Kind.TEXT, self.town.now, text=text
            )
            taken = await work.messages.take(self.conversation, inbound, text, {}, self.town.now)
            await work.commit()
        return taken.message.id

    async def open(self, kind: str, programme: str = "") -> str:
        meaning = {"form": kind, "programme": programme}
        message = await self._message(kind)
        asked = Question(kind, self.town.desk.today(), "wechat", meaning=meaning)
        return self._kept(await begin(self.town.desk, self.conversation.id, message, asked))

    async def say(self, text: str) -> str:
        """An answer in words. All that is said back, in one text."""
        assert self.form, f"no form is open for {text!r}; said before: {self.replies}"
        message = await self._message(text)
        asked = Question(text, self.town.desk.today(), "wechat")
        return self._kept(await hear(self.town.desk, self.conversation.id, message, self.form, asked))

    async def tap(self, meaning: dict[str, object]) -> str:
        """An option, or a photo that the gateway kept."""
        message = await self._message("〔图片〕")
        asked = Question("", self.town.desk.today(), "wechat", meaning=meaning)
        return self._kept(await hear(self.town.desk, self.conversation.id, message, self.form, asked))

    def _kept(self, heard: object) -> str:
        self.form = heard.form  # type: ignore[attr-defined]
        replies = heard.replies  # type: ignore[attr-defined]
        self.replies = [reply.text for reply in replies]
        self.options = [choice.label for reply in replies for choice in reply.choices]
        for text in self.replies:
            assert not list(refused_words(text)), text
            assert "{" not in text
            assert "None" not in text
        assert len(replies) <= 3
        return "\n".join(self.replies)


@pytest.fixture
def talk_of(town: Town) -> Callable[[Conversation], Talk]:
    return lambda conversation: Talk(town, conversation)


async def owned(town: Town, *states: str) -> tuple[Talk, Case]:
    chat = await town.chat()
    case = await town.case(await town.person(chat), chat)
    return Talk(town, chat), await town.set(case, *states)


async def test_somebody_we_know_is_told_at_once(town: Town) -> None:
    talk, case = await owned(town, "accepted")
    said = await talk.open("lookup")
    assert "已受理" in said
    assert show_number(case.number) in said
    assert talk.form == "", "nothing is asked"


async def test_of_several_one_is_chosen(town: Town) -> None:
    talk, case = await owned(town)
    async with town.desk.store.reading() as work:
        person = await work.people.of_conversation(talk.conversation.id)
    assert person
    await town.case(person, talk.conversation)
    said = await talk.open("lookup")
    assert "2件" in said
    assert len(talk.options) == 3
    assert show_number(case.number) in await talk.open("lookup", case.id)
    await talk.open("lookup", "number")
    assert talk.form, "another number can be looked up"


async def test_a_stranger_proves_themselves_and_is_remembered_when_they_wish(town: Town) -> None:
    case = await town.set(await town.case(await town.person()), "accepted")
    talk = Talk(town, await town.chat())
    assert "13位数字" in await talk.open("lookup")
    wrong = case.number[:-1] + str((int(case.number[-1]) + 1) % 10)
    assert "一位" in await talk.say(wrong)
    assert "最后四位" in await talk.say(f"回执号是{show_number(case.number)}")
    assert "还差一样" in await talk.say("王桂英")
    assert "没有对上" in await talk.say("王桂英 4321")
    assert "13位数字" in "\n".join(talk.replies), "and it begins again"
    await talk.say(case.number)
    said = await talk.say("王桂英 1234")
    assert "已受理" in said
    assert "本人的手机" in said
    assert "直接看" in await talk.say("是")
    assert talk.form == ""
    assert "已受理" in await talk.open("lookup")


async def test_who_does_not_wish_it_is_asked_again_next_time(town: Town) -> None:
    case = await town.case(await town.person())
    talk = Talk(town, await town.chat())
    await talk.open("lookup")
    await talk.say(case.number)
    await talk.say("王桂英 1234")
    assert "还是要再对" in await talk.say("不是")
    assert "13位数字" in await talk.open("lookup")


async def test_nothing_of_a_look_up_is_kept(town: Town) -> None:
    case = await town.case(await town.person())
    talk = Talk(town, await town.chat())
    await talk.open("lookup")
    draft = talk.form
    await talk.say(case.number)
    await talk.say("王桂英 1234")
    async with town.desk.store.reading() as work:
        assert not (await work.drafts.get(draft)).sheet.answers
    await talk.say("不是")
    async with town.desk.store.reading() as work:
        kept = await work.drafts.get(draft)
    assert (kept.state, dict(kept.sheet.answers), dict(kept.about)) == ("cancelled", {}, {})


async def test_five_misses_end_kindly_and_with_a_person(town: Town, clock: FixedClock) -> None:
    case = await town.case(await town.person())
    talk = Talk(town, await town.chat())
    await talk.open("lookup")
    for n in range(TRIES):
        await talk.say(new_number())
        said = await talk.say("王桂英 1234")
        assert ("没有对上" in said) is (n < TRIES - 1)
    assert "15分钟" in said
    assert talk.options == ["找人工"]
    assert talk.form == ""
    await talk.open("lookup")
    await talk.say(case.number)
    assert "15分钟" in await talk.say("王桂英 1234")
    clock.advance(minutes=16)
    await talk.open("lookup")
    await talk.say(case.number)
    assert "最低生活保障" in await talk.say("王桂英 1234")


async def test_a_whole_identity_number_is_not_wanted(town: Town) -> None:
    case = await town.case(await town.person())
    talk = Talk(town, await town.chat())
    await talk.open("lookup")
    await talk.say(case.number)
    assert "最后四位" in await talk.say("王桂英 〔身份证号已隐去〕")


async def test_a_change_is_laid_before_a_person(town: Town) -> None:
    talk, case = await owned(town, "accepted", "approved", "paying")
    await talk.open("change")
    for answer in ("收入变了", "上个月", "每月一千二", "找了个看门的活"):
        await talk.say(answer)
    said = await talk.say("确认")
    assert "记下了" in said
    assert "先听您的意见" in said
    (task,) = await town.tasks(case)
    assert task.kind == "callback"
    assert "看门" in task.text
    line = next(line for line in await town.timeline(case) if line.about.get("report"))
    assert (line.about["report"], line.about["change_what"]) == ("change", ["income"])
    assert line.actor.startswith("resident:")


async def test_money_that_did_not_come_has_a_day(town: Town) -> None:
    talk, case = await owned(town, "accepted", "approved", "paying")
    await talk.open("change", f"unpaid:{case.id}")
    for answer in ("这个月", "卡里没有钱", "确认"):
        said = await talk.say(answer)
    assert "2026年11月27日前会有人和您联系" in said
    (task,) = await town.tasks(case)
    assert "钱没到账" in task.text


async def test_somebody_is_heard_before_a_cut(town: Town) -> None:
    talk, case = await owned(town, "accepted", "approved", "paying", "reducing")
    await talk.open("change", f"hearing:{case.id}")
    said = await talk.say("活是临时的，上个月就没了，家里还有两个上学的")
    assert "一字不落" in said
    line = next(line for line in await town.timeline(case) if line.about.get("hearing"))
    assert line.reason == "活是临时的，上个月就没了，家里还有两个上学的"
    assert len(await town.tasks(case)) == 1


async def test_who_has_no_case_here_is_led_to_the_number(town: Town) -> None:
    talk = Talk(town, await town.chat())
    said = await talk.open("change")
    assert "还没有查到您的申请" in said
    assert "13位数字" in said
    case = await town.set(await town.case(await town.person()), "accepted", "approved", "paying")
    await talk.say(case.number)
    await talk.say("王桂英 1234")
    await talk.say("是")
    assert talk.form, "and goes on to the change once the chat is theirs"
    async with town.desk.store.reading() as work:
        assert [one.id for one in await own_cases(work, talk.conversation.id)] == [case.id]


async def test_an_objection_has_its_day_its_address_and_a_letter(town: Town) -> None:
    talk, case = await owned(town, "accepted", "rejected")
    await talk.open("objection", case.id)
    await talk.say("不给救助")
    await talk.say("11月20号")
    await talk.say("没有")
    said = await talk.say("我家确实困难，房子是危房，请再看看")
    assert "2027年1月19日前" in said
    assert "2027年5月20日前起诉" in said
    assert "湖北省武汉市洪山区人民政府" in said
    assert "不收费" in said
    assert "该书面告诉您" in said
    assert "行政复议申请书（草稿）" in said
    assert "房子是危房" in said
    assert show_number(case.number) in said
    assert "420106195001011234" not in said
    (task,) = await town.tasks(case)
    assert "房子是危房" in task.text


async def test_an_objection_without_a_case_of_ours_is_answered_too(town: Town) -> None:
    talk = Talk(town, await town.chat())
    await talk.open("objection")
    await talk.say("一直没答复")
    await talk.say("9月1号")
    said = await talk.say("请给个答复")
    assert "12345" in said
    assert "请上级审查" in said
    assert "请给个答复" in said


async def test_complaints_of_staff_reach_a_person(town: Town) -> None:
    talk = Talk(town, await town.chat())
    await talk.open("objection")
    await talk.say("办事的人不对")
    said = await talk.say("村主任让我送礼")
    assert "12345" in said
    assert "请工作人员联系您" in said


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


async def test_papers_that_follow_reach_the_case(town: Town) -> None:
    """N-13: what is wanted is said, the photos go with the case, and a person looks whether they are enough."""
    talk, case = await owned(town)
    async with town.desk.store.writing() as work:
        case = await move(town.desk, work, case, "need_more", "officer:chen", missing=["户口簿", "残疾证"])
        await work.commit()
    said = await talk.open("more")
    assert "户口簿、残疾证" in said
    await talk.say("同意")
    async with town.desk.store.writing() as work:
        draft = await work.drafts.get(talk.form)
        papers = [
            await work.papers.add(draft.id, draft.person, 1, "more", "kept", f"jpg{n}".encode(), town.now)
            for n in (1, 2)
        ]
        await work.commit()
    for paper in papers:
        await talk.tap({"paper": paper.id, "draft": talk.form})
    said = await talk.say("确认")
    assert "收到2张" in said
    assert talk.form == ""
    async with town.desk.store.reading() as work:
        found = await work.papers.of_case(case.id)
        assert {paper.id: await work.papers.read(paper.id) for paper in found} == {
            paper.id: f"jpg{n}".encode() for n, paper in enumerate(papers, 1)
        }
        assert not await work.papers.of_draft(draft.id), "they are the case's now"
    (task,) = [task for task in await town.tasks(case) if task.kind == "callback"]
    assert "补了2张照片" in task.text
    assert (await town.get(case)).state == "need_more", "whether it is enough is not for us to say"


async def test_without_photos_nothing_is_handed_on(town: Town) -> None:
    talk, case = await owned(town, "need_more")
    await talk.open("more", case.id)
    await talk.say("同意")
    said = await talk.say("跳过")
    if talk.form:
        said = await talk.say("确认")
    assert "以后拍好了再发" in said
    assert not await town.tasks(case)


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
