"""One message, several matters: each that asks something plain is met in its turn; a story stays one question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from bot.messages import Outcome
from bot.regions import RegionTree
from tests.desk.conftest import CONTENT, DAY

KNOWN = {"要什么材料": "dibao-materials", "几天": "dibao-days", "临时救助": "linshi-what"}


class ByWords:
    """Finds what these words ask for, surely; everything else hardly."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bool]] = []

    def find(self, text: str, programme: str = "", top: int = 10, closely: bool = True) -> Sequence[Candidate]:
        self.asked.append((text, closely))
        found = [entry for words, entry in KNOWN.items() if words in text]
        return [Candidate(found[0], 1.0, {"exact": 1.0}) if len(found) == 1 else Candidate("dibao-apply", 0.001, {})]


@pytest.fixture(scope="module")
def edition() -> Edition:
    return Edition(1, read_folder(CONTENT).entries, RegionTree.from_csv(CONTENT / "regions.csv"))


def said(edition: Edition, text: str, finder: ByWords | None = None, **memory: Any) -> Answered:
    editions = SimpleNamespace(current=edition)
    desk = Desk(cast(Any, None), FixedClock.on(DAY), edition.regions, cast(Any, editions), finder or ByWords())
    ranking: Mapping[str, float] = {"ask_policy": 0.9}
    return answer(desk, Question(text, DAY, ranking=ranking, memory=Memory(**memory)))


def test_two_questions_are_answered_in_their_order(edition: Edition) -> None:
    told = said(edition, "低保要什么材料，几天能办完")
    assert [reply.entry for reply in told.replies] == ["dibao-materials", "dibao-days"]
    assert not told.replies[0].choices
    assert told.memory.entry == "dibao-days"


def test_another_departments_matter_beside_ours_is_sent_there(edition: Edition) -> None:
    told = said(edition, "低保要什么材料？另外驾照到期去哪里换")
    assert [reply.outcome for reply in told.replies] == [Outcome.ANSWERED, Outcome.REDIRECTED]
    assert told.replies[1].reason == "nearby_jiazhao"
    assert told.memory.entry == "dibao-materials"


def test_a_story_is_no_second_matter(edition: Edition) -> None:
    finder = ByWords()
    told = said(edition, "我妈身体不好。我爱人在家照看她。低保要什么材料", finder)
    assert [reply.entry for reply in told.replies][:1] != ["dibao-apply"]
    assert [closely for _, closely in finder.asked if not closely] == [], "one question needs no pieces"


def test_pieces_are_read_quickly(edition: Edition) -> None:
    finder = ByWords()
    said(edition, "低保要什么材料，几天能办完", finder)
    assert {closely for _, closely in finder.asked} == {False}


def test_never_more_than_two_answers_at_once(edition: Edition) -> None:
    told = said(edition, "低保要什么材料？几天能办完？临时救助是什么？")
    assert len(told.replies) == 2


def test_a_few_words_are_read_with_what_is_talked_of(edition: Edition) -> None:
    told = said(edition, "那要几天", programme="dibao", entry="dibao-apply")
    assert told.replies[0].entry == "dibao-days"
