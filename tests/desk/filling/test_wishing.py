"""A wish for another programme while a form is open: asked about, and nothing of the first form is lost either way."""

from __future__ import annotations

import pytest

from bot.clock import FixedClock
from tests.desk.filling.talk import APPLY, Talk

WISH = "我要申请临时救助"


def labels(talk: Talk) -> list[str]:
    return [choice.label for row in talk.rows for choice in row.choices]


@pytest.mark.parametrize("until", ["notice", "household_size", "benefits", "reasons", ":summary"])
async def test_it_is_asked_about_with_two_options_and_noted_nowhere(talk: Talk, until: str) -> None:
    draft = await talk.until(until)
    said = await talk.say(WISH)
    assert "填的都存着" in said
    assert labels(talk) == ["先填临时救助", "接着填低保"]
    after = await talk.draft()
    assert (after.id, after.sheet, after.state) == (draft.id, draft.sheet, "open")


async def test_going_on_asks_the_open_question_again(talk: Talk) -> None:
    draft = await talk.until("health")
    await talk.say(WISH)
    assert "身体怎么样" in await talk.tap("接着填低保")
    after = await talk.draft()
    assert (after.sheet, after.about) == (draft.sheet, draft.about)
    assert "接着填低保" not in labels(talk)


async def test_going_over_keeps_the_first_as_stopping_does(talk: Talk, clock: FixedClock) -> None:
    draft = await talk.until("health")
    await talk.say(WISH)
    said = await talk.tap("先填临时救助")
    assert "先存着" in said
    assert (await talk.talk()).form == ""
    kept = await talk.draft(draft.id)
    assert (kept.state, kept.sheet, kept.about) == ("paused", draft.sheet, draft.about)
    await talk.say("急难型")
    assert (await talk.draft()).programme == "linshi_jinan"
    clock.advance(days=29)
    assert "身体怎么样" in await talk.say("接着填")
    again = await talk.draft()
    assert (again.id, again.sheet.answers) == (draft.id, draft.sheet.answers)


async def test_a_programme_of_one_kind_is_begun_at_once_and_said_so(talk: Talk) -> None:
    draft = await talk.until("household_size")
    await talk.say("给我妈办个特困")
    said = await talk.tap("先填特困")
    assert "先存着" in said
    assert "同意" in said
    assert (await talk.draft()).programme == "tekun"
    assert (await talk.draft(draft.id)).state == "paused"


async def test_back_and_forth_each_goes_on_where_it_stood(talk: Talk) -> None:
    first = await talk.until("household_size")
    await talk.say("我要申请特困")
    await talk.tap("先填特困")
    second = await talk.draft()
    said = await talk.say("接着填")
    assert "几口人" in said
    assert (await talk.draft()).id == first.id
    assert (await talk.draft(second.id)).state == "paused"
    await talk.say("接着填")
    assert (await talk.draft()).id == second.id


async def test_with_nothing_put_aside_going_on_asks_again(talk: Talk) -> None:
    draft = await talk.until("household_size")
    said = await talk.say("接着填")
    assert "几口人" in said
    assert "没太看懂" not in said
    assert (await talk.draft()).sheet == draft.sheet


@pytest.mark.parametrize("yes", ["好的", "要", "先填临时救助", "临时救助", "1", "先填临时救助吧", WISH])
async def test_a_yes_may_be_typed(talk: Talk, yes: str) -> None:
    draft = await talk.until("household_size")
    await talk.say(WISH)
    await talk.say(yes)
    assert (await talk.draft(draft.id)).state == "paused"
    assert "临时救助（急难型）" in labels(talk)


@pytest.mark.parametrize("no", ["不用了", "接着填", "算了", "2", "接着填低保", "低保"])
async def test_and_so_may_a_no(talk: Talk, no: str) -> None:
    draft = await talk.until("household_size")
    await talk.say(WISH)
    assert "几口人" in await talk.say(no)
    after = await talk.draft()
    assert (after.state, after.sheet, after.about) == ("open", draft.sheet, draft.about)


async def test_a_yes_to_it_is_no_consent_and_hands_nothing_in(talk: Talk) -> None:
    draft = await talk.until("notice")
    await talk.say("我要申请特困")
    await talk.say("同意")
    assert "notice" not in (await talk.draft(draft.id)).sheet.answers
    assert (await talk.draft()).sheet.asked == "notice"


async def test_an_answer_instead_counts_as_the_answer(talk: Talk) -> None:
    await talk.until("household_size")
    await talk.say(WISH)
    await talk.say("三口人")
    draft = await talk.draft()
    assert draft.sheet.answers["household_size"].value == 3
    assert "wish" not in draft.about


@pytest.mark.parametrize("said", [APPLY, "我想办低保", "帮我报个低保"])
async def test_the_same_programme_is_being_filled_in(talk: Talk, said: str) -> None:
    draft = await talk.until("household_size")
    heard = await talk.say(said)
    assert "现在填的就是“低保申请”" in heard
    assert "几口人" in heard
    assert labels(talk) == []
    assert (await talk.draft()).sheet == draft.sheet


async def test_for_whom_it_is_wished_is_an_answer_where_that_is_asked(talk: Talk) -> None:
    await talk.until("apply_as")
    await talk.say("给我妈办低保")
    assert (await talk.draft()).sheet.answers["apply_as"].value == "family"


async def test_what_somebody_receives_is_an_answer_and_no_wish(talk: Talk) -> None:
    await talk.until("benefits")
    await talk.say("我领着残疾人补贴")
    assert (await talk.draft()).sheet.answers["benefits"].value == ["disability_subsidy"]


@pytest.mark.parametrize("said", ["临时救助怎么申请", "能不能申请临时救助", "我要申请医疗救助"])
async def test_a_question_and_what_cannot_be_applied_for_here_change_nothing(talk: Talk, said: str) -> None:
    draft = await talk.until("reasons")
    await talk.say(said)
    assert "先填" not in "".join(labels(talk))
    after = await talk.draft()
    assert (after.sheet.answers, after.sheet.asked) == (draft.sheet.answers, draft.sheet.asked)


async def test_in_an_emergency_no_wish_delays(talk: Talk) -> None:
    talk.acts.intents["今晚没饭吃"] = "emergency"
    await talk.say("今晚没饭吃")
    assert (await talk.draft()).kind == "emergency"
    await talk.say(WISH)
    assert "接着填" not in "".join(labels(talk))


async def test_the_same_message_again_gets_the_same_replies(talk: Talk, clock: FixedClock) -> None:
    draft = await talk.until("household_size")
    await talk.say(WISH)
    shown = talk.rows
    talk.acts.fails_after = True
    choice = f"{shown[-1].seq}-1"
    taken = await talk.take("先填临时救助", choice=choice)
    await talk.work()
    clock.advance(seconds=60)
    await talk.work()
    assert "先存着" in await talk.heard(taken)
    async with talk.desk.store.reading() as work:
        assert [one.id for one in await work.drafts.of_conversation(talk.conversation)] == [draft.id]
