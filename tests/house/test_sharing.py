"""What the workers of `make test` share out is there, and a file never falls apart between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import pytest

from tests.house.house import ROOT
from tests.sharing import ENGINE, LONG, ONE_IN, POSTGRES, on_one_database, one_of_many, share, turn


@pytest.mark.parametrize("named", [*ENGINE, *LONG])
def test_what_has_a_turn_of_its_own_is_there(named: str) -> None:
    assert (ROOT / named).exists(), f"{named} is gone: take it out of tests/sharing.py"


def test_a_file_is_one_worker_s_and_the_engine_is_one_worker_s() -> None:
    assert share("tests/store/test_unit.py::test_a[sqlite]") == share("tests/store/test_unit.py::test_b")
    assert share("tests/store/test_unit.py::test_a") != share("tests/store/test_keys.py::test_a")
    assert share("tests/journeys/问答.yml::低保") == share("tests/engine/test_forms.py::test_a") == "engine"


def test_the_engine_begins_and_what_is_short_comes_last() -> None:
    ids = ["tests/bot/test_hours.py::a", "tests/store/test_unit.py::a", "tests/journeys/问答.yml::a"]
    assert sorted(ids, key=turn) == list(reversed(ids))


def test_what_is_not_about_the_store_runs_on_one_database_now_and_on_the_other_in_the_proof() -> None:
    kinds = ("sqlite", "postgresql")
    others = [Item(f"tests/desk/test_{n}.py::test_a[{kind}-x]") for n in range(300) for kind in kinds]
    left = [item.nodeid for item in on_one_database(items(others))]
    assert len({name.partition("[")[0] for name in left}) == len(left) == 300
    assert 80 < sum("sqlite" in name for name in left) < 120
    of_store = [Item(f"tests/store/test_{n}.py::test_a[{kind}]") for n in range(30) for kind in kinds]
    alone = [Item(f"tests/desk/test_{n}.py::test_a[postgresql]") for n in range(30)]
    assert on_one_database(items([*of_store, *alone])) == []
    assert not POSTGRES.search("tests/desk/test_a.py::test_a[sqlite-postgresqlish]")


def test_of_many_of_a_kind_one_has_its_turn_now() -> None:
    (start, many) = next(iter(ONE_IN.items()))
    kind = [Item(f"{start}_anywhere[{n}]") for n in range(2 * many + 1)]
    assert len(kind) - len(one_of_many(items(kind))) == 3
    assert one_of_many(items([Item("tests/desk/test_a.py::test_a[1]")])) == []


@pytest.mark.parametrize("start", ONE_IN)
def test_whose_many_turns_are_spread_is_there(start: str) -> None:
    file, _, name = start.partition("::")
    assert f"def {name}" in (ROOT / file).read_text(encoding="utf-8"), (
        f"{start} is gone: take it out of tests/sharing.py"
    )


@dataclass(frozen=True)
class Item:
    """As much of a test as the sharing looks at."""

    nodeid: str

    def get_closest_marker(self, name: str) -> None:
        return None


def items(some: list[Item]) -> list[pytest.Item]:
    return cast("list[pytest.Item]", some)
