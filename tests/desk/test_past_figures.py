"""A figure is asked for as of a year: the one that held then is given, by the rule of then; never today's in its place."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.clock import FixedClock
from bot.desk.answering import answer
from bot.desk.desk import Desk
from bot.desk.question import Answered, Memory, Question
from bot.knowledge.edition import Edition
from bot.knowledge.files import read_folder
from bot.knowledge.search.candidate import Candidate
from bot.messages import Outcome, Reply
from bot.regions import RegionTree
from tests.desk.conftest import CONTENT, DAY

BEIJING = "110000"


class Standard:
    def find(self, text: str, programme: str = "", top: int = 10, closely: bool = True) -> Sequence[Candidate]:
        return [Candidate("dibao-standard" if "低保" in text else "dibao-standard-before", 1.0, {"exact": 1.0})]


@pytest.fixture(scope="module")
def edition() -> Edition:
    return Edition(1, read_folder(CONTENT).entries, RegionTree.from_csv(CONTENT / "regions.csv"))


def asked(edition: Edition, text: str, region: str = BEIJING, memory: str = "") -> Reply:
    return told(edition, text, region, memory).replies[0]


def told(edition: Edition, text: str, region: str = BEIJING, memory: str = "") -> Answered:
    desk = Desk(
        cast(Any, None), FixedClock.on(DAY), edition.regions, cast(Any, SimpleNamespace(current=edition)), Standard()
    )
    question = Question(text, DAY, ranking={"ask_policy": 0.9}, memory=Memory(region=region, asked=memory))
    return answer(desk, question)


def test_a_past_year_gets_what_held_at_its_end(edition: Edition) -> None:
    reply = asked(edition, "2020年低保每月多少")
    assert (reply.entry, reply.as_of) == ("dibao-standard-before", "2020-12-31")
    assert reply.text.startswith(
        "北京市低保标准，城乡都是每人每月1170元。\n2020年7月起，到2021年6月30日，文件：北京市民政局消息（2020-07-15）。\n"
        "这是2020年12月31日那天适用的数。\n"
    )


def test_where_nothing_of_that_year_is_on_file_nothing_is_said_of_now(edition: Edition) -> None:
    reply = asked(edition, "去年低保标准多少", "420100")
    assert reply.as_of == "2025-12-31"
    assert "截至2025年12月31日没有查到" in reply.text
    assert "现在" not in reply.text


@pytest.mark.parametrize(
    "text", ["低保每月多少", "我去年失业了，现在低保每月多少", "今年低保标准多少", "上个月起低保多少"]
)
def test_whoever_asks_about_now_gets_now(edition: Edition, text: str) -> None:
    reply = asked(edition, text)
    assert (reply.entry, reply.as_of) == ("dibao-standard", DAY.isoformat())


def test_the_place_may_be_told_afterwards(edition: Edition) -> None:
    first = told(edition, "2020年低保每月多少", "")
    assert first.replies[0].reason == "ask_place"
    reply = asked(edition, "北京", "", first.memory.asked)
    assert (reply.entry, reply.as_of) == ("dibao-standard-before", "2020-12-31")
    assert told(edition, "低保每月多少", "").memory.asked == "place:dibao-standard"


def test_the_year_is_kept_while_a_place_of_two_meanings_is_asked_about(edition: Edition) -> None:
    first = told(edition, "鼓楼区2020年低保每月多少", "")
    assert first.replies[0].reason == "ambiguous_place"
    assert first.memory.asked == "place:dibao-standard-before@2020-12-31"


def test_a_wording_of_the_older_answer_is_answered_by_the_one_in_force(edition: Edition) -> None:
    reply = asked(edition, "以前的标准")
    assert (reply.entry, reply.as_of) == ("dibao-standard", DAY.isoformat())


class Nothing:
    def find(self, text: str, programme: str = "", top: int = 10, closely: bool = True) -> Sequence[Candidate]:
        return [Candidate("dibao-apply", 0.001, {})]


@pytest.mark.parametrize(("text", "said"), [("困难家庭的餐券去哪拿", "no_content"), ("附近哪里有烧烤店", "off_topic")])
def test_a_help_nobody_wrote_down_is_said_to_be_missing_not_foreign(edition: Edition, text: str, said: str) -> None:
    desk = Desk(
        cast(Any, None), FixedClock.on(DAY), edition.regions, cast(Any, SimpleNamespace(current=edition)), Nothing()
    )
    reply = answer(desk, Question(text, DAY, intent="off_topic", ranking={"off_topic": 0.9})).replies[0]
    assert (reply.outcome, reply.reason) == (Outcome.DECLINED, said)
