"""Two people, one edition: an editor drafts and submits, somebody else approves or returns it with a word why.

Every step is one transaction with its line in the audit log. What was shown is what is decided upon: each step names the
version the person saw, and a newer one is a Conflict. Publishing is in `publishing`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from bot.audit import Deed
from bot.desk.desk import Desk
from bot.desk.ports import Work
from bot.desk.publicity.checking import refuse_faults, would_be
from bot.desk.publicity.entries import published_entries as published_entries
from bot.desk.publicity.entries import wordings_of as wordings_of
from bot.desk.publicity.sheets import NAMED_BY_PROGRAM
from bot.desk.publicity.theirs import APPROVE, READ, WRITE, needs, needs_place, region_for
from bot.desk.publicity_ports import MOVES, NAMES, WRITABLE, Comment, Proposal, State
from bot.errors import BadInput, Conflict, NotYours
from bot.knowledge.applying import entry_digest, entry_key
from bot.knowledge.entry import Entry
from bot.staff import Staff

LONGEST = 1000
"""Characters of a comment or note."""
_MOST = 200_000
"""Characters of one entry: far more than anybody reads."""


class _Same:
    """Stands for: leave it as it is."""


SAME: Final = _Same()


class SavedByOther(Conflict):
    """Somebody saved this proposal meanwhile; `other` is it as they left it, and the caller's own text is still theirs."""

    def __init__(self, other: Proposal) -> None:
        super().__init__("别人刚刚保存过这份草稿；您写的还在，下面是两份的不同，合好再保存")
        self.other = other


async def start(
    desk: Desk,
    staff: Staff,
    kind: str,
    key: str,
    data: Mapping[str, Any] | _Same | None = SAME,
    *,
    note: str = "",
    source: str = "",
) -> Proposal:
    """A draft of an entry: as published, or with `data`. The open proposal, if the entry has one and no data is given."""
    async with desk.store.writing() as work:
        made = await open_in(desk, work, staff, kind, key, data, note=note, source=source)
        await work.commit()
    return made


async def open_in(
    desk: Desk,
    work: Work,
    staff: Staff,
    kind: str,
    key: str,
    data: Mapping[str, Any] | _Same | None = SAME,
    *,
    note: str = "",
    source: str = "",
    entries: Mapping[tuple[str, str], Entry] | None = None,
) -> Proposal:
    """As `start`, in the caller's transaction, for those who make many: all of them or none. `entries`: the published ones
    by kind and key, where the caller has them already. Raises Conflict if data is given and the entry has an open proposal."""
    needs(staff, WRITE)
    head = await work.editions.head()
    published = entries if entries is not None else await published_entries(work, head)
    before = published.get((kind, key))
    found = await work.proposals.open_for(kind, key)
    if found is not None and isinstance(data, _Same):
        _theirs(desk, staff, found)
        return found
    if found is not None:
        raise Conflict(f"“{found.called}”正有人在改，还没发布；打开那份草稿接着改")
    wanted = (before.data if before else {}) if isinstance(data, _Same) else data
    if wanted is None and before is None:
        raise BadInput(f"没有“{key[:60]}”这一条，不用去掉")
    if kind in NAMED_BY_PROGRAM and (wanted is None or before is None):
        raise BadInput("固定用语是程序要用的，只能改说法，不能新增，也不能去掉")
    region = _region(desk, staff, kind, wanted, before)
    _sized(wanted, note)
    now = desk.clock.now()
    if wanted:
        key = key if before else entry_key(kind, key, wanted)
    made = await work.proposals.add(
        kind,
        key,
        wanted,
        base=entry_digest(before.data) if before else "",
        edition=head,
        region=region,
        author=staff.id,
        now=now,
        note=note.strip(),
        source=source,
    )
    await _line(work, staff, made, "draft", now, source=source)
    return made


