"""Find conversations by what stands in clear: a label, a place, why they were handed over, the day. Never over decrypted words;
a number is looked for by its keyed hash (`bot.desk.staff.searching`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from bot.audit import Deed
from bot.clock import SHANGHAI
from bot.desk.desk import Desk
from bot.desk.handoff.queue import REASONS, masked_rows
from bot.desk.handoff.records import Row
from bot.desk.handoff_ports import Sought, Word
from bot.errors import NotYours
from bot.staff import Staff, may

_DAY = re.compile(r"(?:(\d{4})[-年./])?(\d{1,2})[-月./](\d{1,2})日?")
_MOST_WORDS = 5


async def find(desk: Desk, staff: Staff, said: str, limit: int) -> Sequence[Row]:
    """Those that fit every word, the newest first, however many there are; of the officer's places only."""
    if not may(staff, "conversations.read"):
        raise NotYours("您的账号不能做这件事。")
    sought, now = read(desk, said), desk.clock.now()
    async with desk.store.writing() as work:
        talks = await work.talks.search(staff.id, staff.regions, sought, limit)
        rows = await masked_rows(desk, work, talks, now)
        by = [name for name, there in (("word", sought.words), ("day", sought.since)) if there]
        about = {"by": "+".join(by), "found": len(rows)}
        await work.audit.add(staff.id, Deed.SEARCH, "conversations", now, about=about)
        await work.commit()
    return rows


def read(desk: Desk, said: str) -> Sought:
    """洪山区 急用药 11月20日: a place, a label and a day."""
    since: datetime | None = None
    words: list[Word] = []
    for part in said.split()[:_MOST_WORDS]:
        day = _day(part, desk.today())
        if day is not None and since is None:
            since = datetime.combine(day, time(), SHANGHAI)
            continue
        named = desk.regions.find(part)
        whole = len(named) == 1 and named[0].text == part
        places = tuple(region.code for region in named[0].candidates) if whole else ()
        reasons = tuple(reason for reason, why in REASONS.items() if part in why)
        words.append(Word(part, places, reasons))
    return Sought(tuple(words), since, since + timedelta(days=1) if since else None)


def _day(said: str, today: date) -> date | None:
    match = _DAY.fullmatch(said)
    if match is None:
        return None
    try:
        day = date(int(match[1] or today.year), int(match[2]), int(match[3]))
        # Without a year it is the last one there was.
        return day if match[1] or day <= today else day.replace(year=day.year - 1)
    except ValueError:
        return None
