"""Settings are read once, strictly; secrets are made once, whole, and for this service alone. (The table in
docs/settings.md is held to the code by tests/house.)"""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from bot.errors import BadInput
from bot.settings import Settings, secret_file


def read(**given: str) -> Settings:
    return Settings.from_environment({f"JIUZHUTONG_{name.upper()}": value for name, value in given.items()})


def test_what_is_not_given_has_its_default_whatever_the_machines_environment_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("JIUZHUTONG_PORT", "9999")
    assert Settings.from_environment({}) == Settings()
    assert Settings.from_environment().port == 9999


def test_blanks_around_a_value_are_not_meant() -> None:
    assert read(port=" 9000 ", sandbox="off\n") == Settings(port=9000, sandbox="off")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("port", "http", "JIUZHUTONG_PORT must be a whole number from 1 to 65535, not 'http'"),
        ("port", "0", "from 1 to 65535"),
        ("ops_port", "70000", "from 1 to 65535"),
        ("engine_port", "²", "from 1 to 65535"),
        ("workers", "0", "JIUZHUTONG_WORKERS must be a whole number from 1 to 64"),
        ("workers", "-1", "from 1 to 64"),
        ("sandbox", "yes", "JIUZHUTONG_SANDBOX must be one of auto, on, off, not 'yes'"),
        ("cipher", "des", "must be one of sm4-gcm, aes-256-gcm"),
        ("log", "loud", "must be one of debug, info, warning, error"),
        ("wechat_mode", "safe", "must be one of secure, compatible, plain"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(name: str, value: str, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        read(**{name: value})
    assert said in str(refused.value)


def test_other_programs_variables_are_not_ours() -> None:
    assert Settings.from_environment({"PORT": "1", "JIUZHUTONG": "x", "HOME": "elsewhere"}) == Settings()


@pytest.mark.parametrize(
    ("sandbox", "appid", "on"),
    [("auto", "", True), ("auto", "wx1", False), ("on", "", True), ("on", "wx1", True), ("off", "", False)],
)
def test_the_sandbox_runs_while_there_is_no_account(sandbox: str, appid: str, on: bool) -> None:
    assert Settings(sandbox=sandbox, wechat_appid=appid).with_sandbox is on


def test_where_things_are() -> None:
    here = Settings(home="house", engine_port=6000)
    assert here.database == "sqlite:///house/jiuzhutong.db"
    assert here.engine_base == "http://127.0.0.1:6000"
    assert Settings(database_url="postgresql://db/jzt").database == "postgresql://db/jzt"
    assert Settings(engine_url="http://10.0.0.2:5005").engine_base == "http://10.0.0.2:5005"


def test_a_secret_is_made_once_and_readable_by_this_service_alone(tmp_path: Path) -> None:
    file = tmp_path / "new folder" / "engine-secret"
    first = secret_file(file)
    assert len(first) == 64
    assert secret_file(file) == first
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["engine-secret"]


def test_processes_that_start_at_the_same_moment_share_one_secret(tmp_path: Path) -> None:
    """Gateway and engine do: half a secret, or two, would make the engine refuse every turn."""
    ready = threading.Barrier(16)
    found: list[str] = []

    def process() -> None:
        ready.wait()
        found.append(secret_file(tmp_path / "engine-secret"))

    threads = [threading.Thread(target=process) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert len(found) == 16


def test_a_secret_that_others_can_read_is_no_secret(tmp_path: Path) -> None:
    file = tmp_path / "engine-secret"
    secret_file(file)
    file.chmod(0o644)
    with pytest.raises(BadInput, match="can be read by others; run: chmod 600"):
        secret_file(file)


@pytest.mark.parametrize("held", ["", "short", "x" * 64])
def test_a_file_that_holds_something_else_is_not_used(tmp_path: Path, held: str) -> None:
    file = tmp_path / "engine-secret"
    file.write_text(held, encoding="ascii")
    file.chmod(0o600)
    with pytest.raises(BadInput, match="does not hold a secret of ours; remove it"):
        secret_file(file)


def test_a_given_secret_needs_no_file(tmp_path: Path) -> None:
    assert Settings(home=str(tmp_path), engine_secret="given").shared_secret() == "given"
    assert list(tmp_path.iterdir()) == []
