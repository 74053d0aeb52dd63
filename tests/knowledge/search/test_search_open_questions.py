"""The real content and the open half of the labelled questions, by the fast encoder alone: a floor nothing may break."""

from pathlib import Path

import pytest

from bot.knowledge.search.encoders import UseEncoder
from bot.knowledge.search.fit import Material, read
from bot.knowledge.search.index import SearchIndex
from tests.knowledge.search.conftest import build

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def material() -> Material:
    return read(ROOT)


@pytest.fixture(scope="module")
def whole(material: Material, use: UseEncoder) -> SearchIndex:
    return build(list(material.phrasings), use)


def test_nine_in_ten_labelled_questions_find_their_answer(material: Material, whole: SearchIndex) -> None:
    right = [whole.search(question, top=1)[0].entry in entries for question, entries in material.labelled]
    assert len(right) >= 200
    assert sum(right) / len(right) >= 0.9


def test_lines_about_other_things_stay_below_the_bar(material: Material, whole: SearchIndex) -> None:
    lines = material.foreign[::5]
    given = [line for line in lines if (found := whole.search(line, top=1)) and found[0].score >= 0.35]
    assert len(given) / len(lines) <= 0.05, given
