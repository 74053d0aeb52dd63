"""The desk: what every door is handed. Each thing a person can do is one function beside this file, its first argument
a `Desk`; the store, the clock and the published edition are all it works with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from bot.calendar import WorkingDays
from bot.clock import Clock, today
from bot.desk.paper_ports import Photos
from bot.desk.ports import Finder, Store
from bot.hours import Hours
from bot.knowledge.edition import Edition
from bot.knowledge.keeper import EditionKeeper
from bot.regions import RegionTree


@dataclass(frozen=True)
class Desk:
    store: Store
    clock: Clock
    regions: RegionTree
    editions: EditionKeeper
    finder: Finder | None = None
    """Only the process that owns the encoders can search; the others never ask."""
    photos: Photos | None = None
    """Only the gateway fetches pictures; elsewhere one is met with words."""
    calendar: WorkingDays = field(default_factory=WorkingDays)
    """The days offices work; without a file only weekends are known, and no deadline is sure."""

    hours: Hours = field(default_factory=Hours)
    """When people answer; without a file somebody may be there at any time."""

    def staffed(self, region: str) -> bool:
        """Whether the people of a place are there now."""
        return self.hours.open(self.clock.now(), self.edition.chain(region), self.calendar)

    @property
    def edition(self) -> Edition:
        return self.editions.current

    def today(self) -> date:
        return today(self.clock)
