"""Published telephone lines that nobody answers: marked by whoever tried them, and passed over where others can be given.

Two who tried within seven days are enough, in the same city for a line that is everywhere. Lines for danger are never passed
over. Each process keeps what the database says in memory, as it does the edition: the words to a resident wait for nothing.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Collection, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from bot.clock import Clock
from bot.desk.officer_ports import LineReport, LineReports
from bot.knowledge.contacts import Hotline
from bot.knowledge.edition import Edition
from bot.knowledge.fields import NATION
from bot.knowledge.keeper import EditionKeeper
from bot.regions import RegionTree, UnknownRegion

WITHIN = timedelta(days=7)
ENOUGH = 2
EVERY = 15.0
"""Seconds between two looks."""
_CITY = 2
_NEVER = frozenset({"danger", "violence", "illness", "fire", "traffic", "mind"})
"""Needs whose lines are always given."""
_TRIED = re.compile(
    r"(?<!\d)(0\d{2,3}-?\d{7,8}|\d{7,8}|1\d{4})(?!\d).{0,12}?(?:没人接|没有人接|无人接|打不通|打不进|接不通|不通|空号|停机|一直占线|老占线|总占线|不接电话|没人理)"
)

_log = logging.getLogger(__name__)


class _Work(Protocol):
    @property
    def line_reports(self) -> LineReports: ...


class _Store(Protocol):
    def reading(self) -> AbstractAsyncContextManager[_Work]: ...


class _Desk(Protocol):
    @property
    def store(self) -> _Store: ...

    @property
    def clock(self) -> Clock: ...

    @property
    def editions(self) -> EditionKeeper: ...

    @property
    def lines(self) -> SilentLines: ...


@dataclass
class SilentLines:
    """What this process knows of them."""

    reports: Sequence[LineReport] = field(default_factory=tuple)

    def silent(self, line: Hotline, region: str, regions: RegionTree) -> bool:
        """Whether it is passed over for somebody of this place."""
        if _NEVER & set(line.needs):
            return False
        here = _city(region, regions)
        tried = {
            one.actor
            for one in self.reports
            if one.hotline == line.id
            and one.number == line.number
            and (line.region != NATION or (here and _city(one.region, regions) == here))
        }
        return len(tried) >= ENOUGH


def answering(
    edition: Edition, lines: SilentLines, regions: RegionTree, region: str, need: str = ""
) -> tuple[Hotline, ...]:
    """The published lines for a need, without those nobody answers here; the most local first."""
    return tuple(one for one in edition.hotlines(region, need) if not lines.silent(one, region, regions))


def tried(text: str, published: Collection[Hotline]) -> Hotline | None:
    """12349没人接: the published line somebody says was not answered."""
    match = _TRIED.search(text[:200])
    if match is None:
        return None
    said = match[1].replace("-", "")
    return next((one for one in published if one.number.replace("-", "") == said), None)


async def refresh(desk: _Desk) -> None:
    since = desk.clock.now() - WITHIN
    async with desk.store.reading() as work:
        desk.lines.reports = tuple(await work.line_reports.since(since))


async def keep_up(desk: _Desk, every: float = EVERY) -> None:
    """The edition in force and the lines nobody answers, for ever: each process runs this once."""
    editions = asyncio.create_task(desk.editions.run())
    try:
        while True:
            try:
                await refresh(desk)
            except Exception as trouble:  # a store that is away is asked again; what is known stays
                _log.warning("lines nobody answers could not be read: %s", type(trouble).__name__)
            await asyncio.sleep(every)
    finally:
        editions.cancel()
        await asyncio.gather(editions, return_exceptions=True)


def _city(region: str, regions: RegionTree) -> str:
    """The city a place lies in; a whole province or nation is no place to try a line for."""
    try:
        return next((one.code for one in regions.chain(region) if one.level == _CITY), "") if region else ""
    except UnknownRegion:
        return ""
