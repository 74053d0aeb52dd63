"""Which question is next, and what an answer leaves of the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from bot.errors import BadInput
from bot.forms import facts, steps
from bot.forms.model import Asked, Field, Form, Given, Kind, Sheet, State, Step
from bot.logic import Test as Condition
from tests.forms.household import BAO, FORM, LAST, LI, PEOPLE, REST, WANG, options, sheet
from tests.forms.published import DAY

FULL = sheet(PEOPLE, REST, LAST)


def put(filled: Sheet, values: Mapping[str, Any], state: State = State.SAID) -> Sheet:
    return steps.advance(FORM, steps.put(FORM, filled, values, today=DAY, message="m1", state=state), DAY)


def test_the_questions_in_order() -> None:
    asked = []
    filled = steps.advance(FORM, Sheet(FORM.id), DAY)
    answers = {"size": 3, **PEOPLE, **REST, "car_use": "拉货", **LAST}
    while filled.asked != steps.SUMMARY:
        asked.append(filled.asked)
        at = steps.current(FORM, filled, DAY)
        assert at is not None
        filled = put(filled, {path: answers[path] for path in at.paths if path in answers})
    assert asked == ["me#1", "size", "member#2", "member#3", "health", "sums", "owned", "borrowed", "home", "reason", "hospital"]  # fmt: skip
    assert steps.missing_required(FORM, filled.answers, DAY) == []
    assert steps.progress(FORM, filled.answers, DAY) == (11, 11)


def test_a_part_of_an_answer_leaves_the_rest_to_ask() -> None:
    filled = put(Sheet(FORM.id), {"members.1.name": "王桂英"})
    assert (filled.asked, filled.asked_paths) == ("me#1", ("members.1.identity", "members.1.phone"))
    at = steps.current(FORM, filled, DAY)
    assert at is not None
    assert not at.whole


def test_who_is_left_out_is_asked_alone() -> None:
    filled = put(sheet(PEOPLE), {"members.1.health": "well", "members.3.health": "disabled"})
    assert (filled.asked, filled.asked_paths) == ("health#2", ("members.2.health",))
    assert put(filled, {"members.2.health": "well"}).asked == "sums"


def test_what_a_question_asked_for_and_got_no_word_of() -> None:
    filled = put(sheet(PEOPLE, REST), {"reason": "job"})
    assert filled.answers["since"].state is State.SKIPPED
    assert filled.answers["members.1.rent"].value["high"] == "0"
    assert filled.asked == steps.SUMMARY


def test_an_answer_knows_its_message() -> None:
    assert put(sheet(), {"members.1.name": "王桂英"}).answers["members.1.name"].message == "m1"


def test_more_people_keep_the_others() -> None:
    more = put(FULL, {"size": 4})
    assert more.asked == "member#4"
    assert {path: one for path, one in more.answers.items() if path != "size"} == {
        path: one for path, one in FULL.answers.items() if path != "size"
    }


def test_fewer_people_keep_those_who_stay() -> None:
    fewer = put(FULL, {"size": 2})
    gone = set(FULL.answers) - set(fewer.answers)
    assert gone == {path for path in FULL.answers if path.startswith("members.3.")}
    assert fewer.asked == steps.SUMMARY


def test_what_no_longer_applies_goes_and_nothing_else() -> None:
    with_car = put(put(FULL, {"owned": ["house", "car"]}), {"car_use": "拉货"})
    without = put(with_car, {"owned": ["house", "savings"]})
    assert set(with_car.answers) - set(without.answers) == {"car_use"}
    assert put(with_car, {"owned": ["car"]}).answers["car_use"].value == "拉货"


def test_another_choice_asks_again_what_was_told_of_the_old_one() -> None:
    accident = put(FULL, {"reason": "accident"})
    assert set(FULL.answers) - set(accident.answers) == {"hospital"}
    assert accident.asked == "hospital"
    assert "hospital" in put(FULL, {"reason": "sick"}).answers
    assert set(FULL.answers) - set(put(FULL, {"reason": "job"}).answers) == {"hospital"}


def test_a_chain_of_conditions_falls_together() -> None:
    yes = Condition.read({"is": ["a", True]})
    first, second, third = (Field(key, key, Kind.YES_NO, key) for key in "abc")
    form = Form(
        "chain",
        "",
        (
            Step("a", "a", (Asked(first),)),
            Step("b", "b", (Asked(second),), yes),
            Step("c", "c", (Asked(third),), Condition.read({"is": ["b", True]})),
        ),
    )
    filled = steps.put(form, Sheet("chain"), {"a": True, "b": True, "c": True}, today=DAY)
    assert set(filled.answers) == {"a", "b", "c"}
    assert set(steps.put(form, filled, {"a": False}, today=DAY).answers) == {"a"}
    assert steps.advance(form, filled, DAY).asked == steps.END


def test_a_step_without_words_is_never_asked() -> None:
    kind = Field("kind", "种类", Kind.CHOICE, "哪种？", options=options(one="一", two="二"))
    form = Form("silent", "", (Step("kind", "", (Asked(kind, default="one"),)),), confirm=True)
    filled = steps.advance(form, Sheet("silent"), DAY)
    assert filled.asked == steps.SUMMARY
    assert filled.answers["kind"] == Given("one")
    assert steps.steps(form, filled.answers, DAY) == []


def test_unknown_and_skipped_go_on_and_are_come_back_to() -> None:
    filled = put(sheet(PEOPLE, REST), dict.fromkeys(("reason", "since", "story")), State.UNKNOWN)
    assert filled.asked == steps.SUMMARY
    assert steps.missing_required(FORM, filled.answers, DAY) == ["reason"]
    again = steps.ask_again(FORM, filled, DAY, "reason")
    assert (again.asked, again.asked_paths) == ("reason", ("reason",))
    assert steps.missing_required(FORM, put(again, {"reason": "job"}).answers, DAY) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("members.1.identity", "420106197001011225"),
        ("members.1.identity", WANG.lower() + " "),
        ("members.1.phone", "12345"),
        ("members.1.wages", {"low": "-1", "high": "5", "about": False, "per": ""}),
        ("members.1.wages", {"low": "1e308", "high": "1e308", "about": False, "per": ""}),
        ("members.1.wages", {"low": "NaN", "high": None, "about": False, "per": ""}),
        ("members.1.wages", {"low": "9", "high": "5", "about": False, "per": ""}),
        ("members.1.wages", 2300),
        ("members.1.health", "happy"),
        ("owned", ["house", "house"]),
        ("owned", "house"),
        ("borrowed", "yes"),
        ("size", True),
        ("size", float("nan")),
        ("size", -1),
        ("since", {"first": "2026-13-01", "last": "2026-01-01", "about": False}),
        ("home", {"region": "42", "detail": ""}),
        ("story", ""),
        ("members.1.name", "王"),
        ("members.4.name", "王桂英"),
        ("members.1.nothing", "x"),
        ("nothing", "x"),
    ],
)
def test_nothing_unproved_is_kept(path: str, value: Any) -> None:
    with pytest.raises(BadInput) as refused:
        put(FULL, {path: value})
    assert str(value) not in str(refused.value) or len(str(value)) < 3


def test_back_asks_the_question_before_and_loses_nothing() -> None:
    filled = sheet(PEOPLE, REST)
    seen = []
    for _ in range(12):
        filled = steps.back(FORM, filled, DAY)
        seen.append(filled.asked)
    assert seen[:4] == ["home", "borrowed", "owned", "sums"]
    assert seen[-1] == "me#1"
    assert filled.answers == sheet(PEOPLE, REST).answers
    assert put(filled, {"members.1.phone": "13900001234"}).asked == "reason"


def test_back_from_the_summary() -> None:
    assert steps.back(FORM, FULL, DAY).asked == "hospital"


def test_what_a_number_says_is_never_asked() -> None:
    told = facts.facts_of(FORM, FULL.answers, DAY, 3)
    assert (told["age"], told["sex"], told["member"]) == (11, "male", 3)
    told = facts.facts_of(FORM, FULL.answers, DAY)
    assert (told["age"], told["sex"], told["minors"]) == (56, "female", 1)
    assert told["members.health"] == ["well", "well", "disabled"]
    assert facts.facts_of(FORM, FULL.answers, DAY, 1)["wages"] == (2300, 2300)
    assert {WANG, LI, BAO} <= {one.value for one in FULL.answers.values() if isinstance(one.value, str)}
