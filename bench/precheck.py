"""What the pre-check costs: one household held against every programme, and the choice of the next question."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from bench.load import Timing
from bench.report import Line
from bot.clock import SystemClock, today
from bot.knowledge.edition import Edition
from bot.knowledge.files import read_folder
from bot.programmes.assess import Assessment
from bot.programmes.facts import Household
from bot.programmes.precheck import next_question
from bot.regions import RegionTree

ROUNDS, CEILING = 300, 1.0


def _money(low: int) -> dict[str, Any]:
    return {"low": str(low), "high": str(low), "about": False, "per": ""}


_WUHAN = {"region": "420106", "detail": ""}
HOUSEHOLDS: tuple[dict[str, Any], ...] = (
    {},
    {"place": _WUHAN, "household_size": 3, "household_income": _money(1500), "assets": []},
    {"place": _WUHAN, "household_size": 1, "household_income": _money(0), "people": ["elder"], "supporters": "none"},
    {"place": _WUHAN, "household_size": 4, "household_income": _money(5200), "troubles": ["illness", "medical_cost"]},
    {"tonight": ["food", "bed"], "troubles": ["income_lost"]},
)
"""Nothing said yet; a small income; old and alone; much spent on illness; nothing to eat tonight."""


def measure(content: Path = Path("content")) -> list[Line]:
    """p50 and p99 of judging, and of judging with the next question, which tries every option."""
    edition = Edition(1, read_folder(content).entries, RegionTree.from_csv(content / "regions.csv"))
    day = today(SystemClock())
    judged, asked = Timing(), Timing()
    for number in range(ROUNDS * len(HOUSEHOLDS)):
        told = Household(HOUSEHOLDS[number % len(HOUSEHOLDS)], day, edition.figure)
        began = time.perf_counter()
        assessment = Assessment(edition.programmes.values(), told, edition.chain)
        assessment.all()
        judged.turns.append(time.perf_counter() - began)
        next_question(assessment, edition.fields)
        asked.turns.append(time.perf_counter() - began)
    note = f"{len(edition.programmes)} programmes"
    return [
        Line("pre-check of a household, p50", "ms", judged.median, ceiling=CEILING, note=note),
        Line("pre-check of a household, p99", "ms", judged.percentile(0.99)),
        Line("pre-check with its next question, p50", "ms", asked.median),
    ]
