"""The audit log's chain: every line carries a keyed hash over itself and the line before it. Pure.

Who changes, removes or inserts a line breaks the chain at that place, and without the key nobody can mend it. Lines cut off
at the end are found by the head, which is kept apart from the log.

A line names people by pseudonym only: it says that a number was looked at, never the number.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from bot.errors import BadInput

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
    PURGED = "purged"
    """Lines at the beginning of the log whose time was over were removed; `about` says up to which one."""
    UNREADABLE = "unreadable"
    """What stands for a row that is no line any more: never written, and no hash fits it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One deed. `seq` counts from 1 without a gap."""

    seq: int
    at: datetime
    actor: str
    """A staff id, `system`, `resident`, `cli:<name>`, or `office:<key>`."""
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

    @classmethod
    def read(cls, written: str) -> Head:
        """Raises BadInput for what is not `NUMBER:64 hex digits`."""
        match = re.fullmatch(r"(\d{1,18}):([0-9a-f]{64})", written.strip().lower(), re.ASCII)
        if match is None:
            raise BadInput(f"{written[:80]!r} is no head; write it as it was printed, NUMBER:64 hex digits")
        return cls(int(match[1]), bytes.fromhex(match[2]))

    def __str__(self) -> str:
        return f"{self.seq}:{self.mac.hex()}"


@dataclass(frozen=True, slots=True)
class Break:
    """Where a log stops being what was written."""

    seq: int
    what: str
    """In words, for the auditor."""


def link(line: Line, before: bytes, mac: Mac) -> bytes:
    """The keyed hash that goes with a line; `before` is that of the line before it."""
    return mac(before + b"|" + _canonical(line))


class Reader:
    """Reads a log line by line, of whatever length, and says where it stops being what was written.

    `heads`: what was known of the log at some time; lines missing at its end are then found too. `base`: the last line that
    was removed at its beginning; the log itself must say so."""

    def __init__(self, mac: Mac, *heads: Head | None, base: Head | None = None) -> None:
        self._mac, self._base = mac, base
        self.begins = base.seq if base else 0
        self._heads = [head for head in heads if head and head.seq > self.begins]
        self._before = base.mac if base else FIRST
        self._told = ""
        self.seq = self.begins

    def read(self, line: Line, kept: bytes) -> Break | None:
        """What is wrong with the next line; after the first break the rest tells nothing."""
        if line.seq != self.seq + 1:
            return Break(self.seq + 1, f"第{self.seq + 1}条不见了，后面是第{line.seq}条")
        if not hmac.compare_digest(link(line, self._before, self._mac), kept):
            return Break(line.seq, f"第{line.seq}条被改过，或前面的被换过")
        self._before, self.seq = kept, line.seq
        if line.deed is Deed.PURGED:
            self._told = str(line.about.get("until", ""))
        if any(head.seq == self.seq and not hmac.compare_digest(head.mac, kept) for head in self._heads):
            return Break(self.seq, f"第{self.seq}条和另外保存的校验值不同")
        return None

    def end(self) -> Break | None:
        """What is missing behind the last line, or before the first."""
        if self._told != (str(self._base) if self._base else ""):
            return Break(self.begins + 1, f"第{self.begins + 1}条以前的不是按期清理的")
        last = max((head.seq for head in self._heads), default=0)
        return Break(self.seq + 1, f"第{self.seq + 1}条到第{last}条不见了") if last > self.seq else None


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
