"""What is kept of a question, and what is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.asking import Ended
from bot.clock import FixedClock
from bot.desk.asking_ports import Asked, Wanted
from bot.desk.desk import Desk
from bot.desk.intake import take_in
from bot.desk.questions.noting import _private
from bot.desk.turns import TurnWorker
from bot.messages import WITHHELD, Outcome, Reply
from tests.desk.conftest import ScriptedEngine, message
from tests.desk.questions.conftest import GIVEN, NOTHING, ask

ASKED = Reply("家里几口人？", outcome=Outcome.ASKED)


async def kept(desk: Desk) -> list[Asked]:
    today = desk.today()
    async with desk.store.reading() as work:
        return list(await work.questions.list(Wanted(("000000",), today - timedelta(days=9), today), 50))


async def test_a_question_is_kept_with_its_end_and_without_the_person(here: Desk) -> None:
    talk, message = await ask(here, "我叫王桂英，电话13800008765，殡葬补助怎么领")
    (one,) = await kept(here)
    assert (one.id, one.conversation, one.region) == (message.id, talk.id, "420111")
    assert (one.outcome, one.reason, one.entry, one.channel) == (Ended.DECLINED, "no_content", "", "wechat")
    assert one.words == "我叫〔姓名已隐去〕,电话138****8765,殡葬补助怎么领"
    assert one.at == here.clock.now()


async def test_an_answer_is_kept_with_its_entry_and_matter(here: Desk) -> None:
    await ask(here, "怎么申请低保", GIVEN)
    (one,) = await kept(here)
    assert (one.outcome, one.entry, one.programme, one.score, one.reason) == (
        Ended.ANSWERED,
        "dibao-apply",
        "dibao",
        0.9,
        "",
    )


@pytest.mark.parametrize(
    ("said", "outcome", "words"),
    [
        ([Reply("您好"), GIVEN], Ended.ANSWERED, True),
        ([GIVEN, ASKED], Ended.ANSWERED, True),
        ([Reply("哪里？", outcome=Outcome.CLARIFIED, reason="ask_place")], Ended.CLARIFIED, True),
        ([Reply("好的", outcome=Outcome.PERSON, reason="asked")], Ended.PERSON, False),
        ([Reply("抱歉", outcome=Outcome.CLARIFIED, reason="disliked")], Ended.DISLIKED, False),
    ],
)
async def test_of_two_replies_the_answer_counts(here: Desk, said: list[Reply], outcome: Ended, words: bool) -> None:
    await ask(here, "低保怎么申请呢", said)
    (one,) = await kept(here)
    assert one.outcome is outcome
    assert bool(one.words) is words


@pytest.mark.parametrize("said", [[Reply("您好")], [ASKED], [Reply("请等", outcome=Outcome.BUSY)], []])
async def test_what_is_no_question_is_not_kept(here: Desk, said: list[Reply]) -> None:
    await ask(here, "王桂英，四口人", said)
    assert await kept(here) == []


async def test_distress_and_reports_of_wrongdoing_are_nobodys_reading(here: Desk) -> None:
    await ask(here, "活不下去了，低保怎么申请", GIVEN)
    assert [one.words for one in await kept(here)] == []


async def test_a_tap_counts_as_use_without_words(here: Desk) -> None:
    await ask(here, "低保怎么申请", GIVEN, choice="3-1")
    await ask(here, "2", GIVEN, sender="o-li")
    await ask(here, "长" * 500, NOTHING, sender="o-zhao")
    assert [one.words for one in await kept(here)] == ["", "", ""]


async def test_a_withheld_message_is_not_kept(here: Desk) -> None:
    _, said = await ask(here, "普通的话", [Reply("您好")])
    assert not _private(said, [GIVEN])
    for mark in (WITHHELD, "danger", "private"):
        assert _private(replace(said, about={**said.about, mark: True}), [GIVEN])


async def test_who_says_that_it_did_not_help_is_met_and_counted(here: Desk, clock: FixedClock) -> None:
    """Door to door: the worker answers, the resident says 没解决, the engine is not asked for that."""
    engine = ScriptedEngine()
    engine.says = [GIVEN]
    worker = TurnWorker(here, engine, "w")
    for text in ("低保怎么申请", "还是没解决", "没用"):
        clock.advance(seconds=5)
        await take_in(here, message(text))
        while await worker.work_once():
            pass
    assert [turn.text for turn in engine.asked] == ["低保怎么申请", "没用"], "twice running it is a question again"
    ended = [one.outcome for one in reversed(await kept(here))]
    assert ended == [Ended.ANSWERED, Ended.DISLIKED, Ended.ANSWERED]
    async with here.store.reading() as work:
        talk = await work.conversations.get((await kept(here))[0].conversation)
        said = [row for row in await work.messages.history(talk.id) if row.about.get("reason") == "disliked"]
    assert "没帮上您" in said[0].text
    assert said[0].choices[-1].meaning == {"person": True}
