"""Model files are code (T-42): unsigned, changed, foreign, or opened from / are refused before they are read as one."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.engine import launcher, signature
from bot.errors import BadInput
from tests.engine.conftest import KEY, Acting, Engine
from tests.engine.memory import FixedFinder, MemoryStore


@pytest.fixture
def signed(tmp_path: Path) -> Path:
    path = tmp_path / "m.tar.gz"
    path.write_bytes(b"a model")
    signature.sign(path, KEY)
    return path


def test_a_signed_model_is_proved(signed: Path) -> None:
    assert signature.proved(signed, KEY) == b"a model"


def test_an_unsigned_model_is_refused(signed: Path) -> None:
    signed.with_name("m.tar.gz.sig").unlink()
    with pytest.raises(BadInput, match="not signed"):
        signature.proved(signed, KEY)


@pytest.mark.parametrize("at", range(len(b"a model")))
def test_one_changed_byte_is_refused(signed: Path, at: int) -> None:
    content = bytearray(signed.read_bytes())
    content[at] ^= 1
    signed.write_bytes(bytes(content))
    with pytest.raises(BadInput, match="not the file that was signed"):
        signature.proved(signed, KEY)


def test_another_installations_signature_is_refused(signed: Path) -> None:
    with pytest.raises(BadInput, match="not the file that was signed"):
        signature.proved(signed, b"another key")


def test_without_a_key_every_model_is_refused(signed: Path) -> None:
    with pytest.raises(BadInput, match="no key"):
        signature.proved(signed, b"")


def test_the_root_folder_is_no_place_to_open_models(signed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    with pytest.raises(BadInput, match="working directory"):
        signature.proved(signed, KEY)


def test_the_newest_of_a_folder_is_taken_and_an_empty_one_is_told(signed: Path, tmp_path: Path) -> None:
    assert signature.newest(tmp_path) == signed
    with pytest.raises(BadInput, match="no model at"):
        signature.newest(tmp_path / "nowhere")


async def test_the_engine_refuses_before_opening(signed: Path) -> None:
    with pytest.raises(BadInput, match="not the file that was signed"):
        await launcher.build_agent(
            signed, MemoryStore(), FixedFinder(), key=b"another key", actions=Acting().executor()
        )


async def test_a_model_that_understands_too_little_may_not_speak(engine: Engine) -> None:
    assert await launcher.check_understanding(engine.agent, launcher.golden()) >= 0.95
    wrong = [example._replace(intent="bye") for example in launcher.golden()]
    with pytest.raises(BadInput, match="golden sentences"):
        await launcher.check_understanding(engine.agent, wrong)
