"""Vectors are kept once for all processes of a machine, and nothing depends on the files that hold them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.knowledge.search import shared
from bot.knowledge.search.encoders import Array
from bot.knowledge.search.shared import SharedRows


class Four:
    name, dimension = "four-1.0", 4

    def encode(self, texts: list[str]) -> Array:
        raise AssertionError("nothing is encoded here")


HASHES, ROWS = ["a", "b", "c"], np.arange(12, dtype=np.float32).reshape(3, 4)


def test_another_process_finds_them(tmp_path: Path) -> None:
    assert SharedRows(tmp_path / "made").rows(Four(), HASHES) is None
    mine = SharedRows(tmp_path / "made").keep(Four(), HASHES, ROWS)
    theirs = SharedRows(tmp_path / "made").rows(Four(), HASHES)
    assert theirs is not None
    assert np.array_equal(mine, ROWS)
    assert np.array_equal(theirs, ROWS)
    assert not theirs.flags.writeable


@pytest.mark.parametrize("others", [["a", "c", "b"], ["a", "b"], ["a", "b", "d"]])
def test_other_texts_or_another_order_are_others(others: list[str], tmp_path: Path) -> None:
    SharedRows(tmp_path).keep(Four(), HASHES, ROWS)
    assert SharedRows(tmp_path).rows(Four(), others) is None


def test_the_next_edition_takes_the_place_of_the_last_and_whoever_searches_it_goes_on(tmp_path: Path) -> None:
    old = SharedRows(tmp_path).keep(Four(), HASHES, ROWS)
    SharedRows(tmp_path).keep(Four(), ["x"], ROWS[:1])
    assert len(list(tmp_path.iterdir())) == 1
    assert np.array_equal(old, ROWS)


@pytest.mark.parametrize("damage", [b"", b"\x93NUMPY", b"not an array at all", None])
def test_a_damaged_file_is_no_file(damage: bytes | None, tmp_path: Path) -> None:
    SharedRows(tmp_path).keep(Four(), HASHES, ROWS)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:-8] if damage is None else damage)
    assert SharedRows(tmp_path).rows(Four(), HASHES) is None
    assert np.array_equal(SharedRows(tmp_path).keep(Four(), HASHES, ROWS), ROWS)
    assert SharedRows(tmp_path).rows(Four(), HASHES) is not None


def test_a_full_disk_costs_memory_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shared.np, "save", full)
    assert SharedRows(tmp_path).keep(Four(), HASHES, ROWS) is ROWS
    assert not list(tmp_path.iterdir())
