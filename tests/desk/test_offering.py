"""What is offered under an answer exists: the answer, the kind of form, and its words."""

from __future__ import annotations

from bot.desk import offering
from bot.desk.desk import Desk
from bot.desk.filling.wanting import RESUME, wanted
from bot.desk.kinds import KINDS
from bot.desk.question import Question
from bot.knowledge.files import read_folder
from tests.desk.conftest import CONTENT


def test_every_answer_with_an_offer_is_on_file() -> None:
    known = {str(entry.key) for entry in read_folder(CONTENT).entries if entry.kind == "answer"}
    assert set(offering.UNDER) - known == set()


def test_every_kind_that_is_offered_is_there_with_its_words(desk: Desk) -> None:
    for kind in {"application", "precheck", "lookup", *offering.UNDER.values()}:
        assert kind in KINDS
        assert offering.begin(desk, kind).label


def test_an_option_to_begin_means_what_it_says(desk: Desk) -> None:
    choice = offering.begin(desk, "application", "dibao")
    wish = wanted(desk, Question(choice.label, desk.today(), meaning=choice.meaning))
    assert wish is not None
    assert (wish.kind, wish.programme, wish.anew) == ("application", "dibao", False)


def test_where_nothing_personal_may_be_said_no_line_says_here(desk: Desk) -> None:
    here, there = (offering.begin(desk, "application", "dibao", channel) for channel in ("wechat", "weibo"))
    assert "这里" in here.label
    assert "这里" not in there.label
    assert here.meaning == there.meaning


def test_an_option_of_a_form_that_is_not_open_leads_back_to_it(desk: Desk) -> None:
    wish = wanted(desk, Question("有", desk.today(), meaning={"draft": "d-1", "field": "car", "value": "yes"}))
    assert wish is not None
    assert (wish.kind, wish.programme) == (RESUME, "d-1")
