"""The forms that are published, for tests: content/ as it stands."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from bot.forms.model import Form
from bot.knowledge.check import Report, check_folder
from bot.regions import RegionTree

ROOT = Path(__file__).parents[2]
DAY = date(2026, 11, 25)
HOUSEHOLD = ("dibao", "bianyuan", "gangxing", "tekun", "linshi_jinan", "linshi_zhichu")
"""Applications that ask everything an office's form asks; 小额快救 registers only whom, why and how much."""
SMALL = "linshi_xiaoe"
APPLICATIONS = (*HOUSEHOLD, SMALL)


@cache
def regions() -> RegionTree:
    return RegionTree.from_csv(ROOT / "content" / "regions.csv")


@cache
def report() -> Report:
    return check_folder(ROOT / "content", regions(), DAY)


def form(id: str) -> Form:
    return report().content.forms[id]
