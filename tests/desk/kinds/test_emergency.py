"""急难快报: five questions, no identity, in the queue with the first word, and where to go tonight."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.conversations import Holder
from bot.desk.desk import Desk
from bot.messages import Outcome
from tests.desk.kinds.conftest import Chat


async def test_five_questions_lead_to_the_priority_list(chat: Chat, desk: Desk) -> None:
    await chat.open("emergency", text="今晚没地方住，没饭吃")
    assert chat.said[0].outcome is Outcome.PERSON
    talk = await chat.talk()
    assert (talk.holder, talk.reason, talk.priority) == (Holder.QUEUED, "emergency", 9)
    asked = [chat.asked]
    for words in ("武汉市洪山区珞南街道，桥底下", "3个人", "没吃的，也没地方睡", "有老人和孩子", "13800001234"):
        await chat.say(words)
        asked.append(chat.asked)
    assert asked[:5] == ["place_now", "how_many", "tonight", "frail", "phone"]
    assert chat.form == ""
    async with desk.store.reading() as work:
        (task,) = await work.tasks.open()
    assert (task.kind, task.region[:6], task.phone) == ("emergency", "420111", "13800001234")
    for told in ("洪山区", "桥底下", "3", "没有吃的", "没地方", "老人", "孩子"):
        assert told in task.text
    assert "13800001234" not in task.text
    assert task.due_at - desk.clock.now() <= timedelta(hours=1)


async def test_what_can_be_done_tonight_is_said_at_once(chat: Chat) -> None:
    await chat.open("emergency", text="今晚没地方住")
    assert "120" in chat.text
    assert "12345" in chat.text
    for words in ("武汉市洪山区", "1个人", "没地方睡", "有病人", "13800001234"):
        await chat.say(words)
    assert "救助站" in chat.text
    assert "不收钱" in chat.text
    assert "120" in chat.text
    assert "13800001234" not in chat.text


async def test_only_what_is_missing_is_answered_to(chat: Chat) -> None:
    await chat.open("emergency", text="家里断粮了")
    for words in ("武汉市洪山区", "2个人", "没吃的", "都没有", "跳过"):
        await chat.say(words)
    assert "乡镇（街道）救助窗口" in chat.text
    assert "救助站" not in chat.text


async def test_nobody_is_asked_who_they_are(chat: Chat, desk: Desk) -> None:
    await chat.open("emergency", text="今晚没地方住")
    form = desk.edition.form("emergency")
    keys = {one.field.key for step in form.steps for one in step.fields}
    assert len(form.steps) <= 5
    assert not keys & {"name", "identity", "bank_card", "hukou"}
    async with desk.store.reading() as work:
        person = await work.people.get((await chat.draft()).person)
    assert (person.name, person.identity, person.phone) == ("", "", "")


async def test_for_somebody_else_the_questions_are_about_them(chat: Chat, desk: Desk) -> None:
    await chat.open("emergency", text="楼上老人没饭吃")
    for words in ("武汉市洪山区珞南街道", "1个人", "没吃的", "有老人"):
        assert "您" not in chat.said[-1].text
        await chat.say(words)
    await chat.say("13800001234")
    async with desk.store.reading() as work:
        (task,) = await work.tasks.open()
    assert "替别人说的" in task.text
    assert not [one for one in chat.said[-1].choices if "form" in one.meaning]


async def test_who_stops_half_way_is_in_the_queue_all_the_same(chat: Chat) -> None:
    await chat.open("emergency", text="今晚没地方住")
    await chat.say("武汉市洪山区")
    await chat.say("先到这")
    talk = await chat.talk()
    assert (talk.holder, talk.priority) == (Holder.QUEUED, 9)


async def test_the_notice_is_said_and_its_version_kept(chat: Chat, desk: Desk) -> None:
    await chat.open("emergency", text="今晚没地方住")
    notice = desk.edition.consents["emergency_notice"]
    assert notice.text.strip() in chat.said[0].text
    assert (await chat.draft()).about["notice"] == notice.version


async def test_a_place_on_no_map_is_taken_as_it_was_said(chat: Chat, desk: Desk) -> None:
    await chat.open("emergency", text="今晚没地方住")
    await chat.say("就在老桥底下")
    assert chat.asked == "how_many", "nobody is asked twice tonight"
    for words in ("1个人", "没地方睡", "都没有", "跳过"):
        await chat.say(words)
    async with desk.store.reading() as work:
        (task,) = await work.tasks.open()
    assert "老桥底下" in task.text


async def test_what_may_be_said_is_listed_to_tap_or_to_number(chat: Chat) -> None:
    await chat.open("emergency", text="今晚没地方住")
    for words in ("武汉市洪山区", "2个人"):
        await chat.say(words)
    labels = [one.label for one in chat.said[-1].choices]
    assert {"没有吃的", "没地方睡", "不缺"} <= set(labels)
    assert "1和2" in chat.said[-1].text
    await chat.say("1和2")
    assert (await chat.answers())["tonight"].value == ["food", "bed"]
    await chat.tap("没有")
    assert (await chat.answers())["frail"].value == []


async def test_a_statement_that_is_also_a_published_wording_is_an_answer_here(chat: Chat) -> None:
    await chat.open("emergency", text="今晚没地方住")
    await chat.say("武昌火车站")
    await chat.say("就我一个")
    await chat.say("今晚没吃的也没地方睡")
    assert chat.asked == "frail"


async def test_what_is_no_place_is_asked_for_once_more_and_the_second_words_are_taken(chat: Chat) -> None:
    await chat.open("emergency", text="3天没吃饭了")
    await chat.say("娃娃饿得哭")
    assert chat.asked == "place_now"
    assert "附近看得见什么" in chat.text
    await chat.say("说不清，黑得很")
    assert chat.asked == "how_many"
    assert (await chat.answers())["place_now"].value == "说不清，黑得很"


@pytest.mark.parametrize(
    "said", ["我在人民医院门口", "老街幼儿园旁边", "在桥洞底下没饭吃", "没钱，就在菜市场对面", "贵阳云岩"]
)
async def test_what_somebody_can_be_found_by_is_a_place_at_once(chat: Chat, said: str) -> None:
    await chat.open("emergency", text="今晚没地方住")
    await chat.say(said)
    assert chat.asked == "how_many"


@pytest.mark.parametrize("late", ["我在贵阳云岩", "贵阳市云岩区", "现在人在贵阳云岩，火车站旁边"])
async def test_a_region_that_comes_late_is_the_place(chat: Chat, desk: Desk, late: str) -> None:
    await chat.open("emergency", text="3天没吃饭了")
    for words in ("娃娃饿得哭", "老屋那儿"):
        await chat.say(words)
    await chat.say(late)
    assert chat.asked == "how_many", "the question stays"
    assert "云岩" in chat.text
    for words in ("3个人", "没吃的", "有孩子", "跳过"):
        await chat.say(words)
    async with desk.store.reading() as work:
        (task,) = await work.tasks.open()
    assert task.region[:6] == "520103"
    assert "老屋那儿" in task.text


async def test_a_place_that_is_known_is_not_changed_by_another_one(chat: Chat) -> None:
    await chat.open("emergency", text="今晚没地方住")
    for words in ("武汉市洪山区，桥底下", "我老家贵阳云岩"):
        await chat.say(words)
    assert (await chat.answers())["place_now"].value == "武汉市洪山区，桥底下"
