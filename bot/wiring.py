"""Where everything is put together. Only entry points come here; everyone else is handed what they need."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from bot.calendar import WorkingDays
from bot.clock import SHANGHAI, Clock, SystemClock
from bot.desk.desk import Desk
from bot.desk.finding import Built, built_over, follow
from bot.desk.notices.files import read_routes
from bot.desk.notices.rules import Rules, read_quiet
from bot.desk.ports import Store
from bot.desk.publicity.meaning import OwnMeaning
from bot.errors import BadInput
from bot.hours import Hours
from bot.knowledge.files import read_folder
from bot.knowledge.keeper import EditionKeeper
from bot.knowledge.search.encoders import E5Encoder, Encoder, UseEncoder
from bot.knowledge.search.shared import SharedRows
from bot.regions import RegionTree
from bot.settings import Settings
from bot.store import Retention, Suite, migrate, open_keyring, open_store


@dataclass(frozen=True)
class House:
    """The parts an entry point works with."""

    settings: Settings
    store: Store
    clock: Clock
    regions: RegionTree
    encoders: Sequence[Encoder] = field(default_factory=lambda: (UseEncoder(), E5Encoder()))
    """The fast and the slow one, for phrasings and for questions; each opens its model when first used."""


@asynccontextmanager
async def open_house(
    settings: Settings, *, on: date | None = None, say: Callable[[str], None] = lambda line: None, ahead: bool = False
) -> AsyncIterator[House]:
    """A migrated, opened store with the keys and the division tree. `on`: work as if it were that day. `ahead`: see
    `bot.store.open_store`."""
    settings.house.mkdir(parents=True, exist_ok=True)
    keyring = await open_keyring(settings.database, settings.keys, settings.key_file, Suite(settings.cipher))
    await migrate(settings.database, say)
    keep = Retention(settings.draft_days, settings.archive_years)
    store = await open_store(settings.database, keyring, settings.subject_keys, keep, ahead)
    try:
        clock = SystemClock() if on is None else OtherDay(on)
        yield House(settings, store, clock, RegionTree.from_csv(Path(settings.content) / "regions.csv"))
    finally:
        await store.close()


class OtherDay:
    """The clock of another day, running: the service as it will be, or was."""

    def __init__(self, day: date) -> None:
        start = datetime.now(SHANGHAI)
        self._shift = datetime(day.year, day.month, day.day, start.hour, start.minute, tzinfo=SHANGHAI) - start

    def now(self) -> datetime:
        return SystemClock().now() + self._shift


async def built(house: House) -> Built:
    """Search over the edition in force, made before a process divides: what all of them need lies in memory once."""
    desk = await open_desk(house)
    return await built_over(desk.edition, house.store, house.encoders, shared=_shared(house))


def _shared(house: House) -> SharedRows:
    return SharedRows(house.settings.house / "vectors")


async def open_desk(house: House, *, search: bool = False, editing: bool = False, begun: Built | None = None) -> Desk:
    """A desk with the edition in force, and search over it where this process needs it. `editing`: people write answers
    here; encoders of their own are opened when the first of them needs one. `begun`: what `built` made."""
    shipped = await asyncio.to_thread(read_folder, Path(house.settings.content))
    keeper = EditionKeeper(house.store, house.regions, shipped.entries)
    finder = await follow(keeper, house.store, house.encoders, _shared(house), begun) if search else None
    await keeper.refresh()
    if not keeper.current.number:
        raise BadInput("no edition is published yet, so there is nothing to say; run: make content")
    calendar = WorkingDays.from_csv(Path(house.settings.content) / "calendar.csv")
    hours = Hours.from_csv(Path(house.settings.content) / "hours.csv")
    meaning = OwnMeaning(house.store, house.encoders) if editing else None
    routes = read_routes(Path(house.settings.notice_routes)) if house.settings.notice_routes else ()
    notices = Rules(routes, read_quiet(house.settings.notice_quiet))
    return Desk(
        house.store,
        house.clock,
        house.regions,
        keeper,
        finder,
        calendar=calendar,
        hours=hours,
        meaning=meaning,
        notices=notices,
    )


__all__ = ["Built", "House", "OtherDay", "built", "open_desk", "open_house"]
