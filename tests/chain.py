"""A whole audit log held in memory, as the proofs of the chain ask for it."""

from __future__ import annotations

from collections.abc import Iterable

from bot.audit import Break, Head, Line, Mac, Reader


def first_break(rows: Iterable[tuple[Line, bytes]], mac: Mac, head: Head | None = None) -> Break | None:
    """The first place where the chain does not hold, reading from the first line; None when all is well."""
    reader = Reader(mac, head)
    for line, kept in rows:
        if broken := reader.read(line, kept):
            return broken
    return reader.end()
