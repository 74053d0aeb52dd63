"""What a message does in a form, beyond its words: options, old options, long stories, places, heavy words."""

from __future__ import annotations

import pytest

from bot.conversations import Holder
from bot.messages import Kind
from tests.desk.filling.talk import ANSWERS, APPLY, Talk


async def test_a_number_means_the_option_of_the_question(talk: Talk) -> None:
    await talk.until("apply_as")
    await talk.say("1")
    assert (await talk.draft()).sheet.answers["apply_as"].value == "self"


async def test_where_no_options_were_shown_a_number_is_a_number(talk: Talk) -> None:
    """Before it came a question with five options; the number is not one of those."""
    await talk.until("household_size")
    await talk.say("3")
    draft = await talk.draft()
    assert draft.sheet.answers["household_size"].value == 3
    assert draft.sheet.answers["apply_as"].value == "self"


async def test_a_tap_on_an_older_option_corrects_that_answer(talk: Talk) -> None:
    await talk.until("apply_as")
    shown = talk.rows
    await talk.until("household_size")
    talk.rows = shown
    said = await talk.tap("替同住的家人办")
    draft = await talk.draft()
    assert draft.sheet.answers["apply_as"].value == "family"
    assert "改好了" in said
    assert draft.sheet.answers["members.1.name"].value == "王桂英"


async def test_an_option_of_a_form_that_is_over_changes_nothing(talk: Talk) -> None:
    old = await talk.until("apply_as")
    shown = talk.rows
    await talk.say("不办了")
    await talk.tap("不填了")
    talk.rows = shown
    assert "没有您填了一半的表" in await talk.tap("给自己家办")
    await talk.say(APPLY)
    new = await talk.draft()
    assert new.id != old.id
    talk.rows = shown
    await talk.tap("给自己家办")
    assert "apply_as" not in (await talk.draft()).sheet.answers


async def test_another_form_puts_this_one_aside(talk: Talk) -> None:
    draft = await talk.until("household_size")
    said = await talk.say("授权码 1234 5678")
    assert "先存着" in said
    assert (await talk.draft(draft.id)).state == "paused"
    await talk.say("接着填")
    assert (await talk.draft()).sheet.answers == draft.sheet.answers


async def test_a_long_story_is_kept_whole(talk: Talk) -> None:
    await talk.until("reasons")
    story = "老伴前年生病，一直在吃药。" + "家里的钱都看病花完了，亲戚也借遍了。" * 60 + "从去年三月开始就没有收入了。"
    await talk.say(story)
    draft = await talk.draft()
    assert len(story) > 1000
    assert draft.sheet.answers["reasons_story"].value == story


async def test_a_shared_place_is_an_answer(talk: Talk) -> None:
    await talk.until("hukou")
    await talk.say("", kind=Kind.LOCATION, place="湖北省武汉市洪山区珞南街道")
    assert (await talk.draft()).sheet.answers["hukou"].value["region"] == "420111"


async def test_heavy_words_are_met_and_the_form_goes_on(talk: Talk) -> None:
    draft = await talk.until("reasons")
    said = await talk.say("男人走了，我心里难受，活得没意思，日子过不下去了，从去年开始的")
    assert "12356" in said or "别一个人扛着" in said
    after = await talk.draft()
    assert after.id == draft.id
    assert (await talk.talk()).holder is Holder.QUEUED


async def test_a_picture_without_anybody_to_fetch_it_is_met_with_words(talk: Talk) -> None:
    draft = await talk.until("me#1")
    assert "图片" in await talk.say("", kind=Kind.IMAGE, media="media-1")
    assert (await talk.draft()).sheet.answers == draft.sheet.answers


@pytest.mark.parametrize("until", ["apply_as", "household_size", "assets", ":summary"])
async def test_two_misses_offer_a_way_out(talk: Talk, until: str) -> None:
    draft = await talk.until(until)
    for text in ("咕噜咕噜", "叽里呱啦", "噼里啪啦"):
        said = await talk.say(text)
    assert said
    labels = [choice.label for row in talk.rows for choice in row.choices]
    assert "找人工" in labels or until == ":summary"
    assert (await talk.draft()).sheet.answers == draft.sheet.answers


async def test_required_questions_wait_and_may_be_left_to_later(talk: Talk) -> None:
    await talk.until("household_size")
    assert "不知道" in await talk.say("跳过")
    await talk.say("不知道")
    draft = await talk.draft()
    assert draft.sheet.answers["household_size"].state == "unknown"
    assert draft.sheet.asked != "household_size"


async def test_an_officer_who_holds_the_talk_is_not_interrupted(talk: Talk) -> None:
    draft = await talk.until("household_size")
    async with talk.desk.store.writing() as work:
        now = talk.desk.clock.now()
        await work.conversations.move(talk.conversation, Holder.OFFICER, "officer", "claimed", now, "li")
        await work.commit()
    await talk.say(ANSWERS["household_size"])
    assert talk.rows == []
    assert await talk.draft() == draft


async def test_what_an_unclear_answer_may_have_meant_is_offered_once(talk: Talk) -> None:
    await talk.until("apply_as")
    for _ in range(3):
        assert "好几样" in await talk.say("村委会帮邻居")
    labels = [one.label for row in talk.rows for one in row.choices]
    assert len(labels) == len(set(labels))
    assert labels[:2] == ["村（居）委会替人办", "受人委托替他办"], "what it may have meant stands first"
    assert "找人工" in labels
    await talk.tap("村（居）委会替人办")
    assert (await talk.draft()).sheet.answers["apply_as"].value == "village"


async def test_the_label_as_it_is_spoken_chooses(talk: Talk) -> None:
    await talk.until("apply_as")
    await talk.say("村委会替人办")
    assert (await talk.draft()).sheet.answers["apply_as"].value == "village"
