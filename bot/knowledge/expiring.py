"""What ends soon, and what stands on a document that ends: told 30, 7 and 1 days before, so that nothing dies unseen. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from bot.knowledge import entry as kinds
from bot.knowledge.content import Content
from bot.knowledge.documents import Standing
from bot.knowledge.impact import Citation, impacts

STEPS = (1, 7, 30)
"""Days before an end at which it is told again."""
_BACK = timedelta(days=30)
"""What ended so long ago at the most is still shown: somebody should have said what comes after."""


@dataclass(frozen=True, slots=True)
class Ending:
    """One entry with a last day."""

    kind: str
    key: str
    title: str
    region: str
    last: date
    days: int
    """Until it ends; negative: it ended."""
    hangs: tuple[Citation, ...] = ()
    """For a document: what has no footing after that day."""

    @property
    def step(self) -> int:
        """30, 7, 1, or 0 when it is over."""
        return 0 if self.days < 0 else next(step for step in STEPS if self.days <= step)


def endings(content: Content, day: date) -> tuple[Ending, ...]:
    """Everything that ends within 30 days or ended in the last 30, the most pressing first. A document that ended counts
    for as long as anything stands on it."""
    found = [
        Ending(kinds.ANSWER, key, one.title, one.scope.region, one.scope.last, (one.scope.last - day).days)
        for key, one in content.answers.items()
        if one.scope.last
    ]
    found += [
        Ending(kinds.STANDARD, key, f"{row.region_name}{row.area} 标准", row.region, row.last, (row.last - day).days)
        for key, row in content.standards.items()
        if row.last and not _followed(content, key)
    ]
    until = day + timedelta(days=STEPS[-1])
    soon = [one for one in found if day - _BACK <= one.last <= until]
    ends = {key: one.last for key, one in content.documents.items() if one.last and one.last <= until}
    soon += [
        Ending(kinds.DOCUMENT, key, content.documents[key].title, "000000", ends[key], (ends[key] - day).days, hangs)
        for key, hangs in impacts(content, ends).items()
        if hangs
    ]
    return tuple(sorted(soon, key=lambda one: (one.last, one.kind, one.key)))


def dead(content: Content, day: date) -> tuple[Citation, ...]:
    """What stands today on a document without force: it cannot stay without a decision."""
    ends = {key: day for key, document in content.documents.items() if document.standing(day) is Standing.REPEALED}
    return tuple(dict.fromkeys(chain.from_iterable(impacts(content, ends).values())))


def _followed(content: Content, key: str) -> bool:
    """Whether a later standard takes over: an old row that ended has a successor, and nobody needs to be told."""
    row = content.standards[key]
    return any(
        (one.region, one.programme, one.area) == (row.region, row.programme, row.area)
        and (one.last is None or (row.last is not None and one.last > row.last))
        for other, one in content.standards.items()
        if other != key
    )
