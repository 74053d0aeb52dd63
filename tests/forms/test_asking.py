"""How a question is worded, and what it offers."""

from __future__ import annotations

from bot.forms import asking, steps
from bot.forms.model import Asked, Field, Form, Given, Kind, Sheet, Step
from tests.forms.household import FORM, PEOPLE, REST, sheet
from tests.forms.published import DAY


def at(filled: Sheet) -> steps.StepAt:
    found = steps.current(FORM, filled, DAY)
    assert found is not None
    return found


def test_the_steps_own_words_and_the_fields_where_a_part_is_missing() -> None:
    start = steps.advance(FORM, Sheet(FORM.id), DAY)
    assert asking.question(FORM, start, at(start)) == "姓名、身份证号、手机号？"
    part = steps.advance(FORM, steps.put(FORM, start, {"members.1.name": "王桂英"}, today=DAY), DAY)
    assert asking.question(FORM, part, at(part)) == "您的身份证号是多少？\n您的手机号是多少？"


def test_members_are_called_by_name_relation_or_place() -> None:
    filled = sheet({path: value for path, value in PEOPLE.items() if not path.startswith("members.3")})
    assert asking.question(FORM, filled, at(filled)) == "第3位是谁？"
    assert asking.who(FORM, filled.answers, 1) == "您"
    assert asking.who(FORM, filled.answers, 2) == "李建国"
    assert asking.who(FORM, {"members.3.relation": Given("grandchild")}, 3) == "孙子女"
    assert asking.who(FORM, {**filled.answers, "apply_as": Given("guardian")}, 1) == "王桂英"
    assert asking.who(FORM, {"apply_as": Given("other")}, 1) == "申请人"


def test_who_is_left_out_is_asked_by_name() -> None:
    filled = sheet(PEOPLE, {"members.1.health": "well", "members.2.health": "well"})
    assert asking.question(FORM, filled, at(filled)) == "李小宝身体怎么样？"
    first, *_ = ((path, option.value) for path, option in asking.options(filled, at(filled)))
    assert first == (
        "members.3.health",
        "well",
    )


def test_a_question_of_several_has_no_options_and_of_one_has_its_own() -> None:
    several = sheet(PEOPLE)
    assert asking.options(several, at(several)) == ()
    borrowed = steps.ask_again(FORM, sheet(PEOPLE, REST), DAY, "borrowed")
    assert [option.label for _, option in asking.options(borrowed, at(borrowed))] == ["有", "没有"]


def consent(*texts: str) -> tuple[str, ...]:
    """What can be tapped where these consents are asked for at once."""
    asked = tuple(Asked(Field(f"f{n}", "", Kind.AGREE, text)) for n, text in enumerate(texts))
    form = Form("consent", "", (Step("all", "", asked),))
    filled = steps.advance(form, Sheet("consent"), DAY)
    at = steps.current(form, filled, DAY)
    assert at is not None
    offered = asking.options(filled, at)
    assert {path for path, _ in offered} == {"f0"}, "one answer is given to all that was read out"
    assert [option.value for _, option in offered] == [asking.YES, asking.NO]
    return tuple(option.label for _, option in offered)


def test_a_consent_can_be_tapped_in_the_word_it_is_asked_with() -> None:
    assert consent("您同意查吗？") == ("同意", "不同意")
    assert consent("您愿意这样承诺吗？") == ("愿意", "不愿意")
    assert consent("是这样吗？") == ("是这样", "不是这样")
    assert consent("您同意查吗？", "您替孩子同意吗？") == ("同意", "不同意")


def test_why_and_an_example_where_the_content_has_them() -> None:
    filled = sheet(PEOPLE)
    assert asking.why(filled, at(filled)) == ("", ())
    assert asking.example(filled, at(filled)) == ""
