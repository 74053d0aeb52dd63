"""Content out as a workbook and in again: a dry run that says at each row what it would change, then all rows or none.

What comes in is nothing residents see: each changed row becomes a draft of whoever sent the file, and goes the way of all
drafts, past a second person.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.audit import Deed
from bot.desk.content import BASE_FILE, base_note
from bot.desk.desk import Desk
from bot.desk.ports import Entry, Work
from bot.desk.publicity.entries import published_entries
from bot.desk.publicity.proposals import open_in
from bot.desk.publicity.theirs import READ, WRITE, needs, needs_place, region_for
from bot.desk.publicity_ports import OPEN, Proposal
from bot.desk.upload_ports import Upload, UploadState
from bot.errors import BadInput, Conflict, NotYours
from bot.knowledge.workbook import overriding, packing, reading, writing
from bot.knowledge.workbook.comparing import Comparison, compare
from bot.knowledge.workbook.guide import About
from bot.knowledge.workbook.inert import archive
from bot.knowledge.workbook.sheets import SHEETS
from bot.knowledge.written import write_files
from bot.staff import Staff

_NAME = 120


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a workbook would do to the edition in force."""

    book: reading.Book
    comparison: Comparison
    head: int

    @property
    def lands(self) -> bool:
        return not self.comparison.refused and any(one.changes for one in self.comparison.outcomes)


async def export(desk: Desk, staff: Staff, kinds: Sequence[str] = tuple(SHEETS)) -> bytes:
    """The edition in force as a workbook, of these kinds."""
    needs(staff, READ)
    head, entries = await _head(desk)
    wanted = _kinds(kinds)
    chosen = [entry for entry in entries if entry.kind in wanted]
    content = await asyncio.to_thread(_written, chosen, About(edition=head), wanted)
    await _exported(desk, staff, f"workbook:{' '.join(wanted)}", head)
    return content


async def plain_files(desk: Desk, staff: Staff) -> bytes:
    """All of the edition in force as the plain files it is kept in beside the program, in one archive: whoever has it needs
    neither this console nor this program to go on with it."""
    needs(staff, READ)
    head, entries = await _head(desk)
    if not head:
        raise BadInput("还没有发布过，没有可以下载的")

    def made() -> bytes:
        return archive({**write_files(entries), BASE_FILE: base_note(head, entries).encode("ascii")})

    content = await asyncio.to_thread(made)
    await _exported(desk, staff, "files", head)
    return content


async def template(desk: Desk, staff: Staff, kinds: Sequence[str] = tuple(SHEETS)) -> bytes:
    """The same sheets without rows."""
    needs(staff, READ)
    return await asyncio.to_thread(_written, [], About(), _kinds(kinds))


async def pack(desk: Desk, staff: Staff, region: str) -> bytes:
    """A place's starter pack: what holds there in the edition in force, and what it may say differently."""
    needs(staff, READ)
    needs_place(desk, staff, region)
    head, entries = await _head(desk)
    content = await asyncio.to_thread(packing.write_pack, entries, desk.regions, region, head, desk.today())
    await _exported(desk, staff, f"pack:{region}", head, region)
    return content


async def upload(desk: Desk, staff: Staff, name: str, content: bytes) -> Upload:
    """Keep a file for its dry run. Raises BadInput for one that cannot be read at all."""
    needs(staff, WRITE)
    book = await asyncio.to_thread(reading.read, content, packing.SHEETS)
    if not book.rows:
        raise BadInput("表里一行都没有填；填好再传")
    async with desk.store.writing() as work:
        now = desk.clock.now()
        made = await work.uploads.add(staff.id, name.strip()[-_NAME:] or "未命名.xlsx", content, now)
        await _line(work, staff, Deed.CHANGE, f"upload:{made.id}", now, rows=str(len(book.rows)))
        await work.commit()
    return made


async def dry_run(desk: Desk, staff: Staff, id: str) -> tuple[Upload, DryRun | None]:
    """What the file would change, as things stand now; None once it is done or dropped."""
    found = await theirs(desk, staff, id)
    if found.state is not UploadState.OPEN:
        return found, None
    async with desk.store.reading() as work:
        content = await work.uploads.content(id)
    return found, await look(desk, staff, content)


