"""One JSON line for each event, and in it nothing that a resident wrote, no secret, no number of a person."""

from __future__ import annotations

import io
import json
import logging
import sys
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot import log
from bot.errors import TryAgain

CANARY = "黄雀在后三七二一"


class Lines:
    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def all(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]

    @property
    def text(self) -> str:
        return self.stream.getvalue()


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lines]:
    """The service's own logging, written where a test can read it; everything is put back afterwards."""
    root, made = logging.getLogger(), Lines()
    handlers, level = root.handlers[:], root.level
    monkeypatch.setattr(sys, "stderr", made.stream)
    log.configure("info")
    yield made
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.reset_defaults()


def test_a_line_says_when_who_how_and_what(lines: Lines) -> None:
    logging.getLogger("bot.desk.turns").warning("turn put off for %.1f s", 2.0)
    (line,) = lines.all
    assert line["event"] == "turn put off for 2.0 s"
    assert (line["level"], line["logger"]) == ("warning", "bot.desk.turns")
    assert line["timestamp"].endswith("Z")


def test_what_is_below_the_level_is_not_written(lines: Lines) -> None:
    logging.getLogger("bot").debug("quiet")
    assert lines.all == []


def test_a_library_that_tells_of_every_look_is_heard_only_when_it_warns(lines: Lines) -> None:
    logging.getLogger("alembic.runtime.migration").info("Context impl SQLiteImpl.")
    logging.getLogger("alembic.runtime.migration").warning("something is odd")
    assert [line["event"] for line in lines.all] == ["something is odd"]


def test_an_error_says_where_and_of_which_kind_but_not_what_it_quotes(lines: Lines) -> None:
    def parse(text: str) -> None:
        try:
            raise KeyError(text)
        except KeyError as error:
            raise ValueError(f"cannot read {text!r}") from error

    try:
        parse(CANARY)
    except ValueError as error:
        logging.getLogger("connectors.gateway").error("a callback failed", exc_info=error)
    (line,) = lines.all
    assert CANARY not in lines.text
    assert "builtins.ValueError" in line["exception"]
    assert "builtins.KeyError" in line["exception"]
    assert "test_log.py" in line["exception"]
    assert "because of" in line["exception"]


def test_our_own_errors_and_the_systems_keep_their_words(lines: Lines) -> None:
    for error in (TryAgain("the database is locked; repeat it"), FileNotFoundError(2, "No such file", "models")):
        logging.getLogger("bot").error("failed", exc_info=error)
    assert "the database is locked; repeat it" in lines.all[0]["exception"]
    assert "No such file" in lines.all[1]["exception"]


def test_the_error_being_handled_is_found_by_itself(lines: Lines) -> None:
    try:
        raise ValueError(CANARY)
    except ValueError:
        logging.getLogger("bot").exception("it failed")
        structlog.get_logger("bot").error("it failed", exc_info=True)
    assert all("builtins.ValueError" in line["exception"] for line in lines.all)
    assert CANARY not in lines.text


def test_secrets_in_addresses_are_hidden(lines: Lines) -> None:
    url = "/cgi-bin/message?access_token=TOKEN-9&x=1 /wechat?signature=abc&openid=oWang&timestamp=1"
    logging.getLogger("aiohttp.access").info("POST %s", url)
    assert not any(secret in lines.text for secret in ("TOKEN-9", "oWang", "abc"))
    assert "x=1" in lines.text


def test_a_warning_becomes_a_line(lines: Lines) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old way of calling", UserWarning, stacklevel=1)
    assert "old way of calling" in lines.all[0]["event"]


@given(st.from_regex(r"[1-9][0-9]{16}[0-9X]", fullmatch=True), st.text(max_size=20), st.text(max_size=20))
def test_no_identity_number_survives(number: str, before: str, after: str) -> None:
    glued = before[-1:].isdigit() or after[:1].isdigit() or after[:1] in "xX"
    if not glued:
        assert number not in log.scrub(f"{before}{number}{after}")


@pytest.mark.parametrize("number", ["13912345678", "420106195001011234", "42010619500101123X", "6222021234567890123"])
def test_phones_identities_and_cards_are_numbers(number: str) -> None:
    assert log.scrub(f"from {number} came") == "from [number] came"


def test_what_identifies_nobody_stays() -> None:
    kept = "edition 12 is in force (161 answers) in 2026-11-25T10:00:00 after 1234567890 ns"
    assert log.scrub(kept) == kept
