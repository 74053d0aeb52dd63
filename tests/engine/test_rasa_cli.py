"""Rasa's own commands work on the files in the root, signed models and actions inside included."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from rasa.core.agent import Agent
from rasa.core.run import create_http_input_channels
from rasa.core.utils import AvailableEndpoints
from rasa.shared.exceptions import RasaException

from bot.engine import rasa_cli, signature
from bot.engine.in_process import InProcessActions
from bot.errors import BadInput
from tests.engine.conftest import HOUSE, KEY, Engine


def rasa(*arguments: str, folder: Path = HOUSE, spoken: str = "") -> subprocess.CompletedProcess[str]:
    """One command in a process of its own, as `python -m bot rasa …` runs it."""
    code = f"from bot.engine.rasa_cli import rasa_main; rasa_main({list(arguments)!r}, {KEY!r})"
    environment = {key: value for key, value in os.environ.items() if not key.startswith("JIUZHUTONG_")}
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=folder,
        input=spoken,
        env={**environment, "PYTHONPATH": str(HOUSE), "LOG_LEVEL": "WARNING"},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_files_in_the_root_are_valid() -> None:
    done = rasa("data", "validate", "--fail-on-warnings")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_model_trained_by_the_command_is_signed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made = tmp_path / "new.tar.gz"

    def train() -> None:
        made.write_bytes(b"a model")

    old = tmp_path / "old.tar.gz"
    old.write_bytes(b"an old one")
    os.utime(old, (1, 1))
    monkeypatch.setattr("rasa.__main__.main", train)
    rasa_cli.rasa_main(["train", "--out", str(tmp_path)], KEY)
    assert signature.proved(made, KEY) == b"a model"
    assert not old.with_name("old.tar.gz.sig").exists()


@pytest.mark.proof
def test_understanding_and_dialogue_are_tested_by_rasas_own_command(model: Path, tmp_path: Path) -> None:
    (tmp_path / "nlu.yml").write_text(
        'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - 你好呀同志们\n- intent: person\n  examples: |\n    - 给我转人工\n',
        encoding="utf-8",
    )
    data = ("-u", str(tmp_path / "nlu.yml"), "-s", str(HOUSE / "data" / "stories"))
    done = rasa("test", "-m", str(model), *data, "--out", str(tmp_path), "--no-plot", "--fail-on-prediction-errors")
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"accuracy": 1.0' in (tmp_path / "intent_report.json").read_text(encoding="utf-8")
    assert (tmp_path / "story_report.json").is_file()


def test_an_unsigned_model_is_refused_whoever_opens_it(loaded: Engine, model: Path, tmp_path: Path) -> None:
    stranger = tmp_path / "m.tar.gz"
    stranger.write_bytes(model.read_bytes())
    with pytest.raises(BadInput, match="is not signed"):
        Agent().load_model(stranger)


def test_serving_without_a_secret_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JIUZHUTONG_ENGINE_SECRET", raising=False)
    with pytest.raises(RasaException, match="JIUZHUTONG_ENGINE_SECRET"):
        create_http_input_channels(None, str(HOUSE / "credentials.yml"))


def test_endpoints_name_the_actions_inside() -> None:
    read = rasa_cli._with_actions_inside(AvailableEndpoints.read_endpoints)
    assert isinstance(read(AvailableEndpoints, str(HOUSE / "endpoints.yml")).action, InProcessActions)
