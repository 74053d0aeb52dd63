"""The audit log's chain: every line carries a keyed hash over itself and the line before it. Pure.

Who changes, removes or inserts a line breaks the chain at that place, and without the key nobody can mend it. Lines cut off
at the end are found by the head, which is kept apart from the log.

A line names people by pseudonym only: it says that a number was looked at, never the number.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

FIRST = b""
"""What stands in for the hash before the first line."""

Mac = Callable[[bytes], bytes]
"""A keyed hash."""


class Deed(StrEnum):
    """What was done. Reading personal data is a deed as well as changing it."""

    SIGN_IN = "sign_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGN_OUT = "sign_out"
    ACCOUNT = "account"
    ROLE = "role"
    READ = "read"
    REVEAL = "reveal"
    SEARCH = "search"
    EXPORT = "export"
    MOVE = "move"
    CHANGE = "change"
    REPLY = "reply"
    CLAIM = "claim"
    PUBLISH = "publish"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Line:
    """One deed. `seq` counts from 1 without a gap."""

    seq: int
    at: datetime
    actor: str
    """A staff id, `system`, or `cli:<name>`."""
    deed: Deed
    what: str
    """On which thing: conversation:…, case:…, person:…, answer:…, staff:…"""
    region: str = ""
    reason: str = ""
    """Why, where a reason is asked for. Written by staff: the form asks them to name nobody."""
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Head:
    """How far the log goes; kept apart from it."""

    seq: int
    mac: bytes


@dataclass(frozen=True, slots=True)
class Break:
    """Where a log stops being what was written."""

    seq: int
    what: str
    """In words, for the auditor."""


def link(line: Line, before: bytes, mac: Mac) -> bytes:
    """The keyed hash that goes with a line; `before` is that of the line before it."""
    return mac(before + b"|" + _canonical(line))


def first_break(rows: Iterable[tuple[Line, bytes]], mac: Mac, head: Head | None = None) -> Break | None:
    """The first place where the chain does not hold, reading from the first line; None when all is well.

    `head`: what was last known of the log; lines missing at its end are then found too."""
    before, seq = FIRST, 0
    for line, kept in rows:
        if line.seq != seq + 1:
            return Break(seq + 1, f"第{seq + 1}条不见了，后面是第{line.seq}条")
        if not hmac.compare_digest(link(line, before, mac), kept):
            return Break(line.seq, f"第{line.seq}条被改过，或前面的被换过")
        before, seq = kept, line.seq
        if head and head.seq == seq and not hmac.compare_digest(head.mac, kept):
            return Break(seq, f"第{seq}条和另外保存的校验值不同")
    if head and head.seq > seq:
        return Break(seq + 1, f"第{seq + 1}条到第{head.seq}条不见了")
    return None


def _canonical(line: Line) -> bytes:
    told = {
        "seq": line.seq,
        "at": line.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": line.actor,
        "deed": str(line.deed),
        "what": line.what,
        "region": line.region,
        "reason": line.reason,
        "about": dict(line.about),
    }
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
