"""The desk: what every door is handed. Each thing a person can do is one function beside this file, its first argument
a `Desk`; the store, the clock and the published edition are all it works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from bot.calendar import WorkingDays
from bot.clock import Clock, today
from bot.desk.notices.rules import Rules
from bot.desk.paper_ports import Photos
from bot.desk.ports import Finder, Store
from bot.desk.publicity_ports import Meaning
from bot.desk.silent_lines import SilentLines, answering
from bot.desk.speech_ports import Speech
from bot.hours import Hours
from bot.knowledge.contacts import Hotline
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
    speech: Speech | None = None
    """Only the gateway listens to voice messages, where a server writes them down; elsewhere one is met with words."""
    calendar: WorkingDays = field(default_factory=WorkingDays)
    """The days offices work; without a file only weekends are known, and no deadline is sure."""

    hours: Hours = field(default_factory=Hours)
    """When people answer, until an edition says it; without either somebody may be there at any time."""

    meaning: Meaning | None = None
    """Only the console searches where people edit; elsewhere nobody asks."""

    notices: Rules = field(default_factory=Rules)
    """The platforms' routes this office has, and its quiet hours; without any there are messages and calls."""

    lines: SilentLines = field(default_factory=SilentLines)
    """Telephone lines that nobody answered lately; only a process that runs `silent_lines.keep_up` knows any."""

    as_of: Callable[[], date | None] = lambda: None
    """The day questions are answered for; None: today. Only the simulated platform ever names another one."""

    def staffed(self, region: str) -> bool:
        """Whether the people of a place are there now."""
        return self.service_hours.open(self.clock.now(), self.edition.chain(region), self.calendar)

    @property
    def service_hours(self) -> Hours:
        """As published; a file's only where no edition holds any yet."""
        return self.edition.hours if self.edition.hours.weeks else self.hours

    @property
    def edition(self) -> Edition:
        return self.editions.current

    def hotlines(self, region: str, need: str = "") -> tuple[Hotline, ...]:
        """The published lines for a need that somebody answers, the most local first."""
        return answering(self.edition, self.lines, self.regions, region, need)

    def today(self) -> date:
        return today(self.clock)
