"""The audit log's chain: whatever is done to it afterwards is found, at its place."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.audit import FIRST, Deed, Head, Line, link
from tests.chain import first_break

START = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
Rows = list[tuple[Line, bytes]]


def mac(data: bytes) -> bytes:
    return hmac.new(b"only this test knows it", data, hashlib.sha256).digest()


def log(length: int, using: Callable[[bytes], bytes] = mac) -> Rows:
    rows: Rows = []
    before = FIRST
    for seq in range(1, length + 1):
        line = Line(
            seq,
            START + timedelta(minutes=seq),
            "s-1",
            Deed.REVEAL,
            f"case:{seq}",
            "420111",
            "核对身份",
            {"field": "identity"},
        )
        before = link(line, before, using)
        rows.append((line, before))
    return rows


def test_a_log_as_it_was_written_holds() -> None:
    rows = log(20)
    assert first_break(rows, mac) is None
    assert first_break(rows, mac, Head(20, rows[-1][1])) is None
    assert first_break([], mac) is None


@pytest.mark.parametrize(
    "forge",
    [
        lambda line: replace(line, reason="另有原因"),
        lambda line: replace(line, actor="s-2"),
        lambda line: replace(line, what="case:99"),
        lambda line: replace(line, deed=Deed.READ),
        lambda line: replace(line, at=line.at + timedelta(microseconds=1)),
        lambda line: replace(line, region="420100"),
        lambda line: replace(line, about={"field": "phone"}),
        lambda line: replace(line, about={}),
    ],
)
@given(at=st.integers(1, 12))
def test_a_changed_line_is_found_where_it_stands(forge: Callable[[Line], Line], at: int) -> None:
    rows = log(12)
    line, kept = rows[at - 1]
    rows[at - 1] = (forge(line), kept)
    found = first_break(rows, mac)
    assert found is not None
    assert found.seq == at


@given(at=st.integers(1, 11))
def test_a_removed_line_is_found(at: int) -> None:
    rows = log(12)
    del rows[at - 1]
    found = first_break(rows, mac)
    assert found is not None
    assert found.seq == at
    assert "不见了" in found.what


@given(keep=st.integers(0, 11))
def test_lines_cut_off_at_the_end_are_found_by_the_head(keep: int) -> None:
    rows = log(12)
    head = Head(12, rows[-1][1])
    assert first_break(rows[:keep], mac) is None
    found = first_break(rows[:keep], mac, head)
    assert found is not None
    assert found.seq == keep + 1


def test_two_lines_changed_places() -> None:
    rows = log(6)
    rows[2], rows[3] = rows[3], rows[2]
    found = first_break(rows, mac)
    assert found is not None
    assert found.seq == 3


def test_who_rewrites_all_of_it_without_the_key_is_found_at_the_first_line() -> None:
    forged = log(6, lambda data: hashlib.sha256(data).digest())
    found = first_break(forged, mac)
    assert found is not None
    assert found.seq == 1
