"""What the second ear hears: kind words before the answer where it is sure, one line after it where it is half sure."""

from __future__ import annotations

import pytest

from bot.clock import FixedClock
from bot.conversations import URGENT, Holder
from bot.desk import danger
from bot.desk.desk import Desk
from bot.desk.intake import take_in
from bot.desk.ports import Message, Store
from bot.desk.turns import TurnWorker
from bot.messages import Outcome, Reply
from bot.regions import RegionTree
from tests.desk.conftest import ScriptedEngine, message
from tests.in_force import in_force, real

ANSWER = Reply("到街道申请。", outcome=Outcome.ANSWERED, entry="dibao-apply")
CHAT = Reply("您好。")
QUESTION = Reply("您家几口人？", outcome=Outcome.ASKED)


def said(desk: Desk, chance: float, *replies: Reply, in_form: bool = False) -> list[str]:
    return [reply.reason or reply.text for reply in danger.with_care(desk, chance, "", "", replies, in_form)]


def test_who_is_surely_in_despair_hears_kind_words_first_and_still_the_answer(desk: Desk) -> None:
    words, answer = danger.with_care(desk, 0.99, "", "420106", [ANSWER])
    assert answer is ANSWER
    assert (words.outcome, words.reason) == (Outcome.DISTRESS, danger.FELT)
    assert all(number in words.text for number in ("110", "120", "12356"))


def test_who_tells_of_another_person_is_not_spoken_to_as_if_it_were_them(desk: Desk) -> None:
    words, answer = danger.with_care(desk, 0.99, "火车站有个老头躺了三天了，天冷，该打给谁", "", [ANSWER])
    assert answer is ANSWER
    assert words.reason == danger.FELT
    assert words.text.startswith("您说的这个人")
    assert [reply.text for reply in danger.with_care(desk, danger.LIKELY, "邻居家揭不开锅", "", [ANSWER])] == [
        ANSWER.text
    ]
    (told,), ended = danger.spoken(desk, "隔壁老李说不想活了")
    assert (ended, told.text.startswith("您说的这个人")) == (True, True)


@pytest.mark.parametrize(
    "text",
    [
        *("孩子们都大了，他们有工作，该走了", "老伴走了，他留下的药还在，今晚吃完就去找他", "一个人扛不动了"),
        *("在桥下坐着，就等天黑", "有个事放不下，明天就都好了", "邻居都不知道我不想活了", "一个女的带俩娃活不下去"),
    ],
)
def test_who_may_speak_of_themselves_is_spoken_to(desk: Desk, text: str) -> None:
    words, _ = danger.with_care(desk, 0.99, text, "", [ANSWER])
    assert words.text.startswith("您现在很难")


def test_where_else_to_turn_is_still_said(desk: Desk) -> None:
    elsewhere = Reply("在这里交的申请，回复“查进度”。", outcome=Outcome.REDIRECTED)
    assert said(desk, 0.99, elsewhere) == [danger.FELT, elsewhere.text]


async def test_what_comes_after_danger_is_one_tap_away_where_nobody_is_there(
    store: Store, clock: FixedClock, regions: RegionTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = Desk(store, clock, regions, await in_force(store, real(), clock, regions))
    monkeypatch.setattr(Desk, "staffed", lambda *_: False)
    offered = {
        text: [choice.label for reply in danger.spoken(desk, text)[0] for choice in reply.choices]
        for text in ("老公喝了酒又打我", "屋子淹了，我们出不去", "我爸晕倒了，叫不醒", "我不想活了")
    }
    assert list(offered.values()) == [*(["被家暴没地方住怎么办"], ["房屋因灾倒塌怎么办"], ["交不起住院押金怎么办"], [])]
    monkeypatch.setattr(Desk, "staffed", lambda *_: True)
    assert danger.spoken(desk, "老公喝了酒又打我")[0][0].choices == ()


def test_small_talk_does_not_follow_such_words(desk: Desk) -> None:
    assert said(desk, 0.99, CHAT) == [danger.FELT]


def test_half_sure_it_says_where_to_turn_after_the_answer(desk: Desk) -> None:
    assert said(desk, danger.LIKELY, ANSWER) == [ANSWER.text, danger.OFFERED]
    assert said(desk, danger.SURE - 0.01, CHAT) == [CHAT.text, danger.OFFERED]


def test_in_a_form_only_what_is_nearly_certain_counts(desk: Desk) -> None:
    assert said(desk, danger.SURE, QUESTION, in_form=True) == [QUESTION.text]
    assert said(desk, danger.SURE_IN_FORM, QUESTION, in_form=True) == [danger.FELT, QUESTION.text]


@pytest.mark.parametrize("chance", [0.0, danger.LIKELY - 0.01])
def test_ordinary_words_get_what_they_always_got(desk: Desk, chance: float) -> None:
    assert said(desk, chance, CHAT, ANSWER) == [CHAT.text, ANSWER.text]


async def turn(desk: Desk, engine: ScriptedEngine, text: str, chance: float) -> tuple[Message, list[str]]:
    engine.says = danger.with_care(desk, chance, "", "", [ANSWER])
    taken = await take_in(desk, message(text))
    await TurnWorker(desk, engine, "w").work_once()
    async with desk.store.reading() as work:
        rows = await work.messages.replies(taken.message.id)
    return taken.message, [str(row.about.get("reason") or row.text) for row in rows]


async def test_people_are_told_of_them_before_others(desk: Desk, engine: ScriptedEngine) -> None:
    inbound, rows = await turn(desk, engine, "牛也卖了，账也还清了，低保还办吗", 0.95)
    assert rows == [danger.FELT, ANSWER.text]
    async with desk.store.reading() as work:
        conversation = await work.conversations.get(inbound.conversation)
    assert (conversation.holder, conversation.priority) == (Holder.QUEUED, URGENT)
    assert conversation.answer_by is not None


async def test_where_rules_heard_it_already_it_is_said_once(desk: Desk, engine: ScriptedEngine) -> None:
    _, rows = await turn(desk, engine, "活不下去了，临时救助怎么申请", 0.95)
    assert rows == ["distress_heavy", ANSWER.text]


async def test_the_line_after_an_answer_comes_once_in_a_talk(desk: Desk, engine: ScriptedEngine) -> None:
    assert (await turn(desk, engine, "家里就我一个人", danger.LIKELY))[1] == [ANSWER.text, danger.OFFERED]
    assert (await turn(desk, engine, "腿也不行", danger.LIKELY))[1] == [ANSWER.text]


async def test_with_a_wish_for_a_person_the_kind_words_still_come_first(desk: Desk, engine: ScriptedEngine) -> None:
    inbound, rows = await turn(desk, engine, "牛也卖了账也还清了，低保要什么材料，转人工", 0.95)
    assert rows[0] == danger.FELT
    assert ANSWER.text in rows
    async with desk.store.reading() as work:
        assert (await work.conversations.get(inbound.conversation)).priority == URGENT
