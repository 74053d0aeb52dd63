"""What editors do with the content: load files as a draft, publish it, take it back, export it, ask what cites what.

After the first publication the database leads. A folder remembers which edition its files came from (`.edition`: number
and digest), so that files older than what is published are never loaded over it.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.audit import Deed
from bot.clock import today
from bot.desk.edition_ports import EditionInfo, Vectors
from bot.desk.library import Library
from bot.desk.ports import Entry, Work
from bot.desk.publicity.from_files import looked_at
from bot.desk.publicity.going_back import with_lasting
from bot.desk.publicity.publishing import keep_accepted
from bot.errors import BadInput, Conflict
from bot.knowledge.check import Report, check_entries, check_folder
from bot.knowledge.content import Content, parse
from bot.knowledge.difference import Change, difference
from bot.knowledge.entry import digest
from bot.knowledge.files import FOLDERS, LISTS, read_folder
from bot.knowledge.impact import Citation, impact
from bot.knowledge.problems import Problem, Problems
from bot.knowledge.search.encoders import Encoder
from bot.knowledge.search.vectors import make, text_hash
from bot.knowledge.written import write_files

BASE_FILE = ".edition"
_BATCH = 64
_AT_ONCE = os.cpu_count() or 1
"""Batches encoded side by side: an encoder works in the thread that asks it, and half of the first start is this."""

Progress = Callable[[int, int], None]
"""Called with how many phrasings are encoded and how many there are: a first load takes half a minute."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load made: a draft on `base`, and how it differs from the published edition."""

    base: int
    changes: tuple[Change, ...]
    warnings: tuple[Problem, ...]
    encoded: int
    """How many phrasings were new to an encoder."""


def check(library: Library, folder: Path) -> Report:
    """Read a folder without touching anything; the report holds refusals and warnings."""
    return check_folder(folder, library.regions, today(library.clock))


async def load(library: Library, folder: Path, actor: str, note: str = "", progress: Progress | None = None) -> Loaded:
    """Keep a folder as the draft, with vectors for its phrasings. Raises Refused, or Conflict when the folder's files
    are older than what is published."""
    _named(actor)
    report = await asyncio.to_thread(check, library, folder)
    report.refuse()
    async with library.store.reading() as work:
        head = await work.editions.head()
        before = await work.editions.read(head) if head else ()
    _check_base(folder, head, before)
    encoded = await _encode(library, report.content, progress)
    async with library.store.writing() as work:
        await work.editions.save_draft(report.entries, head, actor, note, library.clock.now())
        await work.commit()
    return Loaded(head, difference(before, report.entries), report.warnings, encoded)


async def publish(library: Library, actor: str, accepted: Collection[str] = ()) -> int:
    """Make the draft the next edition; nothing is encoded. After the first one by somebody else than who loaded it, and with
    every protected question that would be met otherwise accepted by name. Raises Refused, NotYours, NotAccepted, or Conflict
    when the head moved."""
    _named(actor)
    changed = await looked_at(library, actor, accepted)
    async with library.store.writing() as work:
        draft = await work.editions.draft()
        if draft is None:
            raise BadInput("没有草稿可发布；先运行 content load 读入内容")
        base, note, entries = draft
        report = check_entries(entries, library.regions, today(library.clock))
        report.refuse()
        if missing := await _missing(work.vectors, library.encoders, report.content):
            raise BadInput(f"草稿里有{missing}种问法还没有向量；再运行一次 content load")
        number = await work.editions.publish(entries, base, actor, note, library.clock.now())
        await keep_accepted(work, number, changed, f"cli:{actor}", library.clock.now())
        await _on_record(library, work, actor, number, "published")
        await work.commit()
    return number


async def rollback(library: Library, number: int, actor: str) -> int:
    """Publish an old edition's entries again, if they hold today: a clause may have died since."""
    _named(actor)
    async with library.store.writing() as work:
        head = await work.editions.head()
        if number == head:
            raise BadInput(f"第{number}版就是现在用的这一版；content list 列出所有版本")
        entries = with_lasting(await work.editions.read(number), await work.editions.read(head))
        report = check_entries(entries, library.regions, today(library.clock))
        report.refuse()
        if missing := await _missing(work.vectors, library.encoders, report.content):
            raise BadInput(
                f"第{number}版有{missing}种问法还没有向量；先 content export --edition {number}，再 content load"
            )
        made = await work.editions.publish(entries, head, actor, f"退回第{number}版", library.clock.now())
        await _on_record(library, work, actor, made, "went back")
        await work.commit()
    return made


async def export(library: Library, folder: Path, number: int = 0, force: bool = False) -> tuple[str, ...]:
    """Write an edition (0: the published one) as plain files, and note in the folder which one it was. Raises Conflict
    over files somebody changed and has not published, unless forced."""
    async with library.store.reading() as work:
        head = await work.editions.head()
        if not head:
            raise BadInput("还没有发布过任何一版；先 content load，再 content publish")
        entries = await work.editions.read(number or head)
    if not force and await asyncio.to_thread(_unpublished, folder, digest(entries)):
        raise Conflict(f"{folder} 里有还没发布的改动，写上去就没了；换一个空文件夹，或确定不要了再加 --force")
    files = write_files(entries)
    await asyncio.to_thread(_write, folder, files)
    await asyncio.to_thread(_note_base, folder, number or head, entries)
    return tuple(sorted(files))


