"""Who hears a message and who answers it, as a state machine: whatever residents, officers, workers and the outbox do in
whatever order, one hears, a repeat changes nothing, and while somebody holds a conversation no row of the bot leaves."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from bot.regions import RegionTree
from bot.store import KeyRing
from tests.databases import Database, sqlite_first
from tests.desk.handoff.machine import Machine


def _run(database: Database, keyring: KeyRing, regions: RegionTree, examples: int) -> None:
    machine = type("Bound", (Machine,), {"database": database, "keyring": keyring, "regions": regions})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            derandomize=examples <= 25,  # `make test` takes seeded samples; `make proof` goes on looking
            # Each run leaves its conversation behind in one database: a failure is shown as it was found, not shrunk.
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )


@sqlite_first
def test_one_hears_one_answers(database: Database, keyring: KeyRing, regions: RegionTree) -> None:
    _run(database, keyring, regions, 25)


@pytest.mark.proof
def test_one_hears_one_answers_in_many_runs(database: Database, keyring: KeyRing, regions: RegionTree) -> None:
    _run(database, keyring, regions, 300)
