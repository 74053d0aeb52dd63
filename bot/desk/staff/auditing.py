"""Read the audit log, and prove that nobody changed it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.audit import Break, Head, Line, Reader
from bot.desk.desk import Desk


@dataclass(frozen=True, slots=True)
class Verified:
    """`head` is what the auditor writes down, so that lines cut off later are found."""

    lines: int
    head: Head | None
    broken: Break | None


@dataclass(frozen=True, slots=True)
class Page:
    lines: Sequence[Line]
    names: dict[str, str]
    """Account id → name."""
    before: int
    """Where the page before this one begins; -1: there is none."""
    after: int
    """Where the next one begins; -1: there is none."""


async def verify(desk: Desk, known: Head | None = None) -> Verified:
    """Read the whole chain. `known`: a head the auditor wrote down; the one kept beside the log is always asked."""
    async with desk.store.reading() as work:
        # The head first: what is written meanwhile may only make the log longer than it.
        head = await work.audit.head()
        reader = Reader(work.audit.mac, head, known, base=await work.audit.base())
        async for line, kept in work.audit.lines():
            if broken := reader.read(line, kept):
                return Verified(reader.seq - reader.begins, head, broken)
    return Verified(reader.seq - reader.begins, head, reader.end())


async def page(desk: Desk, after: int | None, size: int) -> Page:
    """Lines after a number; without one, the newest."""
    async with desk.store.reading() as work:
        head = await work.audit.head()
        newest = head.seq if head else 0
        start = max(0, newest - size) if after is None else after
        lines: list[Line] = []
        async for line, _ in work.audit.lines(start):
            lines.append(line)
            if len(lines) == size:
                break
        names = {staff.id: staff.name for staff in await work.staff.list()}
    last = lines[-1].seq if lines else start
    return Page(lines, names, max(0, start - size) if start else -1, last if last < newest else -1)
