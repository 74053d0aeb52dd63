"""An office with people who supervise it, and what they are told."""

from __future__ import annotations

from collections.abc import Sequence

from bot.audit import Deed, Line
from bot.desk.desk import Desk
from bot.desk.supervising_ports import Escalation
from bot.staff import Role, Staff
from tests.desk.handoff.conftest import clock, desk, engine, office, officer, regions

__all__ = ["clock", "desk", "engine", "office", "regions"]

DISTRICT, CITY, PROVINCE = "420111", "420100", "420000"


async def supervisor(desk: Desk, login: str, region: str) -> Staff:
    return await officer(desk, login, f"{login}主管", Role.SUPERVISOR, region)


async def told(desk: Desk) -> Sequence[Escalation]:
    """What is open, of everywhere."""
    async with desk.store.reading() as work:
        return await work.supervising.open(("000000",), 1000)


async def lines(desk: Desk, did: str) -> list[Line]:
    async with desk.store.reading() as work:
        return [
            line
            async for line, _ in work.audit.lines()
            if line.deed in (Deed.CHANGE, Deed.MOVE, Deed.EXPORT) and line.about.get("did") == did
        ]
