"""What was done to the content in some days: how often something was published, and how much of each kind was added, changed
or taken away."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from bot.clock import SHANGHAI
from bot.desk.ports import Work
from bot.knowledge import entry as kinds
from bot.knowledge.difference import How, difference

_TOLD = (
    kinds.ANSWER,
    kinds.STANDARD,
    kinds.SUBSIDY,
    kinds.HOTLINE,
    kinds.OFFICE,
    kinds.HOURS,
    kinds.DOCUMENT,
    kinds.STOP,
)


@dataclass(frozen=True, slots=True)
class Maintained:
    editions: int
    rows: tuple[tuple[str, int, int, int], ...]
    """Kind as people call it, added, changed, taken away; only what was touched."""


async def maintained(work: Work, first: date, last: date) -> Maintained:
    """The very first edition replaces nothing: it counts as published, and its entries as nobody's change."""
    made = [one for one in await work.editions.list() if first <= one.published_at.astimezone(SHANGHAI).date() <= last]
    changed = [one for one in made if one.base]
    if not changed:
        return Maintained(len(made), ())
    before, after = await work.editions.read(changed[0].base), await work.editions.read(changed[-1].number)
    count = Counter((one.kind, one.how) for one in difference(before, after))
    rows = [
        (kinds.CALLED[kind], count[kind, How.ADDED], count[kind, How.CHANGED], count[kind, How.REMOVED])
        for kind in _TOLD
    ]
    return Maintained(len(made), tuple(row for row in rows if any(row[1:])))
