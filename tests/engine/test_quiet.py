"""The engine's logs name places and kinds, never a resident's words."""

from __future__ import annotations

import logging

import pytest
import structlog

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


def test_a_process_that_configured_its_own_logs_keeps_them() -> None:
    before = structlog.get_config()
    quiet.configure()
    assert structlog.get_config() == before
