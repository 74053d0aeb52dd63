"""A document ends: what stands on it, and what is decided about each, written as drafts that go the way of all drafts.

The end of the document is one of the drafts. The check lets it out only together with the others, so that nothing stays
published on a document without force unless somebody said what is to become of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bot.desk.desk import Desk
from bot.desk.publicity import in_words, proposals, register
from bot.desk.publicity.entries import published_entries
from bot.desk.publicity.theirs import READ, WRITE, needs, region_for
from bot.desk.publicity_ports import OPEN, WRITABLE, Proposal
from bot.errors import BadInput
from bot.knowledge import entry as kinds
from bot.knowledge.documents import Document
from bot.knowledge.entry import Entry
from bot.knowledge.impact import BASIS
from bot.staff import Staff, covers

REPLACE, END, REMOVE = "replace", "end", "remove"
HOWS: Mapping[str, str] = {REPLACE: "换成新的依据", END: "用到那天为止", REMOVE: "去掉这一条"}
_MAY: Mapping[str, tuple[str, ...]] = {
    kinds.ANSWER: (REPLACE, END, REMOVE),
    kinds.STANDARD: (REPLACE, END, REMOVE),
    kinds.SUBSIDY: (REPLACE, REMOVE),
    kinds.HOTLINE: (REPLACE, REMOVE),
}
"""What can be decided of each kind here; the others are the technicians' (programmes, forms, consents)."""
_NAMED: Mapping[str, str] = {kinds.STANDARD: "document", kinds.SUBSIDY: "notice", kinds.HOTLINE: "document"}
Shelf = Mapping[tuple[str, str], Entry]


@dataclass(frozen=True, slots=True)
class Row:
    """One entry that loses its footing."""

    kind: str
    key: str
    title: str
    region: str
    clauses: tuple[str, ...]
    """Those of the document it stands on; empty where only the document is named."""
    may: tuple[str, ...]
    """What this person can decide; empty: another place's, or the technicians'."""
    proposal: Proposal | None


@dataclass(frozen=True, slots=True)
class Falling:
    fall: register.Fall
    rows: tuple[Row, ...]
    """Each entry once."""
    own: Proposal | None
    """The open draft of the document itself."""
    drafts: tuple[Proposal, ...]
    """What was written here and is not handed over yet."""
    waiting: tuple[Proposal, ...]
    """What was written here and waits for somebody else."""

    @property
    def undecided(self) -> int:
        return sum(row.proposal is None for row in self.rows)


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to become of one entry. `clauses`: those of the new document, in the order of the row's."""

    kind: str
    key: str
    how: str
    clauses: tuple[str, ...] = ()


async def falling(desk: Desk, staff: Staff, document: str, on: str = "") -> Falling:
    """Raises BadInput for a document nobody registered."""
    needs(staff, READ)
    async with desk.store.reading() as work:
        there = await published_entries(work, desk.edition.number)
        drafts = {(one.kind, one.key): one for one in await work.proposals.list(OPEN, limit=5_000)}
    made = [one for one in drafts.values() if one.source == _source(document)]
    own = drafts.get((kinds.DOCUMENT, document))
    on = on or str((own.data or {}).get("in_force_to", "") if own else "")
    fall = register.fall(desk, staff, document, on)
    clauses: dict[tuple[str, str], list[str]] = {}
    titles = {(one.kind, one.key): one.title for one in fall.falls}
    for one in fall.falls:
        clauses.setdefault((one.kind, one.key), []).extend([one.clause] if one.clause else [])
    rows = tuple(
        _row(desk, staff, there, kind, key, titles[kind, key], tuple(found), drafts.get((kind, key)))
        for (kind, key), found in clauses.items()
    )
    theirs = [one for one in made if covers(staff, one.region, desk.regions)]
    return Falling(
        fall,
        rows,
        own,
        tuple(one for one in theirs if one.state in WRITABLE),
        tuple(one for one in theirs if one.state not in WRITABLE),
    )