async def look(desk: Desk, staff: Staff, content: bytes) -> DryRun:
    """The dry run of a file nobody keeps."""
    needs(staff, WRITE)
    book = await asyncio.to_thread(reading.read, content, packing.SHEETS)
    async with desk.store.reading() as work:
        head = await work.editions.head()
        entries = await work.editions.read(head) if head else ()
        edition = book.about.edition or head
        if edition > head:
            raise BadInput(f"这个文件写着来自第{edition}版，这里只到第{head}版；从这里重新下载")
        base = entries if edition == head else await work.editions.read(edition)
        drafts = {(one.kind, one.key) for one in await work.proposals.list(OPEN, limit=100_000)}

    def may(kind: str, key: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> str:
        return _why_not(desk, staff, kind, key, before, after, drafts)

    def run() -> Comparison:
        rows = overriding.as_answers(book, base, desk.regions)
        return compare(rows, base, list(entries), desk.regions, desk.today(), may)

    return DryRun(book, await asyncio.to_thread(run), head)


async def land(desk: Desk, staff: Staff, id: str, note: str = "") -> Sequence[Proposal]:
    """Every row that changes something becomes a draft; all of them, or none. Raises BadInput while a row is refused, and
    Conflict when another edition was published, or a draft begun, since the dry run."""
    found, run = await dry_run(desk, staff, id)
    if run is None:
        raise Conflict("这份表已经处理过了；要再改，请重新上传")
    if not run.lands:
        raise BadInput("还有行要改，或者没有变化；没有作任何改动")
    return await _drafts(desk, staff, found, run, note)


async def _drafts(desk: Desk, staff: Staff, found: Upload, run: DryRun, note: str) -> Sequence[Proposal]:
    changes = [one.change for one in run.comparison.outcomes if one.changes]
    async with desk.store.writing() as work:
        if await work.editions.head() != run.head:
            raise Conflict("刚刚发布了新的一版；请再看一遍试算，再确认")
        entries = await published_entries(work, run.head)
        made = [
            await open_in(
                desk,
                work,
                staff,
                change.kind,
                change.key,
                change.data,
                note=note or f"来自表格“{found.name}”",
                source=found.source,
                entries=entries,
            )
            for change in changes
        ]
        now = desk.clock.now()
        if not await work.uploads.close(found.id, UploadState.DONE, len(made), now):
            raise Conflict("这份表已经处理过了；要再改，请重新上传")
        await _line(work, staff, Deed.CHANGE, f"upload:{found.id}", now, drafts=str(len(made)))
        await work.commit()
    return made


async def drop(desk: Desk, staff: Staff, id: str) -> None:
    """Forget a file; nothing it says was changed."""
    found = await theirs(desk, staff, id)
    async with desk.store.writing() as work:
        now = desk.clock.now()
        if not await work.uploads.close(found.id, UploadState.DROPPED, 0, now):
            raise Conflict("这份表已经处理过了")
        await _line(work, staff, Deed.CHANGE, f"upload:{found.id}", now, step="dropped")
        await work.commit()


async def errors(desk: Desk, staff: Staff, id: str) -> bytes:
    """The file again, with a red column that says what must be mended in which row."""
    _, run = await dry_run(desk, staff, id)
    if run is None:
        raise Conflict("这份表已经处理过了；没有要改的")
    return await asyncio.to_thread(packing.write_marked, run.book, run.comparison.outcomes)


async def uploads(desk: Desk, staff: Staff) -> Sequence[Upload]:
    """Their own, the newest first."""
    needs(staff, READ)
    async with desk.store.reading() as work:
        return [one for one in await work.uploads.list(200) if one.staff == staff.id]


async def made_of(desk: Desk, staff: Staff, found: Upload) -> Sequence[Proposal]:
    """The drafts a file became, as they stand now."""
    needs(staff, READ)
    async with desk.store.reading() as work:
        return await work.proposals.list(source=found.source, limit=100_000)


async def theirs(desk: Desk, staff: Staff, id: str) -> Upload:
    """Raises NotYours for somebody else's file: what is in it nobody has checked yet."""
    needs(staff, READ)
    async with desk.store.reading() as work:
        found = await work.uploads.get(id)
    if found.staff != staff.id:
        raise NotYours("这份表是别的同事传的；请他来处理，或自己再传一份")
    return found


def _why_not(
    desk: Desk,
    staff: Staff,
    kind: str,
    key: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    drafts: set[tuple[str, str]],
) -> str:
    if (kind, key) in drafts:
        return "这一条已有一份没发布的稿子；先处理那一份，再传表"
    try:
        for data in (before, after):
            if data is not None:
                needs_place(desk, staff, region_for(desk, kind, data))
    except (NotYours, BadInput) as refused:
        return str(refused)
    return ""


def _kinds(kinds: Sequence[str]) -> tuple[str, ...]:
    wanted = tuple(kind for kind in SHEETS if kind in kinds)
    if not wanted:
        raise BadInput("请至少选一种内容")
    return wanted


def _written(entries: Sequence[Entry], about: About, kinds: Sequence[str]) -> bytes:
    return writing.write(writing.lines_of(entries), about, [SHEETS[kind] for kind in kinds])


async def _head(desk: Desk) -> tuple[int, Sequence[Entry]]:
    async with desk.store.reading() as work:
        head = await work.editions.head()
        return head, await work.editions.read(head) if head else ()


async def _exported(desk: Desk, staff: Staff, what: str, head: int, region: str = "") -> None:
    async with desk.store.writing() as work:
        now = desk.clock.now()
        await work.audit.add(staff.id, Deed.EXPORT, what, now, region=region, about={"edition": str(head)})
        await work.commit()


async def _line(work: Work, staff: Staff, deed: Deed, what: str, now: datetime, **about: str) -> None:
    await work.audit.add(staff.id, deed, what, now, about=about)
