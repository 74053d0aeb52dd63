"""From approved proposals to a new edition: one transaction, after the check and after the protected questions.

Also the three ways that need one person only, because every minute counts or the text was approved before: stop an answer,
lift a stop, go back to an earlier text. They are in `stopping` and `going_back` and share `put_out` here.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from weakref import WeakKeyDictionary

from bot.audit import Deed
from bot.desk.desk import Desk
from bot.desk.ports import Work
from bot.desk.publicity import protecting
from bot.desk.publicity.checking import faults, refuse_faults, would_be
from bot.desk.publicity.editions import edition_of, meaning_of
from bot.desk.publicity.proposals import not_their_own, wordings_of
from bot.desk.publicity.protecting import Changed
from bot.desk.publicity.theirs import APPROVE, READ, needs, needs_place
from bot.desk.publicity_ports import NAMES, READY, Meaning, Proposal, State
from bot.errors import BadInput, Conflict
from bot.knowledge.applying import entry_digest
from bot.knowledge.difference import Change, difference
from bot.knowledge.entry import Entry, digest, shelf_of
from bot.knowledge.problems import Problem
from bot.staff import Staff

_REMEMBERED = 8
_ASKED: WeakKeyDictionary[Meaning, OrderedDict[tuple[str, str, date], tuple[Changed, ...]]] = WeakKeyDictionary()
MOST = 2000
"""Proposals in one edition."""


class Moved(Conflict):
    """What a proposal began from was changed by somebody else; `changes` is how."""

    def __init__(self, proposals: Sequence[Proposal], changes: Sequence[Change]) -> None:
        keys = "、".join(f"“{one.called}”" for one in proposals[:5])
        super().__init__(f"{keys}在起草以后又发布过新的，没有发布；请编辑看过不同再送审")
        self.proposals, self.changes = tuple(proposals), tuple(changes)


class NotAccepted(BadInput):
    """Protected questions would be met otherwise, and nobody has said that this is meant; `changed` names them."""

    def __init__(self, changed: Sequence[Changed]) -> None:
        lines = [f"{one.id}：“{one.question}” {one.before} → {one.after}" for one in changed]
        super().__init__(f"有{len(changed)}个受保护的问题会得到不同的答复，没有发布；请逐条看过再确认")
        self.lines = tuple(lines)
        self.changed = tuple(changed)


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen if these proposals were published now."""

    edition: int
    """The one published now."""
    changes: tuple[Change, ...]
    refusals: tuple[Problem, ...]
    """What the proposals bring that no edition may hold."""
    warnings: tuple[Problem, ...]
    moved: tuple[str, ...]
    """Proposals whose entry was published anew since they began."""
    protected: tuple[Changed, ...]
    searched: bool
    """Whether the protected questions could be asked in this process."""


async def preview(desk: Desk, staff: Staff, ids: Collection[str]) -> Preview:
    """Differences, faults and protected questions, for whoever reads the proposals."""
    needs(staff, READ)
    async with desk.store.reading() as work:
        found = await work.proposals.several(ids)
        head = await work.editions.head()
        entries = await work.editions.read(head) if head else ()
    for one in found:
        needs_place(desk, staff, one.region)
    made = would_be(entries, found)
    refusals, warnings = await faults(desk, entries, made, {one.key for one in found})
    protected: tuple[Changed, ...] = ()
    if not refusals and desk.meaning is not None:
        protected = await _protected(desk, head, entries, made)
    return Preview(
        head,
        difference(entries, made),
        refusals,
        warnings,
        tuple(one.id for one in _moved(entries, found)),
        protected,
        desk.meaning is not None,
    )


async def publish(
    desk: Desk, staff: Staff, seen: Mapping[str, int], accepted: Collection[str] = (), approving: bool = False
) -> int:
    """Approved proposals become the next edition, all of them or none. `seen`: proposal → the version shown; `accepted`:
    protected questions that may be met otherwise; `approving`: what still waits is approved in the same step. Raises Moved,
    Refused, NotAccepted, Conflict."""
    needs(staff, APPROVE)
    if not 0 < len(seen) <= MOST:
        raise BadInput(f"一次发布1到{MOST}条，请重新选")
    async with desk.store.reading() as work:
        found = await _ready(desk, work, staff, seen, approving)
    notes = [one.note for one in found if one.note]
    keys = "、".join(one.called for one in found[:3]) + ("等" if len(found) > 3 else "")
    note = notes[0] if len(set(notes)) == 1 else f"发布{keys}（{len(found)}条）"
    return await put_out(desk, staff.id, found, note, accepted)


