"""The engine's logs name places and kinds, never a resident's words."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from bot import log
from bot.engine import quiet


def test_only_harmless_values_stay() -> None:
    entry = {
        "event": "processor.message.parse",
        "level": "warning",
        "parse_data_text": "canary",
        "rasa_events": ["canary"],
    }
    assert quiet.without_words(None, "warning", entry) == {"event": "processor.message.parse", "level": "warning"}


def test_rasas_debug_lines_with_words_are_not_printed(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    before = structlog.get_config()
    structlog.reset_defaults()
    try:
        quiet.configure()
        with caplog.at_level(logging.DEBUG):
            structlog.get_logger().debug("processor.message.parse", parse_data_text="canary")
            structlog.get_logger().warning("event.deserialization.failed", rasa_event="canary")
    finally:
        structlog.configure(**before)
    told = capsys.readouterr()
    assert "canary" not in told.out + told.err + caplog.text
    assert "event.deserialization.failed" in caplog.text


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """A process with the service's own logs, as the engine's is; everything is put back afterwards."""
    root, written = logging.getLogger(), io.StringIO()
    before, handlers, level = structlog.get_config(), root.handlers[:], root.level
    monkeypatch.setattr(sys, "stderr", written)
    log.configure("info")
    quiet.configure()
    yield written
    structlog.configure(**before)
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)


def test_the_engines_lines_are_json_and_rasas_hold_no_words(lines: io.StringIO) -> None:
    rasas = structlog.get_logger()
    rasas.info("processor.message.parse", parse_data_text="canary")
    rasas.warning("event.deserialization.failed", rasa_event="canary", component="canary-free")
    logging.getLogger("rasa.core.processor").info("canary")
    logging.getLogger("bot.engine.channel").warning("a turn is to be repeated")
    first, second = map(json.loads, lines.getvalue().splitlines())
    assert (first["event"], first["level"]) == ("event.deserialization.failed", "warning")
    assert first["component"] == "canary-free"
    assert "rasa_event" not in first
    assert first["timestamp"]
    assert (second["event"], second["logger"]) == ("a turn is to be repeated", "bot.engine.channel")


def test_said_twice_it_is_quiet_once(lines: io.StringIO) -> None:
    processors = structlog.get_config()["processors"]
    quiet.configure()
    assert structlog.get_config()["processors"] == processors
    assert processors.count(quiet.without_words) == 1
