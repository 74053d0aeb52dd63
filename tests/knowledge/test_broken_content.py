"""Every way content has been broken, with the exact words an editor is told: tests/samples/broken_content."""

from __future__ import annotations

import pytest
import yaml

from tests.knowledge.broken import BROKEN, check_changed, refusals

CASES = sorted((BROKEN / "cases").glob("*.yml"))


def test_the_good_folder_is_accepted_without_a_word() -> None:
    report = check_changed({})
    assert report.refusals == ()
    assert report.warnings == ()


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_broken_folder_is_refused_in_these_words(path) -> None:  # type: ignore[no-untyped-def]
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert refusals(case["change"]) == case["says"], case["story"]
    assert case["says"], "a case without a refusal shows nothing"


def test_each_refusal_names_file_and_what_to_do() -> None:
    for path in CASES:
        case = yaml.safe_load(path.read_text(encoding="utf-8"))
        for problem in check_changed(case["change"]).refusals:
            assert problem.file
            assert problem.what
            assert problem.todo


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 25
