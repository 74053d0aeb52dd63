"""Whole talks about a case, as residents hold them: where it stands, what changed, what they do not agree with."""

from __future__ import annotations

import pytest

from bot.cases import new_number, show_number
from bot.clock import FixedClock
from bot.desk.cases.lookup import TRIES
from bot.desk.cases.mine import own_cases
from tests.desk.cases.conftest import Town
from tests.desk.cases.talk import Talk, owned


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


@pytest.mark.parametrize("said", ["没有回执号", "没给我书面的", "不知道", "回执丢了", "没有"])
async def test_who_has_no_receipt_is_told_what_can_be_done_without(town: Town, said: str) -> None:
    talk = Talk(town, await town.chat())
    await talk.open("lookup")
    told = await talk.say(said)
    assert "没有回执号也能查" in told
    assert "12345" in told
    assert "一位" not in told
    assert talk.options == ["找人工"]
    assert talk.form == ""


@pytest.mark.parametrize("said", ["我用别人手机填的", "谢了", "2024年办的"])
async def test_words_without_a_number_are_no_mistyped_number(town: Town, said: str) -> None:
    case = await town.case(await town.person())
    talk = Talk(town, await town.chat())
    await talk.open("lookup")
    told = await talk.say(said)
    assert "一位" not in told
    assert "13位数字" in told
    assert "找人工" in talk.options
    assert "最后四位" in await talk.say(case.number)


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
    assert "交给另外的人看" in said
