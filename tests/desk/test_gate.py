"""The gate: an answer is given when search and classifier together say so, and nobody's credit card gets a policy answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import FixedClock
from bot.desk import gate
from bot.desk.answering import answer
from bot.desk.desk import Desk
from bot.desk.gate import OURS, Gate, ours, same_words
from bot.desk.question import Answered, Memory, Question
from bot.desk.small_talk import small_talk
from bot.knowledge.edition import Edition
from bot.knowledge.files import read_folder
from bot.knowledge.search.candidate import Candidate
from bot.messages import Outcome
from bot.regions import RegionTree
from tests.desk.conftest import CONTENT, DAY

GATE = Gate(bias=-1.0, search=1.0, intent=0.7, sure=0.2, maybe=0.05, very_sure=0.8)
"""Numbers like the fitted ones, which move whenever search gets better."""
_chances = st.floats(0.0, 1.0)
SHIPPED = gate.shipped
LOOSE = {"fast": 0.6, "lexical": 0.3}
CLOSE = {"fast": 0.9, "lexical": 0.8}


@dataclass
class OneFinder:
    """Finds this, whatever is asked."""

    found: Sequence[Candidate] = ()
    asked: list[str] = field(default_factory=list)

    def find(self, text: str, programme: str = "", top: int = 10, closely: bool = True) -> Sequence[Candidate]:
        self.asked.append(text)
        return self.found


@pytest.fixture(autouse=True)
def _these_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "shipped", lambda: GATE)


@pytest.fixture(scope="module")
def edition() -> Edition:
    return Edition(1, read_folder(CONTENT).entries, RegionTree.from_csv(CONTENT / "regions.csv"))


def said(
    edition: Edition,
    text: str,
    intent: str,
    ranking: Mapping[str, float],
    *found: Candidate,
    small: bool = False,
    **memory: Any,
) -> Answered:
    """What the desk says to this text, of which the classifier thinks so and search finds that."""
    desk = Desk(
        cast(Any, None),
        FixedClock.on(DAY),
        edition.regions,
        cast(Any, SimpleNamespace(current=edition)),
        OneFinder(found),
    )
    question = Question(text, DAY, intent=intent, ranking=ranking, memory=Memory(**memory))
    return small_talk(desk, question) if small else answer(desk, question)


def outcome(answered: Answered) -> Outcome:
    return answered.replies[0].outcome


def test_the_fitted_bars_stand_in_order_and_both_witnesses_are_heard() -> None:
    fitted = SHIPPED()
    assert 0 < fitted.maybe < fitted.sure < fitted.very_sure < 1
    assert fitted.search > 0
    assert fitted.intent > 0


@given(_chances, _chances, _chances)
def test_the_better_search_and_classifier_think_of_it_the_likelier_it_is_given(
    low: float, high: float, other: float
) -> None:
    low, high = sorted((low, high))
    by_search = [GATE.chance(Candidate("a", score, LOOSE), {"ask_policy": other}) for score in (low, high)]
    by_intent = [
        GATE.chance(Candidate("a", other, LOOSE), {"ask_policy": mine, "off_topic": 1 - mine}) for mine in (low, high)
    ]
    assert by_search == sorted(by_search)
    assert by_intent == sorted(by_intent)
    assert all(0 < chance < 1 for chance in (*by_search, *by_intent))


@given(
    st.dictionaries(st.sampled_from([*sorted(OURS), "off_topic", "nearby", "greet"]), st.floats(0.0, 0.1), min_size=1)
)
def test_what_counts_for_us_is_the_sum_of_all_who_want_something_of_us(ranking: dict[str, float]) -> None:
    assert ours(ranking) == pytest.approx(sum(chance for intent, chance in ranking.items() if intent in OURS))


def test_where_no_classifier_was_asked_the_question_is_taken_for_ours() -> None:
    assert GATE.chance(Candidate("a", 0.95, LOOSE), {}) >= GATE.sure
    assert ours({}) > 0.5


def test_nearly_the_same_words_need_no_classifier() -> None:
    assert same_words(Candidate("a", 1.0, {"exact": 1.0}))
    assert same_words(Candidate("a", 0.7, CLOSE))
    assert not same_words(Candidate("a", 0.99, {**CLOSE, "lexical": 0.2}))
    assert not same_words(Candidate("a", 0.99, {}))
    assert GATE.chance(Candidate("a", 0.7, CLOSE), {"off_topic": 1.0}) == GATE.very_sure


def test_nearly_the_same_words_that_search_doubts_are_weighed_like_any_other() -> None:
    assert not same_words(Candidate("a", 0.29, CLOSE))
    assert GATE.chance(Candidate("a", 0.29, CLOSE), {"ask_policy": 0.83}) < GATE.very_sure


def test_nobody_is_condoled_with_who_tells_of_no_death(edition: Edition) -> None:
    found, ranking = Candidate("dibao-death", 0.9, LOOSE), {"ask_policy": 0.95}
    assert not said(edition, "我要是超过时间了咋办", "ask_policy", ranking, found).replies[0].entry
    assert said(edition, "我爸走了怎么办", "ask_policy", ranking, found).replies[0].entry == "dibao-death"
    more = said(edition, "超过三个月了咋办", "ask_policy", ranking, found, entry="dibao-death")
    assert more.replies[0].entry == "dibao-death"


@pytest.mark.parametrize(
    ("text", "intent", "expected", "words"),
    [
        ("我的白条额度怎么没了", "off_topic", Outcome.DECLINED, "不归我管"),
        ("公积金断缴了怎么补", "nearby", Outcome.REDIRECTED, "住房公积金中心"),
        ("我今天心情真好呀", "chitchat", Outcome.SMALLTALK, ""),
    ],
)
def test_what_is_not_ours_gets_no_policy_however_sure_search_is(
    edition: Edition, text: str, intent: str, expected: Outcome, words: str
) -> None:
    told = said(edition, text, intent, {intent: 0.95, "ask_policy": 0.02}, Candidate("dibao-materials", 0.75, LOOSE))
    assert outcome(told) is expected
    assert words in told.replies[0].text
    assert not told.replies[0].entry


def test_an_answer_on_a_matter_the_classifier_never_learned_is_found_by_its_words(edition: Edition) -> None:
    told = said(
        edition,
        "低保要什么材料",
        "off_topic",
        {"off_topic": 0.99, "ask_policy": 0.01},
        Candidate("dibao-materials", 0.9, CLOSE),
    )
    assert told.replies[0].entry == "dibao-materials"


def test_a_doubtful_classifier_gives_way_to_search(edition: Edition) -> None:
    told = said(
        edition,
        "路上讨饭的人咋就助",
        "off_topic",
        {"off_topic": 0.6, "ask_policy": 0.35},
        Candidate("dibao-materials", 0.97, LOOSE),
    )
    assert told.replies[0].entry == "dibao-materials"


def test_a_programme_named_beside_another_departments_matter_is_asked_back(edition: Edition) -> None:
    between = Candidate("dibao-materials", 0.7, LOOSE)
    ranking = {"nearby": 0.9, "ask_policy": 0.08}
    assert GATE.maybe <= GATE.chance(between, ranking) < GATE.sure
    assert outcome(said(edition, "低保户医保能报多少", "nearby", ranking, between)) is Outcome.CLARIFIED
    assert outcome(said(edition, "医保能报多少", "nearby", ranking, between)) is Outcome.REDIRECTED


def test_another_departments_matter_is_named_also_when_the_classifier_takes_it_for_ours(edition: Edition) -> None:
    told = said(edition, "驾照到期去哪换", "ask_policy", {"ask_policy": 0.9}, Candidate("dibao-materials", 0.01, LOOSE))
    assert outcome(told) is Outcome.REDIRECTED
    assert told.replies[0].reason == "nearby_jiazhao"


def test_a_question_of_ours_without_an_answer_is_told_so(edition: Edition) -> None:
    told = said(
        edition, "那种补助有没有年终奖", "ask_policy", {"ask_policy": 0.99}, Candidate("dibao-materials", 0.001, LOOSE)
    )
    assert outcome(told) is Outcome.DECLINED
    assert told.replies[0].choices


def test_between_the_bars_it_is_asked_back_with_numbers(edition: Edition) -> None:
    ranking = {"ask_policy": 0.5, "nearby": 0.5}
    between = Candidate("dibao-materials", 0.3, LOOSE)
    assert GATE.maybe <= GATE.chance(between, ranking) < GATE.sure
    told = said(edition, "要交什么东西呢", "ask_policy", ranking, between)
    assert outcome(told) is Outcome.CLARIFIED
    assert told.replies[0].choices[0].meaning == {"answer": "dibao-materials"}


def test_a_greeting_with_a_question_in_it_is_a_question_and_a_greeting_alone_is_not(edition: Edition) -> None:
    found = Candidate("dibao-materials", 0.8, LOOSE)
    asked = said(edition, "您好，低保要带什么", "greet", {"greet": 0.5, "ask_policy": 0.45}, found, small=True)
    greeted = said(edition, "您好您好呀", "greet", {"greet": 0.97, "ask_policy": 0.01}, found, small=True)
    assert asked.replies[0].entry == "dibao-materials"
    assert outcome(greeted) is Outcome.SMALLTALK


def test_where_nothing_fits_the_classifiers_second_thought_counts(edition: Edition) -> None:
    nothing = Candidate("dibao-materials", 0.001, LOOSE)
    near = said(edition, "这事判几年啊", "ask_policy", {"ask_policy": 0.5, "nearby": 0.35}, nothing)
    far = said(edition, "这个怎么玩啊", "ask_policy", {"ask_policy": 0.5, "off_topic": 0.35}, nothing)
    assert (outcome(near), near.replies[0].reason) == (Outcome.REDIRECTED, "nearby_other")
    assert (outcome(far), far.replies[0].reason) == (Outcome.DECLINED, "off_topic")


def test_a_department_named_outweighs_a_classifier_that_wavers(edition: Edition) -> None:
    nothing = Candidate("dibao-materials", 0.001, LOOSE)
    told = said(edition, "通行证过期了去哪换", "off_topic", {"off_topic": 0.6, "nearby": 0.3}, nothing)
    assert told.replies[0].reason == "nearby_churujing"
    sure = said(edition, "帮我买一张高铁票", "off_topic", {"off_topic": 0.97, "nearby": 0.01}, nothing)
    assert sure.replies[0].reason == "off_topic"


def test_a_complaint_that_is_only_the_likeliest_guess_queues_nobody(edition: Edition) -> None:
    nothing = Candidate("dibao-materials", 0.001, LOOSE)
    text = "李大海 电话多少"
    assert (
        outcome(said(edition, text, "complaint", {"complaint": 0.25, "ask_policy": 0.2}, nothing)) is Outcome.DECLINED
    )
    assert outcome(said(edition, text, "complaint", {"complaint": 0.55, "ask_policy": 0.2}, nothing)) is Outcome.PERSON


def test_a_wavering_off_topic_takes_no_fragment_out_of_its_talk(edition: Edition) -> None:
    found = Candidate("dibao-materials", 0.6, LOOSE)
    assert GATE.sure <= GATE.chance(found, {}) < GATE.very_sure
    unsure = said(edition, "交啥东西", "off_topic", {"off_topic": 0.21}, found, programme="dibao")
    certain = said(edition, "交啥东西", "off_topic", {"off_topic": 0.97}, found, programme="dibao")
    assert unsure.replies[0].entry == "dibao-materials"
    assert outcome(certain) is Outcome.DECLINED


def test_a_farewell_that_is_only_a_guess_is_asked_back_and_leaving_words_are_believed(edition: Edition) -> None:
    guessed = {"bye": 0.56, "thanks": 0.1}
    nothing = Candidate("dibao-materials", 0.001, LOOSE)
    assert outcome(said(edition, "昨天出的事", "bye", guessed, nothing, small=True)) is Outcome.CLARIFIED
    assert outcome(said(edition, "那我不问了", "bye", guessed, nothing, small=True)) is Outcome.SMALLTALK
    assert outcome(said(edition, "昨天出的事", "bye", {"bye": 0.9}, nothing, small=True)) is Outcome.SMALLTALK
