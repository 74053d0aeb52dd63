"""Stopping, coming back, giving up, taking consent back, and what goes before a form: danger and people."""

from __future__ import annotations

from bot.clock import FixedClock
from bot.conversations import Holder
from bot.desk.filling import opening
from bot.desk.handoff import holding
from tests.desk.filling.talk import APPLY, Talk
from tests.desk.handoff.conftest import officer


async def test_stopped_for_now_is_kept_for_thirty_days(talk: Talk, clock: FixedClock) -> None:
    draft = await talk.until("health")
    said = await talk.say("先到这吧")
    assert "接着填" in said
    assert "12月25日" in said
    assert (await talk.talk()).form == ""
    assert (await talk.draft(draft.id)).state == "paused"
    clock.advance(days=29)
    said = await talk.say("接着填")
    again = await talk.draft()
    assert (again.id, again.sheet.asked) == (draft.id, "health")
    assert again.sheet.answers == draft.sheet.answers
    assert "身体怎么样" in said


async def test_after_thirty_days_it_is_gone_and_said_so(talk: Talk, clock: FixedClock) -> None:
    draft = await talk.until("health")
    await talk.say("先到这吧")
    clock.advance(days=31)
    async with talk.desk.store.writing() as work:
        await work.drafts.expire(clock.now())
        await work.commit()
    assert "没有您填了一半的表" in await talk.say("接着填")
    async with talk.desk.store.reading() as work:
        assert draft.id not in [one.id for one in await work.drafts.of_conversation(talk.conversation)]


async def test_an_open_form_that_expired_hears_nothing_more(talk: Talk, clock: FixedClock) -> None:
    await talk.until("health")
    clock.advance(days=31)
    async with talk.desk.store.writing() as work:
        await work.drafts.expire(clock.now())
        await work.commit()
    await talk.say(APPLY)
    assert (await talk.draft()).sheet.asked == "notice"


async def test_giving_up_is_asked_once_and_leaves_nothing(talk: Talk) -> None:
    draft = await talk.until("health")
    assert "真的不填了吗" in await talk.say("不办了")
    assert (await talk.draft()).sheet.answers == draft.sheet.answers
    assert "删掉" in await talk.say("嗯，不办了")
    gone = await talk.draft(draft.id)
    assert (gone.state, dict(gone.sheet.answers)) == ("cancelled", {})
    assert (await talk.talk()).form == ""


async def test_whoever_thinks_again_goes_on(talk: Talk) -> None:
    draft = await talk.until("health")
    await talk.say("不办了")
    said = await talk.tap("接着填")
    assert "身体怎么样" in said
    assert (await talk.draft()).sheet.answers == draft.sheet.answers


async def test_an_answer_instead_of_a_yes_counts_as_the_answer(talk: Talk) -> None:
    await talk.until("household_size")
    await talk.say("不办了")
    await talk.say("三口人")
    assert (await talk.draft()).sheet.answers["household_size"].value == 3


async def test_consent_taken_back_ends_it_at_once(talk: Talk) -> None:
    draft = await talk.until("health")
    await talk.say("我要撤回同意")
    await talk.tap("收回同意")
    assert (await talk.draft(draft.id)).state == "cancelled"
    async with talk.desk.store.reading() as work:
        consents = await work.consents.of_draft(draft.id)
    assert {consent.text for consent in consents} == {"notice", "sensitive"}
    assert {consent.state for consent in consents} == {"withdrawn"}


async def test_no_consent_no_form(talk: Talk) -> None:
    draft = await talk.until("notice")
    assert "窗口" in await talk.say("不同意")
    assert (await talk.draft(draft.id)).state == "cancelled"


async def test_a_consent_is_tapped_and_so_is_the_no_beside_it(talk: Talk) -> None:
    """Every question that asks for a yes offers the no as plainly, and each can be typed as well."""
    draft = await talk.until("notice")
    assert [choice.label for choice in talk.rows[-1].choices] == ["同意", "不同意"]
    await talk.tap("同意")
    assert (await talk.draft()).sheet.asked == "sensitive"
    assert "窗口" in await talk.tap("不同意")
    assert (await talk.draft(draft.id)).state == "cancelled"


async def test_a_number_stands_for_the_option_of_the_consent(talk: Talk) -> None:
    draft = await talk.until("notice")
    await talk.say("1")
    assert (await talk.draft()).sheet.asked == "sensitive"
    await talk.say("2")
    assert (await talk.draft(draft.id)).state == "cancelled"


async def test_a_tapped_consent_is_kept_like_a_typed_one(talk: Talk) -> None:
    draft = await talk.until("check")
    await talk.tap("同意")
    assert (await talk.draft()).sheet.asked != "check"
    async with talk.desk.store.reading() as work:
        check = next(one for one in await work.consents.of_draft(draft.id) if one.text == "check")
    assert (check.version, check.state) == (talk.desk.edition.consents["check"].version, "given")


