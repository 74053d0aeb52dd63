"""The service as it will be: the published edition with what is approved for a day by then, and with drafts somebody tries.
No resident meets it; only the vectors of the wordings are kept, for the day they are handed over."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from bot.desk.desk import Desk
from bot.desk.publicity.checking import would_be
from bot.desk.publicity.editions import edition_of, meaning_of
from bot.desk.publicity.entries import wordings_of
from bot.desk.publicity.theirs import READ, needs, needs_place
from bot.desk.publicity_ports import OPEN, Proposal, State
from bot.errors import BadInput
from bot.knowledge.edition import Edition
from bot.knowledge.problems import Refused
from bot.knowledge.workbook.plainly import plainly
from bot.staff import Staff, covers

MOST = 60
"""Drafts offered to be tried, the newest first."""


@dataclass(frozen=True, slots=True)
class Ahead:
    edition: Edition
    due: tuple[Proposal, ...]
    """What will have been published by that day."""
    tried: tuple[Proposal, ...]
    """What was asked for besides."""

    @property
    def differs(self) -> bool:
        return bool(self.due or self.tried)


async def open_to_try(desk: Desk, staff: Staff) -> list[Proposal]:
    """What somebody may try: all that is not published yet in their places."""
    needs(staff, READ)
    async with desk.store.reading() as work:
        found = await work.proposals.list(OPEN, limit=2000)
    return [one for one in found if covers(staff, one.region, desk.regions)][:MOST]


async def as_it_will_be(desk: Desk, staff: Staff, day: date, drafts: Collection[str] = ()) -> Ahead:
    """Raises BadInput for a draft that cannot be read yet, NotYours for another place's."""
    needs(staff, READ)
    async with desk.store.reading() as work:
        head = await work.editions.head()
        tried = await work.proposals.several(drafts) if drafts else ()
        scheduled = await work.proposals.list([State.SCHEDULED], limit=2000)
        due = [one for one in scheduled if one.publish_on and one.publish_on <= day and one.id not in drafts]
        entries = await work.editions.read(head) if (due or tried) and head else ()
    for one in tried:
        needs_place(desk, staff, one.region)
        if one.state not in OPEN:
            raise BadInput(f"“{one.called}”已经办完了，不用再算上")
    if not (due or tried):
        return Ahead(desk.edition, (), ())
    together = [*due, *tried]
    # Before the index is built: what nobody submitted has no vectors yet.
    await meaning_of(desk).keep([text for one in together for text in wordings_of(one)])
    try:
        made = await edition_of(desk, head, would_be(entries, together))
    except Refused as unfinished:
        first = unfinished.problems[0]
        raise BadInput(f"草稿还没写完，不能试问：{plainly(first.what)}；{plainly(first.todo)}") from unfinished
    return Ahead(made, tuple(due), tuple(tried))
