"""What comes as files and not as proposals: it too needs a second person, and the protected questions are asked."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.clock import today
from bot.desk.desk import Desk
from bot.desk.library import Library
from bot.desk.publicity.meaning import OwnMeaning
from bot.desk.publicity.protecting import Changed, changes
from bot.desk.publicity.publishing import NotAccepted
from bot.errors import NotYours
from bot.knowledge.check import check_entries
from bot.knowledge.edition import Edition
from bot.knowledge.entry import PROTECTED
from bot.knowledge.keeper import EditionKeeper


async def looked_at(library: Library, actor: str, accepted: Collection[str]) -> Sequence[Changed]:
    """The two-person rule and the protected questions, for what comes as files. The first edition replaces nothing."""
    async with library.store.reading() as work:
        draft, by = await work.editions.draft(), await work.editions.drafted_by()
        head = await work.editions.head()
        before = await work.editions.read(head) if head else ()
    if draft is None or not draft[0]:
        return ()
    if by == actor:
        raise NotYours("这份草稿是您自己读入的，要由另一位同事看过再发布")
    after = draft[2]
    if draft[0] != head or all(entry.kind != PROTECTED for entry in (*before, *after)):
        return ()
    check_entries(after, library.regions, today(library.clock)).refuse()
    # What the edition in force lacks of the program's own words stands in these files: with them residents hear it.
    old = await EditionKeeper(library.store, library.regions, after).made(head, before)
    new = Edition(head + 1, after, library.regions)
    keeper = EditionKeeper.fixed(library.store, library.regions, old)
    meaning = OwnMeaning(library.store, library.encoders)
    desk = Desk(library.store, library.clock, library.regions, keeper, meaning=meaning)
    changed = await changes(desk, old, new, today(library.clock))
    if left := [one for one in changed if one.id not in accepted]:
        raise NotAccepted(left)
    return changed
