"""The programmes as published, with everything they are made of."""

from __future__ import annotations

import pytest

from bot.knowledge.edition import Edition
from bot.knowledge.files import read_folder
from bot.regions import RegionTree
from tests.knowledge.broken import ROOT
from tests.knowledge.broken import regions as tree


@pytest.fixture(scope="session")
def regions() -> RegionTree:
    return tree()


@pytest.fixture(scope="session")
def edition(regions: RegionTree) -> Edition:
    made_of = {"document", "standard", "office", "hotline", "field", "form", "consent", "programme"}
    return Edition(1, [one for one in read_folder(ROOT / "content").entries if one.kind in made_of], regions)
