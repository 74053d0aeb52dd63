"""The locks: every package at one version, with hashes, without addresses; TensorFlow only in the baseline's."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from tests.house.house import text

PRODUCT, BASELINE = "requirements.lock", "bench/stock/requirements.lock"
TENSORFLOW = {"tensorflow", "tensorflow-text", "tensorflow-hub", "tensorflow-estimator", "keras", "jax", "tensorboard"}


def project(lock: str) -> dict[str, Any]:
    return tomllib.loads(text(lock.replace("requirements.lock", "pyproject.toml")))


def blocks(lock: str) -> dict[str, str]:
    """Package name → its block of version, hashes and reasons."""
    found = re.split(r"^(?=[A-Za-z0-9])", text(lock), flags=re.MULTILINE)
    return {re.split(r"[=@<>~ \[;]", block, maxsplit=1)[0]: block for block in found if block.strip()}


@pytest.mark.parametrize("lock", [PRODUCT, BASELINE])
def test_every_package_has_one_version_and_a_hash(lock: str) -> None:
    assert len(blocks(lock)) > 100
    for name, block in blocks(lock).items():
        assert re.match(r"[A-Za-z0-9._-]+(\[[a-z,-]+\])?==\S+", block), f"{name} has no version"
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", block), f"{name} has no hash"


@pytest.mark.parametrize("lock", [PRODUCT, BASELINE])
def test_it_names_no_address(lock: str) -> None:
    assert not re.search(r"://| @ |--(index|extra-index|find-links)|file:", text(lock))


def test_the_product_goes_without_tensorflow() -> None:
    assert not TENSORFLOW & set(blocks(PRODUCT))


def test_the_baseline_has_the_real_one() -> None:
    assert {"tensorflow", "tensorflow-text", "rasa"} <= set(blocks(BASELINE))
    assert "rasa==3.6.21" in text(BASELINE)
    assert "rasa==3.6.21" in text(PRODUCT)


@pytest.mark.parametrize("lock", [PRODUCT, BASELINE])
def test_it_was_compiled_since_the_project_file_changed(lock: str) -> None:
    """Every direct dependency is in the lock; that its version fits is pip's own check at set-up."""
    told = project(lock)
    wanted = [*told["project"]["dependencies"], *told.get("dependency-groups", {}).get("dev", [])]
    names = {re.split(r"[=<>~\[; ]", line, maxsplit=1)[0].lower().replace("_", "-") for line in wanted}
    assert not names - set(blocks(lock))
