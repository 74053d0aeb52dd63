"""Scene codes on paper: short enough for every platform, and read back as the place they hang in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.regions import RegionTree
from bot.scenes import LONGEST, place_of, scene
from tests.desk.conftest import CONTENT

TREE = RegionTree.from_csv(CONTENT / "regions.csv")
CODES = [region.code for region in TREE.children("420100")]


@given(st.sampled_from(CODES), st.sampled_from(["", "001", "001002"]), st.text(max_size=300))
def test_every_scene_is_short_and_leads_back(code: str, village: str, office: str) -> None:
    made = scene(code, code + village if village else "", office)
    assert len(made) <= LONGEST
    assert made.isascii()
    assert place_of(made, TREE) == code


@given(st.text(max_size=80))
def test_any_other_code_is_no_place(text: str) -> None:
    assert place_of(text, TREE) in ("", *CODES) if text.startswith("place-") else place_of(text, TREE) == ""


def test_a_village_of_another_place_is_refused() -> None:
    with pytest.raises(BadInput):
        scene("420111", "420106001001")


def test_a_code_nobody_knows_is_no_place() -> None:
    assert place_of("place-999999", TREE) == ""
