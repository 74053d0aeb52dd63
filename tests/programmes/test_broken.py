"""Every way a programme's file has been broken, with the exact words an editor is told."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.knowledge.files import read_folder
from bot.knowledge.written import write_files
from tests.knowledge.broken import ROOT, check_changed, refusals

BROKEN = ROOT / "tests" / "samples" / "broken_programmes"
GOOD = BROKEN / "good"
CASES = sorted((BROKEN / "cases").glob("*.yml"))


def test_the_good_folder_is_accepted_without_a_word() -> None:
    report = check_changed({}, good=GOOD)
    assert report.refusals == ()
    assert report.warnings == ()


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_broken_folder_is_refused_in_these_words(path: Path) -> None:
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert refusals(case["change"], GOOD) == case["says"], case["story"]
    assert case["says"], "a case without a refusal shows nothing"


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 45


def test_an_export_is_the_folder_it_came_from() -> None:
    for name, content in write_files(read_folder(GOOD).entries).items():
        assert content.decode() == (GOOD / name).read_text(encoding="utf-8"), name
