"""A message is heard exactly once, whatever is lost between the draft and the resident."""

from __future__ import annotations

import asyncio

import pytest

from bot.clock import FixedClock
from bot.desk.filling import hearing, private
from bot.desk.ports import Work
from bot.desk.question import Question
from tests.desk.filling.talk import ANSWERS, APPLY, Talk


async def test_an_answer_whose_reply_was_lost_is_not_taken_twice(talk: Talk, clock: FixedClock) -> None:
    before = await talk.until("household_size")
    talk.acts.fails_after = True
    taken = await talk.take("三口人")
    await talk.work()
    once = await talk.draft()
    assert once.version == before.version + 1
    clock.advance(seconds=60)
    await talk.work()
    assert "第2位" in await talk.heard(taken)
    assert await talk.draft() == once


async def test_a_form_begun_twice_is_one_form(talk: Talk, clock: FixedClock) -> None:
    talk.acts.fails_after = True
    taken = await talk.take(APPLY)
    await talk.work()
    clock.advance(seconds=60)
    await talk.work()
    assert "同意" in await talk.heard(taken)
    async with talk.desk.store.reading() as work:
        assert len(await work.drafts.of_conversation(talk.conversation)) == 1
    assert (await talk.draft()).sheet.asked == "notice"


async def test_the_last_word_is_said_again_after_the_form_is_over(talk: Talk, clock: FixedClock) -> None:
    """The receipt is the reply that must not be lost, and there is one case."""
    await talk.until(":summary")
    talk.acts.fails_after = True
    taken = await talk.take("确认")
    await talk.work()
    clock.advance(seconds=60)
    await talk.work()
    assert "回执号" in await talk.heard(taken)
    async with talk.desk.store.reading() as work:
        assert len(await work.cases.list()) == 1
    assert (await talk.talk()).form == ""


async def test_two_workers_write_one_answer(talk: Talk) -> None:
    draft = await talk.until("household_size")
    taken = await talk.take("三口人")
    other = await talk.take("四口人")

    async def hear(message: str, text: str) -> object:
        question = Question(text, talk.desk.today())
        return await hearing.hear(talk.desk, talk.conversation, message, draft.id, question, text)

    await hear(taken.message.id, "三口人")
    again = await hear(taken.message.id, "三口人")
    assert again == await hear(taken.message.id, "三口人")
    assert (await talk.draft()).version == draft.version + 1
    await hear(other.message.id, "不是三口人，是四口人")
    assert (await talk.draft()).sheet.answers["household_size"].value == 4


async def test_of_two_that_read_the_same_draft_one_writes_it(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = await talk.until("household_size")
    taken = [await talk.take(text) for text in ("三口人", "四口人")]
    both, written = asyncio.Barrier(2), private.written

    async def when_both_have_read(work: Work, message: str, text: str) -> str:
        await both.wait()
        return await written(work, message, text)

    monkeypatch.setattr(private, "written", when_both_have_read)
    questions = [(one.message.id, Question(one.message.text, talk.desk.today())) for one in taken]
    done = await asyncio.gather(
        *(
            hearing.hear(talk.desk, talk.conversation, message, draft.id, question, question.text)
            for message, question in questions
        ),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in done) == ["Conflict", "Heard"]
    assert (await talk.draft()).version == draft.version + 1


async def test_every_fact_names_the_message_it_came_from(talk: Talk) -> None:
    await talk.until("me#1")
    taken = await talk.take(ANSWERS["me#1"])
    await talk.work()
    given = (await talk.draft()).sheet.answers["members.1.name"]
    assert (given.value, given.message) == ("王桂英", taken.message.id)
