"""The arithmetic under every vector is this processor's, also where its model is newer than our numpy."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot import blas

SERVER_2024 = {"avx", "avx2", "fma", "avx512f", "avx512cd", "avx512dq", "avx512bw", "avx512vl", "amx_int8"}
ASKED = (
    "import bot, numpy, json, threadpoolctl;"
    "print(json.dumps([one['architecture'] for one in threadpoolctl.threadpool_info() if one['user_api'] == 'blas']))"
)


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        (SERVER_2024, "SkylakeX"),
        (SERVER_2024 - {"avx512bw"}, "Haswell"),
        ({"sse2", "avx2", "fma"}, "Haswell"),
        ({"sse2", "avx"}, None),
        (set(), None),
    ],
)
def test_the_best_that_the_processor_says_it_can(flags: set[str], expected: str | None) -> None:
    assert blas.core(flags) == expected


def test_what_the_operator_chose_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = tmp_path / "cpuinfo"
    told.write_text("processor : 0\nflags\t\t: fpu avx2 fma\n")
    monkeypatch.setenv(blas.CORE, "Zen")
    blas.choose(told)
    assert os.environ[blas.CORE] == "Zen"
    monkeypatch.delenv(blas.CORE)
    blas.choose(told)
    assert os.environ[blas.CORE] == "Haswell"


@pytest.mark.parametrize("told", ["", "Features : fp asimd\n"])
def test_another_kind_of_machine_is_left_alone(told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(blas.CORE, raising=False)
    (tmp_path / "cpuinfo").write_text(told)
    blas.choose(tmp_path / "cpuinfo")
    blas.choose(tmp_path / "absent")
    assert blas.CORE not in os.environ


def test_a_process_of_ours_multiplies_with_it() -> None:
    best = blas.core(_flags())
    clean = {name: value for name, value in os.environ.items() if name != blas.CORE}
    told = subprocess.run([sys.executable, "-c", ASKED], env=clean, capture_output=True, check=True, timeout=60)
    assert best is None or json.loads(told.stdout) == [best]


def _flags() -> set[str]:
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    return set(next((line.partition(":")[2] for line in lines if line.startswith("flags")), "").split())
