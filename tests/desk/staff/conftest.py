"""Passwords are hashed cheaply here, or every test would take seconds; `test_proofs.py` looks at the real cost."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from bot.desk.staff import proofs


@pytest.fixture(autouse=True)
def cheap_hashing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.path.name == "test_proofs.py":
        return
    monkeypatch.setattr(proofs, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    proofs._nobody.cache_clear()
