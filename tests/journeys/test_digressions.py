"""Through the whole house, at every question of a form: a published answer asked for in between is answered, and then
everything told before is there and the same question is asked. A sample here, all of them in `make proof`."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

from tests.journeys.conftest import done
from tests.journeys.conftest import journeys as read_journeys
from tests.journeys.test_coverage import HERE

if TYPE_CHECKING:
    from tests.journeys.town import Seen, Town

WHOLE = "三口人的低保申请，从头到尾"
ASKED_IN_BETWEEN = ("answered", "declined", "redirected", "smalltalk")


def application() -> list[dict[str, Any]]:
    return next(one["步骤"] for one in read_journeys(HERE / "申请低保.yml") if one["名称"] == WHOLE)


def titles(town: Town) -> list[str]:
    """Every question that has a published answer here, in its own words."""
    edition, day = town.desk.edition, town.desk.today()
    return sorted(answer.title for answer in edition.answers_in_scope("420111", day, "wechat"))


def question_of(seen: Seen) -> str:
    return str(seen.rows[-1].text)


def undisturbed(town: Town, who: str, before: Seen, title: str) -> Seen:
    """The title asked in between; what it does to the form is nothing."""
    after = town.do(town.step(who, text=title))
    assert before.draft is not None
    assert after.draft is not None
    at = f"“{title}” at {before.asked}"
    assert after.draft.sheet.answers == before.draft.sheet.answers, f"{at} changed an answer"
    assert after.draft.sheet.asked == before.draft.sheet.asked, f"{at} led to {after.asked}"
    assert after.draft.sheet.asked_paths == before.draft.sheet.asked_paths, at
    assert len(after.rows) <= 3, f"{at} got {len(after.rows)} messages"
    assert after.outcomes[-1] == "asked", f"{at} ended in {after.outcomes}"
    assert set(after.outcomes[:-1]) & set(ASKED_IN_BETWEEN), f"{at} was not answered: {after.text}"
    return after


def walk(town: Town, chance: random.Random, each: int) -> int:
    """Live through the application, asking `each` titles at every question (0: all of them); how many were asked."""
    from tests.journeys.town import someone

    who, before, asked = someone(), [], 0
    for step in application()[:-1]:
        seen = town.do(town.step(who, **done(step, before)))
        before.append(seen)
        if seen.draft is None:
            continue
        bare = question_of(undisturbed(town, who, seen, "低保怎么申请"))
        for title in chance.sample(titles(town), each) if each else titles(town):
            after = undisturbed(town, who, seen, title)
            assert question_of(after) == bare, f"“{title}” at {seen.asked} changed the words of the question"
            asked += 1
    return asked


def test_a_question_in_between_changes_nothing(town: Town) -> None:
    assert walk(town, random.Random(3), 1) >= 20  # a sample to repeat, no secret


@pytest.mark.proof
def test_no_published_answer_changes_anything_anywhere(town: Town) -> None:
    assert walk(town, random.Random(3), 0) >= 20 * len(titles(town))


@pytest.mark.parametrize("seed", [11])
def test_other_words_for_it_change_nothing_either(town: Town, seed: int) -> None:
    """Phrasings, as people really say it, at questions that take free words."""
    from tests.journeys.town import someone

    chance = random.Random(seed)
    phrasings = [
        text
        for answer in town.desk.edition.answers.values()
        for text in answer.phrasings
        if text.endswith(("吗", "？", "呢", "么"))
    ]
    who, before = someone(), []
    for step in application()[:-1]:
        seen = town.do(town.step(who, **done(step, before)))
        before.append(seen)
        text = chance.choice(phrasings)
        after = town.do(town.step(who, text=text))
        assert after.draft is not None
        assert seen.draft is not None
        assert after.draft.sheet.answers == seen.draft.sheet.answers, f"“{text}” at {seen.asked} changed an answer"
        assert after.draft.sheet.asked == seen.draft.sheet.asked, f"“{text}” at {seen.asked} led to {after.asked}"