async def decide(
    desk: Desk, staff: Staff, document: str, day: date, by: str, choices: Sequence[Choice], note: str = ""
) -> Sequence[Proposal]:
    """Drafts of what was chosen and of the document's end, all of them or none. `by`: the document that takes over."""
    needs(staff, WRITE)
    content = desk.edition.content
    ended, new = content.documents.get(document), content.documents.get(by)
    if ended is None:
        raise BadInput("没有登记这份文件；请从列表里打开")
    if by == document or (by and new is None):
        raise BadInput("代替它的文件要从列表里选；没有的，先到“文件”里登记")
    if new is None and any(one.how == REPLACE for one in choices):
        raise BadInput("要换依据，先选由哪份文件代替")
    said = note.strip() or f"《{ended.title}》用到{day}"
    async with desk.store.writing() as work:
        there = await published_entries(work, await work.editions.head())
        changes = [change for one in choices for change in _changes(there, document, day, new, one)]
        if await work.proposals.open_for(kinds.DOCUMENT, document) is None:
            changes += _end(desk, staff, there, ended, day, by)
        if not changes:
            raise BadInput("还没有选怎么定；每一条选一样，再写成草稿")
        made = [
            await proposals.open_in(
                desk, work, staff, kind, key, data, note=said, source=_source(document), entries=there
            )
            for kind, key, data in changes
        ]
        await work.commit()
    return made


async def hand_over(desk: Desk, staff: Staff, document: str) -> Sequence[Proposal]:
    """All drafts written here, to be approved and published together. Raises Refused with what is still to be mended."""
    found = await falling(desk, staff, document)
    return await proposals.submit(desk, staff, {one.id: one.version for one in found.drafts})


def _source(document: str) -> str:
    return f"document:{document}"


def _row(
    desk: Desk,
    staff: Staff,
    there: Shelf,
    kind: str,
    key: str,
    title: str,
    clauses: tuple[str, ...],
    proposal: Proposal | None,
) -> Row:
    data = there[kind, key].data
    region = region_for(desk, kind, data)
    mine = covers(staff, region, desk.regions)
    called = in_words.title(desk, kind, key, data) if kind in _MAY else title
    return Row(kind, key, called, region, clauses, _MAY.get(kind, ()) if mine else (), proposal if mine else None)


def _changes(
    there: Shelf, document: str, day: date, new: Document | None, one: Choice
) -> Iterator[tuple[str, str, Mapping[str, Any] | None]]:
    entry = there.get((one.kind, one.key))
    if entry is None or one.how not in _MAY.get(one.kind, ()):
        raise BadInput("这一条不能这样定；请刷新后重新选")
    data = deepcopy(dict(entry.data))
    if one.how == REMOVE:
        yield one.kind, one.key, None
    elif one.how == END:
        yield one.kind, one.key, _ended(one.kind, data, day)
    elif new is not None and one.kind == kinds.ANSWER:
        for key, made in _answer(one.key, data, document, day, new, one.clauses):
            if key != one.key and (kinds.ANSWER, key) in there:
                raise BadInput(f"“{data['title']}”从那天起已经另有一条；请打开那一条来改")
            yield one.kind, key, made
    elif new is not None:
        yield one.kind, one.key, data | {_NAMED[one.kind]: new.id}


def _ended(kind: str, data: dict[str, Any], day: date) -> dict[str, Any]:
    last = {"to": day.isoformat()}
    return data | {"scope": {**data["scope"], **last}} if kind == kinds.ANSWER else data | last


def _answer(
    key: str, data: dict[str, Any], document: str, day: date, new: Document, clauses: Sequence[str]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """In place where the new document carries all its days; else the old one to its end, and another from the new one's
    first day: residents get each on its days."""
    words = iter(clauses)
    basis = [_clause(new.id, next(words, "")) if one["document"] == document else one for one in data.get(BASIS, ())]
    begins = max(filter(None, (new.first, day + timedelta(days=1))))
    if new.first is None or new.first.isoformat() <= str(data["scope"].get("from", "")):
        yield key, data | {BASIS: basis}
        return
    yield key, _ended(kinds.ANSWER, data, day)
    later = f"{key}-{begins:%Y%m%d}"
    yield later, data | {"id": later, BASIS: basis, "scope": {**data["scope"], "from": begins.isoformat()}}


def _clause(document: str, clause: str) -> dict[str, str]:
    return {"document": document} | ({"clause": clause.strip()} if clause.strip() else {})


def _end(
    desk: Desk, staff: Staff, there: Shelf, ended: Document, day: date, by: str
) -> list[tuple[str, str, Mapping[str, Any] | None]]:
    """The document's own change, for whoever keeps it, where it says something new."""
    data = dict(there[kinds.DOCUMENT, ended.id].data)
    if not covers(staff, region_for(desk, kinds.DOCUMENT, data), desk.regions):
        return []
    changed = data | {"in_force_to": day.isoformat()} | ({"replaced_by": by} if by else {})
    if day < desk.today():
        changed["status"] = "repealed"
    return [] if changed == data else [(kinds.DOCUMENT, ended.id, changed)]
