"""The 22 places with a standard of their own: every value that was found published, and nothing beside them.

tests/samples/published_standards.csv was copied from the survey of announcements, apart from content/standards.csv.
"""

from __future__ import annotations

import csv
from datetime import date

import pytest

from bot.knowledge.edition import Edition
from bot.knowledge.figures import FigureState
from bot.knowledge.figures_text import figure_text
from bot.knowledge.standards import UNITS
from tests.knowledge.broken import ROOT

with (ROOT / "tests" / "samples" / "published_standards.csv").open(encoding="utf-8", newline="") as _file:
    PUBLISHED = list(csv.DictReader(_file))
LATEST = {row["region"]: row for row in PUBLISHED if row["latest"] == "yes"}


def test_there_are_twenty_two_places(real: Edition) -> None:
    assert len(LATEST) == 22
    assert {row.region for row in real.content.standards.values()} == set(LATEST)


@pytest.mark.parametrize("row", PUBLISHED, ids=lambda row: f"{row['name']}{row['urban']}-{row['from'] or 'before'}")
def test_each_published_value_stands_in_the_table(real: Edition, row: dict[str, str]) -> None:
    said = row["from"] and "".join(f"{int(n)}{u}" for n, u in zip(row["from"].split("-"), "年月日", strict=False))
    same = [
        one
        for one in real.content.standards.values()
        if (one.programme, one.region) == ("dibao", row["region"]) and (one.start.said if one.start else "") == said
    ]
    assert row["urban"] in {one.urban for one in same}
    if row["rural"]:
        assert (row["rural"], row["rural_unit"]) in {(one.rural, one.unit) for one in same}


@pytest.mark.parametrize("row", LATEST.values(), ids=lambda row: row["name"])
def test_a_resident_is_told_the_newest_value_with_its_document(real: Edition, row: dict[str, str]) -> None:
    result = real.figures("dibao", row["region"], date(2026, 11, 25))
    text = figure_text(result)
    assert f"{UNITS['month']}{row['urban']}元" in text
    assert result.state in (FigureState.LAST_PUBLISHED, FigureState.HISTORY)
    assert all(line.document in real.documents or line.document in text for line in result.lines)
    assert "12345" in text


def test_every_figure_is_registered_and_every_county_exists(real: Edition) -> None:
    for row in real.content.standards.values():
        assert row.document in real.documents
        for county in row.counties:
            assert real.regions.is_within(county, row.region)
