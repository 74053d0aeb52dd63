"""要什么材料 where nobody has said which help: it is asked, and the answer of one is never given for the other's."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.clock import FixedClock
from bot.desk.answering import answer
from bot.desk.desk import Desk
from bot.desk.question import Answered, Memory, Question
from bot.knowledge.edition import Edition
from bot.messages import Outcome
from bot.regions import RegionTree
from tests.desk.conftest import CONTENT, DAY
from tests.in_force import real


@pytest.fixture(scope="module")
def edition() -> Edition:
    return Edition(1, real(), RegionTree.from_csv(CONTENT / "regions.csv"))


def said(edition: Edition, text: str, **memory: Any) -> Answered:
    editions = SimpleNamespace(current=edition)
    desk = Desk(cast(Any, None), FixedClock.on(DAY), edition.regions, cast(Any, editions))
    return answer(desk, Question(text, DAY, ranking={"chitchat": 0.9}, intent="chitchat", memory=Memory(**memory)))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("要什么材料", "低保要什么材料"),
        ("要啥子材料嘛", "低保要什么材料"),
        ("那都需要带哪些证件呀", "低保要什么材料"),
        ("一般几天能办好", "低保多少天能办完"),
        ("要好久", "低保多少天能办完"),
        ("多少钱一个月", "低保：我们这儿的标准是多少"),
        ("每个月能给多少", "低保：我们这儿的标准是多少"),
        ("有什么条件", "低保的基本条件是什么"),
    ],
)
@pytest.mark.parametrize("talked_of", [{}, {"programme": "general", "entry": "general-kinds"}])
def test_it_is_asked_which(edition: Edition, text: str, first: str, talked_of: dict[str, str]) -> None:
    (reply,) = said(edition, text, **talked_of).replies
    assert (reply.outcome, reply.text) == (Outcome.CLARIFIED, "各种救助不一样，您问的是哪一种？")
    *options, person = [choice.label for choice in reply.choices]
    assert options[0] == first
    assert len(options) >= 2
    assert "人工" in person


def test_after_an_answer_that_names_all_of_them_too(edition: Edition) -> None:
    (reply,) = said(edition, "要啥材料", programme="ertong", entry="ertong-hardship").replies
    assert reply.reason == "which_help"


@pytest.mark.parametrize(
    ("text", "talked_of"),
    [
        ("要什么材料", {"programme": "yiliao", "entry": "yiliao-who"}),
        ("要什么材料", {"programme": "linshi", "entry": "linshi-what"}),
        ("临时救助要什么材料", {}),
        ("材料被弄丢了找谁", {}),
        ("多少岁算老人", {}),
        ("我要申请", {}),
        ("东西", {"programme": "quanli", "entry": "quanli-fuyi"}),
    ],
)
def test_who_has_said_it_or_asks_something_else_is_not_asked(
    edition: Edition, text: str, talked_of: dict[str, str]
) -> None:
    assert all(reply.reason != "which_help" for reply in said(edition, text, **talked_of).replies)
