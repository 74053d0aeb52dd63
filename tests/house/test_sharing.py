"""What the workers of `make test` share out is there, and a file never falls apart between them."""

from __future__ import annotations

import pytest

from tests.house.house import ROOT
from tests.sharing import ENGINE, LONG, POSTGRES, sampled, share, turn


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


def test_every_third_turn_on_postgresql_is_taken_now_and_all_of_the_store() -> None:
    others = [f"tests/desk/test_{n}.py::test_a[postgresql]" for n in range(300)]
    assert all(map(POSTGRES.search, others))
    assert 80 < sum(map(sampled, others)) < 120
    assert all(sampled(f"tests/store/test_{n}.py::test_a[postgresql-x]") for n in range(300))
    assert not POSTGRES.search("tests/desk/test_a.py::test_a[sqlite-postgresqlish]")
