"""Back to an earlier text: of one entry, or of a whole edition. What is gone back to was approved by two people before;
whether it still holds is checked as for any publication."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.audit import Deed
from bot.desk.desk import Desk
from bot.desk.publicity import in_words
from bot.desk.publicity.publishing import allowed, keep_accepted, next_edition
from bot.desk.publicity.theirs import APPROVE, READ, needs, needs_place, region_for
from bot.errors import BadInput, Conflict
from bot.knowledge.applying import Change, applied, entry_digest
from bot.knowledge.entry import FILE, PROTECTED, STOP, Entry, shelf_of
from bot.knowledge.fields import NATION
from bot.staff import Staff

LASTING = (STOP, PROTECTED)
"""Going back to an old edition lifts no stop and forgets no protected question: these have their own ways."""


@dataclass(frozen=True, slots=True)
class Version:
    """An entry as it was from one edition on; `data` None: it was not there."""

    edition: int
    at: datetime
    actor: str
    note: str
    data: Mapping[str, Any] | None


async def history(desk: Desk, staff: Staff, kind: str, key: str) -> Sequence[Version]:
    """Every text an entry ever had, the newest first."""
    needs(staff, READ)
    async with desk.store.reading() as work:
        infos = await work.editions.list()
        held = {number: entry.data for number, entry in await work.editions.held(kind, key)}
    found: list[Version] = []
    before = None
    for info in infos:
        data = held.get(info.number)
        if data != before:
            found.append(Version(info.number, info.published_at, info.actor, info.note, data))
        before = data
    return found[::-1]


async def one(
    desk: Desk, staff: Staff, kind: str, key: str, number: int, why: str, accepted: Collection[str] = ()
) -> int:
    """An entry is again as edition `number` had it; the new edition. Raises Refused, NotAccepted, Conflict."""
    needs(staff, APPROVE)
    if kind in (FILE, STOP):
        raise BadInput("停用要用“恢复”，不能退回")
    async with desk.store.reading() as work:
        head = await work.editions.head()
        entries = await work.editions.read(head)
        old = shelf_of(await work.editions.read(number)).get((kind, key))
        busy = await work.proposals.open_for(kind, key)
    now = shelf_of(entries).get((kind, key))
    if entry_digest(now) == entry_digest(old):
        raise BadInput(f"第{number}版里它和现在的一样，不用退回")
    for data in (now, old):
        if data is not None:
            needs_place(desk, staff, region_for(desk, kind, data))
    made = applied(entries, [Change(kind, key, old)])
    note = f"“{in_words.title(desk, kind, key, now or old)}”退回第{number}版" + (
        f"：{why.strip()}" if why.strip() else ""
    )
    region = region_for(desk, kind, old or now or {})
    made_number = await _put(desk, staff, head, entries, made, {key}, note, f"{kind}:{key}", region, why, accepted)
    if busy is not None:
        async with desk.store.writing() as work:
            await work.proposals.say(busy.id, "moved", str(made_number), staff.id, desk.clock.now())
            await work.commit()
    return made_number


async def whole(desk: Desk, staff: Staff, number: int, why: str, accepted: Collection[str] = ()) -> int:
    """All is again as edition `number` had it, but for stops and protected questions. By somebody of the whole nation."""
    needs(staff, APPROVE)
    needs_place(desk, staff, NATION)
    async with desk.store.reading() as work:
        head = await work.editions.head()
        if number == head:
            raise BadInput(f"第{number}版就是现在用的这一版")
        entries, old = await work.editions.read(head), await work.editions.read(number)
    made = with_lasting(old, entries)
    before, after = shelf_of(entries), shelf_of(made)
    touched = {key for (kind, key) in before.keys() | after.keys() if before.get((kind, key)) != after.get((kind, key))}
    if not touched:
        raise BadInput(f"第{number}版和现在的一样，不用退回")
    note = f"退回第{number}版" + (f"：{why.strip()}" if why.strip() else "")
    return await _put(desk, staff, head, entries, made, touched, note, f"edition:{number}", "", why, accepted)


def with_lasting(old: Sequence[Entry], now: Sequence[Entry]) -> list[Entry]:
    """The entries of an old edition with the stops and protected questions of today."""
    lasting = [entry for entry in now if entry.kind in LASTING]
    kept = shelf_of(lasting)
    gone = [entry for entry in old if entry.kind in LASTING and (entry.kind, entry.key) not in kept]
    changes = [
        *(Change(entry.kind, entry.key, None) for entry in gone),
        *(Change(entry.kind, entry.key, entry.data) for entry in lasting),
    ]
    return applied(old, changes)


async def _put(
    desk: Desk,
    staff: Staff,
    head: int,
    entries: Sequence[Entry],
    made: Sequence[Entry],
    keys: Collection[str],
    note: str,
    what: str,
    region: str,
    why: str,
    accepted: Collection[str],
) -> int:
    if not 2 <= len(why.strip()) <= 200:
        raise BadInput("请写明为什么退回，2到200字，会记进审计")
    changed = await allowed(desk, head, entries, made, keys, accepted)
    async with desk.store.writing() as work:
        if await work.editions.head() != head:
            raise Conflict("别人刚刚发布了新的一版，这次没有退回；请重新看一遍")
        number, now = await next_edition(work, made, head, staff.id, note, desk), desk.clock.now()
        about = {"edition": number, "step": "went back"}
        await work.audit.add(staff.id, Deed.PUBLISH, what, now, region=region, reason=why.strip(), about=about)
        await keep_accepted(work, number, changed, staff.id, now)
        await work.commit()
    return number
