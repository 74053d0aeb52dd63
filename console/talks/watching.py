"""Who looks at which conversation now, so that two colleagues do not write to one resident at once. Kept in this process
alone, and forgotten with it: nobody's work is recorded by it."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from bot.staff import Staff

_SECONDS = 60
"""How long somebody who opened a page counts as looking at it; a live page says again and again that it is."""


class Watchers:
    def __init__(self) -> None:
        self._seen: dict[str, dict[str, tuple[str, datetime]]] = defaultdict(dict)

    def looks(self, staff: Staff, conversation: str, now: datetime, seconds: float = _SECONDS) -> None:
        self._seen[conversation][staff.id] = (staff.name, now + timedelta(seconds=seconds))

    def left(self, staff: Staff, conversation: str) -> None:
        self._seen.get(conversation, {}).pop(staff.id, None)

    def others(self, staff: Staff, conversation: str, now: datetime) -> list[str]:
        """The names of colleagues who look at it too."""
        looking = self._seen.get(conversation)
        if not looking:
            return []
        for one in [one for one, (_, until) in looking.items() if until <= now]:
            del looking[one]
        if not looking:
            del self._seen[conversation]
        return sorted(name for one, (name, _) in looking.items() if one != staff.id)