async def save(
    desk: Desk,
    staff: Staff,
    proposal: str,
    version: int,
    data: Mapping[str, Any] | None,
    note: str | _Same = SAME,
) -> Proposal:
    """Keep a draft. `version` is the one the editor saw; raises SavedByOther with what somebody else saved since. Words
    that no edition could hold are for `submit` to refuse: a draft may be unfinished."""
    needs(staff, WRITE)
    async with desk.store.writing() as work:
        found = await work.proposals.get(proposal)
        _theirs(desk, staff, found)
        if found.version != version:
            raise SavedByOther(found)
        if found.state not in WRITABLE:
            raise BadInput(f"“{found.called}”现在是“{NAMES[found.state]}”，先撤回再改")
        before = (await published_entries(work, await work.editions.head())).get((found.kind, found.key))
        region = _region(desk, staff, found.kind, data, before)
        said = found.note if isinstance(note, _Same) else note.strip()
        _sized(data, said)
        now = desk.clock.now()
        editors = tuple(dict.fromkeys((*found.editors, staff.id)))
        try:
            kept = await work.proposals.save(found, now, data=data, note=said, region=region, editors=editors)
        except Conflict as late:
            raise SavedByOther(await work.proposals.get(proposal)) from late
        await _line(work, staff, kept, "saved", now)
        await work.commit()
    return kept


async def submit(desk: Desk, staff: Staff, seen: Mapping[str, int], note: str = "") -> Sequence[Proposal]:
    """Hand drafts over to be approved: all of them, or none. `seen`: proposal → the version shown. Raises Refused, with
    what an edition with them could not hold; wordings get their vectors here, where a console has encoders."""
    needs(staff, WRITE)
    async with desk.store.reading() as work:
        found = await _seen(desk, work, staff, seen)
        entries = await work.editions.read(await work.editions.head())
    await refuse_faults(desk, entries, would_be(entries, found), {one.key for one in found})
    if desk.meaning is not None:
        await desk.meaning.keep([text for one in found for text in wordings_of(one)])
    return await _step(desk, staff, seen, State.SUBMITTED, note, submitted_at=True)


async def take_back(desk: Desk, staff: Staff, proposal: str, version: int) -> Proposal:
    """What waits for approval is a draft again, to be written on."""
    needs(staff, WRITE)
    return (await _step(desk, staff, {proposal: version}, State.DRAFT, ""))[0]


async def return_(desk: Desk, staff: Staff, proposal: str, version: int, why: str) -> Proposal:
    """Back to the editor, with a word why."""
    needs(staff, APPROVE)
    if len(why.strip()) < 2:
        raise BadInput("请写一句要改什么，编辑才好改")
    return (await _step(desk, staff, {proposal: version}, State.RETURNED, why, decides=True))[0]


async def approve(
    desk: Desk, staff: Staff, seen: Mapping[str, int], note: str = "", on: date | None = None
) -> Sequence[Proposal]:
    """Good as they are: all or none; not by anybody who wrote in them. `on`: to be published on that day."""
    needs(staff, APPROVE)
    if on is not None and on <= desk.today():
        raise BadInput("定时发布的日子要在今天以后；今天就要用的，直接发布")
    state = State.APPROVED if on is None else State.SCHEDULED
    return await _step(desk, staff, seen, state, note, decides=True, approves=True, on=on)


async def withdraw(desk: Desk, staff: Staff, proposal: str, version: int, why: str = "") -> Proposal:
    """Not wanted any more; kept for the record. By an editor, or by an approver for what was approved."""
    async with desk.store.reading() as work:
        found = await work.proposals.get(proposal)
    needs(staff, WRITE if found.state in (*WRITABLE, State.SUBMITTED) else APPROVE)
    return (await _step(desk, staff, {proposal: version}, State.WITHDRAWN, why))[0]


