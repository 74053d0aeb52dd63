"""The real content, read once, and the small good folder as an edition."""

from __future__ import annotations

import pytest

from bot.knowledge.edition import Edition
from bot.knowledge.files import read_folder
from bot.regions import RegionTree
from tests.knowledge.broken import GOOD, ROOT
from tests.knowledge.broken import regions as tree


@pytest.fixture(scope="session")
def regions() -> RegionTree:
    return tree()


@pytest.fixture(scope="session")
def real(regions: RegionTree) -> Edition:
    return Edition(1, read_folder(ROOT / "content").entries, regions)


@pytest.fixture(scope="session")
def small(regions: RegionTree) -> Edition:
    return Edition(1, read_folder(GOOD).entries, regions)
