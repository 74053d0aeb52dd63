"""A desk over an edition that is not published: asked the same way, by the same code, as the service itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.desk.desk import Desk
from bot.desk.publicity_ports import Meaning
from bot.errors import BadInput
from bot.knowledge.edition import Edition
from bot.knowledge.entry import Entry
from bot.knowledge.keeper import EditionKeeper


async def edition_of(desk: Desk, number: int, entries: Iterable[Entry]) -> Edition:
    """As it would be in force: what it lacks of the program's own words is said as it ships."""
    return await desk.editions.made(number, tuple(entries))


async def desk_over(desk: Desk, edition: Edition) -> Desk:
    """As the service will be. Raises BadInput where this process cannot search by meaning."""
    seeker = await meaning_of(desk).over(edition)
    return replace(desk, editions=EditionKeeper.fixed(desk.store, desk.regions, edition), finder=seeker)


def meaning_of(desk: Desk) -> Meaning:
    if desk.meaning is None:
        raise BadInput("这个进程不能按意思查找；请在工作台里试问和发布")
    return desk.meaning
