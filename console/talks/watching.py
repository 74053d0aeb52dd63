"""Who looks at which conversation now, and who writes in it, so that two colleagues do not write to one resident at once. Kept
in this process alone, and forgotten with it: nobody's work is recorded by it."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from bot.staff import Staff

_SECONDS = 60
"""How long somebody who opened a page counts as looking at it; a live page says again and again that it is."""
_WRITES = 8
"""Seconds after the last key was pressed."""
_OPENED = timedelta(hours=1)
"""How long an opening that stands in the audit log covers the looks of the page that was opened."""
_MOST = 5_000

_Seen = dict[str, dict[str, tuple[str, datetime]]]


class Watchers:
    def __init__(self) -> None:
        self._seen: _Seen = defaultdict(dict)
        self._writing: _Seen = defaultdict(dict)

    def looks(self, staff: Staff, conversation: str, now: datetime, seconds: float = _SECONDS) -> None:
        self._seen[conversation][staff.id] = (staff.name, now + timedelta(seconds=seconds))

    def left(self, staff: Staff, conversation: str) -> None:
        self._seen.get(conversation, {}).pop(staff.id, None)
        self.stops(staff, conversation)

    def writes(self, staff: Staff, conversation: str, now: datetime) -> None:
        self._writing[conversation][staff.id] = (staff.name, now + timedelta(seconds=_WRITES))

    def stops(self, staff: Staff, conversation: str) -> None:
        self._writing.get(conversation, {}).pop(staff.id, None)

    def others(self, staff: Staff, conversation: str, now: datetime) -> list[str]:
        """The names of colleagues who look at it too."""
        return _names(self._seen, staff, conversation, now)

    def writing(self, staff: Staff, conversation: str, now: datetime) -> list[str]:
        """The names of colleagues who are writing to the resident this moment."""
        return _names(self._writing, staff, conversation, now)


class Openings:
    """Which session opened which conversation lately, with a line in the audit log: the page that is open may look again and
    again without a line each time. Who only says that their page is open gets a line like everybody."""

    def __init__(self) -> None:
        self._opened: dict[tuple[str, str], datetime] = {}

    def opened(self, session: str, conversation: str, now: datetime) -> None:
        if len(self._opened) >= _MOST:
            self._opened = {key: at for key, at in self._opened.items() if now - at < _OPENED}
        self._opened[session, conversation] = now

    def is_open(self, session: str, conversation: str, now: datetime) -> bool:
        at = self._opened.get((session, conversation))
        return at is not None and now - at < _OPENED


def _names(seen: _Seen, staff: Staff, conversation: str, now: datetime) -> list[str]:
    here = seen.get(conversation)
    if not here:
        return []
    for one in [one for one, (_, until) in here.items() if until <= now]:
        del here[one]
    if not here:
        del seen[conversation]
    return sorted(name for one, (name, _) in here.items() if one != staff.id)
