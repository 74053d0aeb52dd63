"""Breaks a copy of the small good folder in one way, and tells what `content check` says of it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from bot.knowledge.check import Report, check_folder
from bot.regions import RegionTree

ROOT = Path(__file__).parents[2]
BROKEN = ROOT / "tests" / "samples" / "broken_content"
GOOD = BROKEN / "good"
DAY = date(2026, 11, 25)


@cache
def regions() -> RegionTree:
    return RegionTree.from_csv(ROOT / "content" / "regions.csv")


def check_changed(change: Mapping[str, Any], day: date = DAY, good: Path = GOOD) -> Report:
    """`change`: file → pairs of old and new words, or {whole: text}, or {gone: true}."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "content"
        shutil.copytree(good, folder)
        for name, how in change.items():
            _break(folder / name, how)
        return check_folder(folder, regions(), day)


def refusals(change: Mapping[str, Any], good: Path = GOOD) -> list[str]:
    return [str(problem) for problem in check_changed(change, good=good).refusals]


def _break(path: Path, how: Any) -> None:
    if isinstance(how, Mapping) and how.get("gone"):
        path.unlink()
    elif isinstance(how, Mapping):
        path.write_text(how["whole"], encoding="utf-8")
    else:
        text = path.read_text(encoding="utf-8")
        for old, new in how:
            assert old in text, f"{path.name} no longer holds {old!r}: mend the case"
            text = text.replace(old, new, 1)
        path.write_text(text, encoding="utf-8")
