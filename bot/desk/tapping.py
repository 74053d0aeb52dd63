"""Which option of which of our messages was tapped."""

from __future__ import annotations

from collections.abc import Iterable

from bot.desk.ports import Message


def tapped(message: Message, rows: Iterable[Message]) -> tuple[Message, int] | None:
    """The one of `rows` that had it, and its index among the choices; None: nothing was tapped, or in none of these."""
    seq, _, number = str(message.about.get("choice", "")).partition("-")
    if not number.isdigit():
        return None
    asked = next((row for row in rows if str(row.seq) == seq and 1 <= int(number) <= len(row.choices)), None)
    return None if asked is None else (asked, int(number) - 1)