async def put_out(
    desk: Desk,
    actor: str,
    found: Sequence[Proposal],
    note: str,
    accepted: Collection[str] = (),
) -> int:
    """Publish what was looked at; `actor` is whom the log names, and who approves what still waits for it."""
    async with desk.store.reading() as work:
        head = await work.editions.head()
        entries = await work.editions.read(head) if head else ()
    if moved := _moved(entries, found):
        theirs = {(one.kind, one.key) for one in moved}
        made = would_be(entries, moved)
        raise Moved(moved, [one for one in difference(entries, made) if (one.kind, one.key) in theirs])
    made = would_be(entries, found)
    changed = await allowed(desk, head, entries, made, {one.key for one in found}, accepted)
    if desk.meaning is not None:
        await desk.meaning.keep([text for one in found for text in wordings_of(one)])
    async with desk.store.writing() as work:
        now = desk.clock.now()
        fresh = await work.proposals.several([one.id for one in found])
        if any(one.version != before.version for one, before in zip(fresh, found, strict=True)):
            raise Conflict("其中有一条刚刚被别人动过，没有发布；请重新打开看看")
        number = await next_edition(work, made, head, actor, note, desk)
        for one in await _approved(work, fresh, actor, desk):
            done = await work.proposals.save(one, now, state=State.PUBLISHED, published=number)
            await work.proposals.say(one.id, State.PUBLISHED, str(number), actor, now)
            about = {"edition": number, "proposal": done.id, "step": "published", "approver": one.approver}
            await work.audit.add(actor, Deed.PUBLISH, f"{one.kind}:{one.key}", now, region=one.region, about=about)
        await keep_accepted(work, number, changed, actor, now)
        await work.commit()
    return number


async def next_edition(work: Work, made: Sequence[Entry], head: int, actor: str, note: str, desk: Desk) -> int:
    """Raises Conflict in words for the page: the number is the key, so of two who publish at once one wins."""
    try:
        return await work.editions.publish(made, head, actor, note[:200], desk.clock.now())
    except Conflict as late:
        raise Conflict("别人刚刚发布了新的一版，这次没有发布；请重新看一遍再发布") from late


async def allowed(
    desk: Desk,
    head: int,
    entries: Sequence[Entry],
    made: Sequence[Entry],
    keys: Collection[str],
    accepted: Collection[str],
) -> tuple[Changed, ...]:
    """The protected questions that were accepted by name. Raises Refused or NotAccepted."""
    await refuse_faults(desk, entries, made, keys)
    if desk.meaning is None:
        return ()
    changed = await _protected(desk, head, entries, made)
    if left := [one for one in changed if one.id not in accepted]:
        raise NotAccepted(left)
    return changed


async def keep_accepted(work: Work, number: int, changed: Sequence[Changed], actor: str, now: datetime) -> None:
    """With the edition: which protected questions it met otherwise, and who let it."""
    for one in changed:
        await work.proposals.accept(number, one.id, one.before, one.after, actor, now)
        about = {"edition": number, "before": one.before, "after": one.after, "step": "accepted"}
        await work.audit.add(actor, Deed.PUBLISH, f"protected:{one.id}", now, about=about)


async def _protected(desk: Desk, head: int, entries: Sequence[Entry], made: Sequence[Entry]) -> tuple[Changed, ...]:
    """Asked once for what is shown and then published: the page and its button do not wait twice."""
    known = _ASKED.setdefault(meaning_of(desk), OrderedDict())
    key = (digest(entries), digest(made), desk.today())
    if key not in known:
        known[key] = await _ask(desk, head, entries, made)
        while len(known) > _REMEMBERED:
            known.popitem(last=False)
    return known[key]


async def _ask(desk: Desk, head: int, entries: Sequence[Entry], made: Sequence[Entry]) -> tuple[Changed, ...]:
    before = desk.edition if desk.edition.number == head else await edition_of(desk, head, entries)
    return await protecting.changes(desk, before, await edition_of(desk, head + 1, made), desk.today())


def _moved(entries: Sequence[Entry], found: Sequence[Proposal]) -> list[Proposal]:
    there = shelf_of(entries)
    return [one for one in found if entry_digest(there.get((one.kind, one.key))) != one.base]


async def _approved(work: Work, found: Sequence[Proposal], actor: str, desk: Desk) -> Sequence[Proposal]:
    """In the transaction of the publication: no edition without its approvals, none of these without it."""
    made, now = [], desk.clock.now()
    for one in found:
        if one.state is State.SUBMITTED:
            one = await work.proposals.save(one, now, state=State.APPROVED, approver=actor, decided_at=now)
            await work.proposals.say(one.id, State.APPROVED, "", actor, now)
            about = {"step": "approved", "proposal": one.id}
            await work.audit.add(actor, Deed.MOVE, f"{one.kind}:{one.key}", now, region=one.region, about=about)
        made.append(one)
    return made


async def _ready(desk: Desk, work: Work, staff: Staff, seen: Mapping[str, int], approving: bool) -> Sequence[Proposal]:
    found = await work.proposals.several(seen)
    states = READY | {State.SUBMITTED} if approving else READY
    for one in found:
        needs_place(desk, staff, one.region)
        if one.version != seen[one.id]:
            raise Conflict(f"“{one.called}”刚刚被别人改过，没有发布；请重新打开看看")
        if one.state not in states:
            raise BadInput(f"“{one.called}”现在是“{NAMES[one.state]}”，通过以后才能发布")
        not_their_own(one, staff.id)
        not_their_own(one, one.approver)
    return found
