"""One person as their row holds them: sealed with a key of their own."""

from __future__ import annotations

from sqlalchemy import Row

from bot.desk.case_ports import Person
from bot.store.room import unseal
from bot.store.subject_keys import Sealer


def read_person(row: Row[tuple[object, ...]], sealer: Sealer) -> Person:
    """Their fields, opened with that key."""
    return Person(row.id, **unseal(sealer, row.body, "people", row.id, "body"), created_at=row.created_at)
