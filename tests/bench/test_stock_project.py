"""The stock project is made of our own answers: the same phrasings, the same words."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bench.questions import bare, is_right, questions
from bench.stock.generate import CONTENT, PHRASINGS, answers, generate, learnt


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stock") / "work"
    generate(CONTENT, folder)
    return folder


def read(path: Path) -> dict:  # type: ignore[type-arg]
    return yaml.safe_load(path.read_text("utf-8"))


def test_every_answer_becomes_a_retrieval_intent_with_phrasings_of_its_own(work: Path) -> None:
    taught = {item["intent"]: item["examples"] for item in read(work / "data" / "answers.yml")["nlu"]}
    assert len(taught) == len(answers(CONTENT)) >= 160
    for entry in answers(CONTENT):
        assert taught[f"faq/{entry['id']}"].count("- ") >= min(PHRASINGS, len(entry["phrasings"])) >= 6


@pytest.mark.parametrize("count", [1, 6, PHRASINGS, PHRASINGS + 1, 50])
def test_it_learns_wordings_from_first_to_last(count: int) -> None:
    wordings = [f"问法{number}" for number in range(count)]
    taken = learnt(wordings)
    assert taken == sorted(set(taken), key=wordings.index)
    assert len(taken) == min(count, PHRASINGS)
    assert taken[0] == wordings[0]


def test_every_answer_is_said_word_for_word(work: Path) -> None:
    said = read(work / "domain.yml")["responses"]
    for entry in answers(CONTENT):
        assert said[f"utter_faq/{entry['id']}"][0]["text"].format() == entry["text"].strip()


def test_a_brace_in_an_approved_text_reaches_the_resident(tmp_path: Path) -> None:
    (tmp_path / "faq.yml").write_text(
        yaml.safe_dump({"answers": [{"id": "a", "text": "看{这里}", "phrasings": ["看哪里"]}]}), "utf-8"
    )
    generate(tmp_path, tmp_path / "work")
    assert read(tmp_path / "work" / "domain.yml")["responses"]["utter_faq/a"][0]["text"].format() == "看{这里}"


def test_both_are_asked_the_labelled_questions_that_have_an_answer() -> None:
    asked = questions()
    assert len(asked) >= 200
    first = asked[0]
    assert is_right(["说明：" + first.right[0][:5] + "\n" + first.right[0][5:]], first)
    assert not is_right(["不知道。"], first)
    assert bare(" 低 保\n") == "低保"
