"""What import-linter cannot see: importing costs nothing, opens nothing, and the error tree is drawn as it is."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from bot import errors
from tests.house.house import ROOT, text


def loaded_after(modules: str) -> set[str]:
    code = f"import sys; import {modules}; print(' '.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    return {name.partition(".")[0] for name in done.stdout.split()}


def test_the_heart_itself_loads_nothing() -> None:
    """It says what arithmetic the processor can do, which nobody could once numpy is there."""
    assert loaded_after("bot") - loaded_after("sys") <= sys.stdlib_module_names | {"bot"}
    assert len(text("bot/__init__.py").splitlines()) == 5


@pytest.mark.parametrize("modules", ["bot.wiring, bot.store, bot.desk.desk", "connectors.gateway, connectors.wechat"])
def test_nothing_but_the_engine_pays_for_rasa(modules: str) -> None:
    assert not {"rasa", "tensorflow", "sklearn"} & loaded_after(modules)


def test_doors_load_no_sql() -> None:
    assert not {"sqlalchemy", "rasa"} & loaded_after("connectors.gateway, connectors.wechat, bot.desk.desk")


def test_actions_stay_flat() -> None:
    """The SDK's loader stops at a sub-package whose name exists elsewhere."""
    assert not [path for path in (ROOT / "actions").iterdir() if path.is_dir() and path.name != "__pycache__"]


def test_the_error_tree_is_drawn_as_it_is() -> None:
    drawn = set(re.findall(r"[├└]── (\w+)", errors.__doc__ or ""))
    real = {
        name
        for name, one in vars(errors).items()
        if isinstance(one, type) and issubclass(one, errors.JiuzhutongError) and one is not errors.JiuzhutongError
    }
    assert drawn == real