async def comment(desk: Desk, staff: Staff, proposal: str, text: str) -> Comment:
    """A word beside a proposal; it changes nothing."""
    needs(staff, READ)
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise BadInput(f"请写一句话，{LONGEST}字以内")
    async with desk.store.writing() as work:
        found = await work.proposals.get(proposal)
        _theirs(desk, staff, found)
        now = desk.clock.now()
        said = await work.proposals.say(proposal, "comment", text, staff.id, now)
        await _line(work, staff, found, "comment", now)
        await work.commit()
    return said


async def show(desk: Desk, staff: Staff, proposal: str) -> tuple[Proposal, Sequence[Comment]]:
    """A proposal and all that was said of it. Raises NotYours for another place's."""
    needs(staff, READ)
    async with desk.store.reading() as work:
        found = await work.proposals.get(proposal)
        _theirs(desk, staff, found)
        return found, await work.proposals.said(proposal)


async def _step(
    desk: Desk,
    staff: Staff,
    seen: Mapping[str, int],
    state: State,
    note: str,
    *,
    submitted_at: bool = False,
    decides: bool = False,
    approves: bool = False,
    on: date | None = None,
) -> Sequence[Proposal]:
    if not seen:
        raise BadInput("请先选要办的内容")
    _sized(None, note)
    async with desk.store.writing() as work:
        now = desk.clock.now()
        moved = []
        for found in await _seen(desk, work, staff, seen):
            if state not in MOVES[found.state]:
                raise BadInput(f"“{found.called}”现在是“{NAMES[found.state]}”，不能改成“{NAMES[state]}”")
            if approves:
                not_their_own(found, staff.id)
            fields: dict[str, Any] = {"state": state, "publish_on": on}
            if submitted_at:
                fields |= {"submitted_at": now} | ({"note": note.strip()} if note.strip() else {})
            fields |= {"decided_at": now, "approver": staff.id if approves else ""} if decides else {}
            one = await work.proposals.save(found, now, **fields)
            await work.proposals.say(found.id, state.value, note.strip(), staff.id, now)
            await _line(work, staff, one, state.value, now, on=on.isoformat() if on else "")
            moved.append(one)
        await work.commit()
    return moved


def not_their_own(proposal: Proposal, actor: str) -> None:
    """Raises NotYours: who wrote in it does not approve it, by whatever way they come."""
    if actor in proposal.editors or actor == proposal.author:
        raise NotYours(f"“{proposal.called}”是您自己写的，要由另一位同事审核")


async def _seen(desk: Desk, work: Work, staff: Staff, seen: Mapping[str, int]) -> Sequence[Proposal]:
    found = await work.proposals.several(seen)
    for one in found:
        _theirs(desk, staff, one)
        if one.version != seen[one.id]:
            raise Conflict(f"“{one.called}”刚刚被别人改过，请重新打开看看再办")
    return found


def _theirs(desk: Desk, staff: Staff, proposal: Proposal) -> None:
    needs_place(desk, staff, proposal.region)


def _region(desk: Desk, staff: Staff, kind: str, data: Mapping[str, Any] | None, before: Entry | None) -> str:
    """The place the proposal is about: theirs, and so was the place of what it changes."""
    was = region_for(desk, kind, before.data) if before else ""
    region = region_for(desk, kind, data) if data is not None else was
    for place in {was or region, region}:
        needs_place(desk, staff, place)
    return region


def _sized(data: Mapping[str, Any] | None, note: str) -> None:
    if len(note) > LONGEST:
        raise BadInput(f"说明最多{LONGEST}字，请写短些")
    if data is not None and len(str(data)) > _MOST:
        raise BadInput("内容太长了，没有保存；请分成几条")


async def _line(work: Work, staff: Staff, proposal: Proposal, step: str, now: datetime, **more: str) -> None:
    deed = Deed.MOVE if step in set(State) else Deed.CHANGE
    about = {"step": step, "proposal": proposal.id} | {name: said for name, said in more.items() if said}
    what = f"{proposal.kind}:{proposal.key}"
    await work.audit.add(staff.id, deed, what, now, region=proposal.region, about=about)
