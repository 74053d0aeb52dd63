"""Passwords, codes of a phone, recovery codes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from argon2 import extract_parameters
from argon2.low_level import Type

from bot.desk.staff import proofs

NOW = datetime(2026, 11, 25, 2, 0, 10, tzinfo=UTC)
KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code_at(seconds: float) -> str:
    return pyotp.TOTP(KEY).at(NOW + timedelta(seconds=seconds))


async def test_a_password_is_kept_by_argon2id_above_the_least() -> None:
    kept = await proofs.hash_password("院子里有两棵枣树和一口井吗")
    found = extract_parameters(kept)
    assert found.type is Type.ID
    assert found.memory_cost >= 46 * 1024
    assert found.time_cost >= 1
    assert await proofs.password_fits(kept, "院子里有两棵枣树和一口井吗")
    assert not await proofs.password_fits(kept, "院子里有两棵枣树和一口井")
    assert not proofs.outdated(kept)


async def test_nobody_s_password_never_fits() -> None:
    for password in ("", "x", "院子里有两棵枣树和一口井吗"):
        assert not await proofs.password_fits("", password)
        assert not await proofs.password_fits("not a hash", password)


def test_an_older_password_is_hashed_anew() -> None:
    from argon2 import PasswordHasher

    assert proofs.outdated(PasswordHasher(time_cost=1, memory_cost=47_104).hash("院子里有两棵枣树"))


@pytest.mark.parametrize(
    ("seconds", "fits"), [(0, True), (-30, True), (30, True), (-60, False), (60, False), (3600, False)]
)
def test_a_code_holds_one_step_either_way(seconds: float, fits: bool) -> None:
    assert (proofs.code_step(KEY, code_at(seconds), NOW, 0) is not None) is fits


def test_a_code_works_once_and_none_before_it_works_after() -> None:
    step = proofs.code_step(KEY, code_at(0), NOW, 0)
    assert step is not None
    assert proofs.code_step(KEY, code_at(0), NOW, step) is None
    assert proofs.code_step(KEY, code_at(-30), NOW, step) is None
    assert proofs.code_step(KEY, code_at(30), NOW, step) == step + 1


@pytest.mark.parametrize("code", ["", "12345", "1234567", "12 456", "abcdef", "１２３４５６", "²³¹²³¹"])
def test_what_is_no_code_is_refused(code: str) -> None:
    assert proofs.code_step(KEY, code, NOW, 0) is None


def test_recovery_codes_are_read_as_people_type_them() -> None:
    codes = proofs.new_recovery_codes()
    assert len(set(codes)) == proofs.RECOVERY_CODES
    typed = f" {codes[0][:5].upper()}-{codes[0][5:].upper()} "
    assert proofs.recovery_hash("s-1", typed) == proofs.recovery_hash("s-1", codes[0])
    assert proofs.recovery_hash("s-2", codes[0]) != proofs.recovery_hash("s-1", codes[0])