async def test_the_no_under_a_consent_that_was_given_takes_it_back(talk: Talk) -> None:
    draft = await talk.until("notice")
    under_the_notice = talk.rows
    await talk.tap("同意")
    await talk.say("同意")
    talk.rows = under_the_notice
    assert "收回同意吗" in await talk.tap("不同意")
    await talk.tap("接着填")
    assert (await talk.draft()).sheet.asked == "apply_as"
    talk.rows = under_the_notice
    await talk.tap("不同意")
    await talk.tap("收回同意")
    assert (await talk.draft(draft.id)).state == "cancelled"


async def test_the_yes_under_a_consent_that_was_given_changes_nothing(talk: Talk) -> None:
    await talk.until("notice")
    under_the_notice = talk.rows
    await talk.tap("同意")
    draft = await talk.draft()
    talk.rows = under_the_notice
    await talk.tap("同意")
    again = await talk.draft()
    assert (again.sheet.asked, again.sheet.answers) == (draft.sheet.asked, draft.sheet.answers)


async def test_consents_are_kept_with_version_time_and_channel(talk: Talk) -> None:
    draft = await talk.until("apply_as")
    async with talk.desk.store.reading() as work:
        notice, sensitive = sorted(await work.consents.of_draft(draft.id), key=lambda one: one.text)
    texts = talk.desk.edition.consents
    assert (notice.text, notice.version, notice.channel) == ("notice", texts["notice"].version, "wechat")
    assert (sensitive.text, sensitive.state, sensitive.person) == ("sensitive", "given", draft.person)
    assert notice.at is not None


async def test_danger_puts_the_form_aside_and_nothing_is_asked(talk: Talk) -> None:
    draft = await talk.until("health")
    said = await talk.say("我不想活了")
    assert "12356" in said
    assert "身体怎么样" not in said
    assert (await talk.draft(draft.id)).state == "paused"
    conversation = await talk.talk()
    assert (conversation.form, conversation.holder, conversation.priority) == ("", Holder.QUEUED, 9)
    assert "身体怎么样" in await talk.say("接着填")
    assert (await talk.draft()).sheet.answers == draft.sheet.answers


async def test_asking_for_a_person_keeps_the_form_where_it_stood(talk: Talk) -> None:
    draft = await talk.until("health")
    await talk.say("人工")
    assert (await talk.talk()).holder is Holder.QUEUED
    await talk.say("都健康，都能干活")
    assert await talk.draft() == draft  # the queue heard it, not the form
    assert "身体怎么样" in await talk.say("不等了")
    assert (await talk.talk()).holder is Holder.BOT
    await talk.say("都健康，都能干活")
    after = await talk.draft()
    assert after.id == draft.id
    assert after.sheet.answers["members.1.health"].value == "healthy"


async def test_somebody_who_comes_back_is_offered_to_go_on(talk: Talk) -> None:
    assert await opening.unfinished(talk.desk, "nobody") == ()
    draft = await talk.until("health")
    await talk.say("先到这吧")
    (choice,) = await opening.unfinished(talk.desk, talk.conversation)
    assert choice.meaning == {"form": "resume", "programme": draft.id}


async def test_on_another_channel_only_for_who_was_proved_to_be_the_same(talk: Talk) -> None:
    draft = await talk.until("health")
    await talk.say("先到这吧")
    other = Talk(talk.desk, "u-77", "app")
    assert "没有您填了一半的表" in await other.say("接着填")
    async with talk.desk.store.writing() as work:
        await work.people.bind(other.conversation, draft.person, "receipt", talk.desk.clock.now())
        await work.commit()
    await other.say("接着填")
    moved = await other.draft()
    assert (moved.id, moved.conversation, moved.sheet.answers) == (draft.id, other.conversation, draft.sheet.answers)
    # It is open in one place: taken back here, it hears nothing there.
    await talk.say("接着填")
    await other.say("都健康，都能干活")
    assert (await talk.draft()).sheet.asked == "health"


async def test_going_on_after_an_officer_closed_the_talk_asks_the_question_again(talk: Talk) -> None:
    """接着填 is no answer to the question, and nothing that was not understood."""
    draft = await talk.until("household_size")
    me = await officer(talk.desk)
    await holding.claim(talk.desk, me, talk.conversation)
    await holding.close(talk.desk, me, talk.conversation, "solved")
    said = await talk.say("接着填")
    assert "几口人" in said
    assert "没太看懂" not in said
    again = await talk.draft()
    assert (again.id, again.sheet.asked, again.sheet.answers) == (draft.id, "household_size", draft.sheet.answers)