async def note_published(library: Library, folder: Path, number: int) -> bool:
    """Note edition `number` as the folder's base if its files are that edition; False when they are not."""
    async with library.store.reading() as work:
        entries = await work.editions.read(number)
    read = await asyncio.to_thread(read_folder, folder)
    if read.problems.found or digest(read.entries) != digest(entries):
        return False
    await asyncio.to_thread(_note_base, folder, number, entries)
    return True


async def editions(library: Library) -> Sequence[EditionInfo]:
    """Every edition, the newest last."""
    async with library.store.reading() as work:
        return await work.editions.list()


async def what_falls(library: Library, document: str, day: date) -> tuple[Citation, ...]:
    """What of the published edition loses its footing if this document ends on `day`."""
    async with library.store.reading() as work:
        head = await work.editions.head()
        if not head:
            raise BadInput("还没有发布过任何一版；先 content load，再 content publish")
        entries = await work.editions.read(head)
    return impact(parse(entries, library.regions, Problems(), {}), document, day)


async def ensure_published(
    library: Library, folder: Path, actor: str = "system", progress: Progress | None = None
) -> int:
    """Publish the folder's content if nothing was published yet: the first start of a new installation."""
    async with library.store.reading() as work:
        head = await work.editions.head()
    if head:
        return head
    await load(library, folder, actor, "第一版", progress)
    try:
        return await publish(library, actor)
    except Conflict:
        # Another process of the same installation was faster, with the same files.
        async with library.store.reading() as work:
            return await work.editions.head()


async def _on_record(library: Library, work: Work, actor: str, number: int, step: str) -> None:
    about = {"edition": number, "step": step}
    await work.audit.add(f"cli:{actor}", Deed.PUBLISH, f"edition:{number}", library.clock.now(), about=about)


def _named(actor: str) -> None:
    if not actor.strip():
        raise BadInput("没有说是谁做的；加上 --as 名字")


def _check_base(folder: Path, head: int, before: Iterable[Entry]) -> None:
    base, known = _base(folder)
    if head == 0 or (known and known == digest(before)):
        return
    if not known and head == 1:
        # The files a new installation published as its first edition do not know it yet.
        return
    if not known:
        raise Conflict(
            f"{folder} 里的文件没有记着从哪一版来（{BASE_FILE}），现在用的是第{head}版；"
            "先 content export 到另一个文件夹，把改动合进去再 load"
        )
    raise Conflict(
        f"{folder} 里的文件来自第{base}版，现在用的是第{head}版，中间有人改过；"
        "先 content export 到另一个文件夹，把改动合进去再 load"
    )


def _base(folder: Path) -> tuple[int, str]:
    try:
        number, known = (folder / BASE_FILE).read_text(encoding="ascii").split()
        return int(number), known
    except FileNotFoundError:
        return 0, ""
    except ValueError as error:
        raise BadInput(f"{folder / BASE_FILE} 读不懂；应当是“版本号 摘要”，重新 content export 一次") from error


def _note_base(folder: Path, number: int, entries: Iterable[Entry]) -> None:
    (folder / BASE_FILE).write_text(base_note(number, entries), encoding="ascii")


def base_note(number: int, entries: Iterable[Entry]) -> str:
    """What a folder keeps of the edition it came from."""
    return f"{number} {digest(entries)}\n"


def _unpublished(folder: Path, wanted: str) -> bool:
    """Whether the folder holds work that is in no edition it knows of."""
    if not (folder / "faq").is_dir():
        return False
    read = read_folder(folder)
    return bool(read.problems.found) or digest(read.entries) not in (wanted, _base(folder)[1])


def _write(folder: Path, files: dict[str, bytes]) -> None:
    """The files, and none of ours that the edition does not have: it would come back at the next load."""
    (folder / "faq").mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    ours = [path for under in ("faq", *FOLDERS) for path in (folder / under).glob("*.yml")]
    for path in (*ours, *(folder / name for name in LISTS)):
        if path.relative_to(folder).as_posix() not in files:
            path.unlink(missing_ok=True)


async def _encode(library: Library, content: Content, progress: Progress | None) -> int:
    """Vectors for every wording that has none, each batch kept as it is made: an interrupted load loses nothing."""
    texts = [wording for answer in content.answers.values() for wording in answer.wordings]
    hashes = {text_hash(text): text for text in texts}
    todo: list[tuple[Encoder, list[str]]] = []
    for encoder in library.encoders:
        async with library.store.reading() as work:
            have = await work.vectors.get(encoder.name, list(hashes))
        todo.append((encoder, [text for key, text in hashes.items() if key not in have]))
    total, done = sum(len(missing) for _, missing in todo), 0
    for encoder, missing in todo:
        batches = [missing[start : start + _BATCH] for start in range(0, len(missing), _BATCH)]
        for start in range(0, len(batches), _AT_ONCE):
            some = batches[start : start + _AT_ONCE]
            made = await asyncio.gather(*(asyncio.to_thread(make, encoder, batch) for batch in some))
            async with library.store.writing() as work:
                for vectors in made:
                    await work.vectors.put(encoder.name, vectors)
                await work.commit()
            done += sum(map(len, some))
            if progress:
                progress(done, total)
    return total


async def _missing(vectors: Vectors, encoders: Sequence[Encoder], content: Content) -> int:
    hashes = list({text_hash(wording) for answer in content.answers.values() for wording in answer.wordings})
    missing = 0
    for encoder in encoders:
        have = await vectors.get(encoder.name, hashes)
        missing += len(hashes) - len(have)
    return missing
