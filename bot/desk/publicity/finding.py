"""Find what the assistant knows: published entries and what is being written, by words, programme, place, state and day."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.desk.desk import Desk
from bot.desk.ports import Entry
from bot.desk.publicity import fixed_words
from bot.desk.publicity.overrides import above, differing
from bot.desk.publicity.theirs import READ, needs
from bot.desk.publicity_ports import NAMES, OPEN, Proposal, State
from bot.errors import BadInput
from bot.knowledge import entry as kinds
from bot.knowledge.answers import PROGRAMMES, Answer
from bot.knowledge.applying import region_of
from bot.knowledge.check_entry import EDITED
from bot.knowledge.edition import Edition
from bot.knowledge.fields import NATION, knows
from bot.knowledge.workbook.cells import cells_of
from bot.knowledge.workbook.sheets import HOURS
from bot.staff import Staff, covers

LIVE, COMING, OVER, STOPPED = "live", "coming", "over", "stopped"
STANDS = {LIVE: "已发布", COMING: "还没到日子", OVER: "已过期", STOPPED: "已停用"}
"""How what is published stands today."""
STATES: Mapping[str, str] = {
    "draft": "草稿",
    "submitted": "待审",
    "approved": NAMES[State.APPROVED],
    "scheduled": NAMES[State.SCHEDULED],
    **STANDS,
}
_DRAFTS = {State.DRAFT, State.RETURNED}
TITLES: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    kinds.ANSWER: lambda data: str(data.get("title", "")),
    kinds.DOCUMENT: lambda data: str(data.get("title", "")),
    kinds.STANDARD: lambda data: _sums(data),
    kinds.SUBSIDY: lambda data: f"{data.get('month', '')}价格补贴",
    kinds.HOTLINE: lambda data: f"{data.get('number', '')} {data.get('name', '')}",
    kinds.OFFICE: lambda data: str(data.get("name", "")),
    kinds.PROTECTED: lambda data: str(data.get("question", "")),
    kinds.WORDS: fixed_words.title_of,
    kinds.HOURS: lambda data: cells_of(HOURS, data)["spans"],
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for; empty: whatever."""

    kind: str = kinds.ANSWER
    words: str = ""
    programme: str = ""
    region: str = ""
    state: str = ""
    document: str = ""
    channel: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of the list."""

    kind: str
    key: str
    title: str
    programme: str
    region: str
    place: str
    first: str
    last: str
    stands: str
    """How the published one stands; empty: nothing is published yet."""
    proposal: Proposal | None
    differs: bool
    """A local answer that says otherwise than the wider one."""
    data: Mapping[str, Any] = field(repr=False)

    @property
    def states(self) -> tuple[str, ...]:
        """What it can be found by."""
        writing = (
            () if self.proposal is None else ("draft" if self.proposal.state in _DRAFTS else self.proposal.state.value,)
        )
        return (*writing, *((self.stands,) if self.stands else ()))


@dataclass(frozen=True, slots=True)
class Found:
    rows: tuple[Row, ...]
    all: int
    tree: tuple[tuple[str, str, int], ...]
    """Programme, its name, and how many there are of what else was asked for."""


async def find(desk: Desk, staff: Staff, wanted: Wanted) -> Found:
    """Raises BadInput for what is not kept here."""
    needs(staff, READ)
    if wanted.kind not in EDITED:
        raise BadInput("没有这类内容；请从上面选一类")
    async with desk.store.reading() as work:
        edition = desk.edition
        entries = await work.editions.read(edition.number) if edition.number else ()
        writing = await work.proposals.list(OPEN, kind=wanted.kind)
    theirs = {one.key: one for one in writing if covers(staff, one.region, desk.regions)}
    rows = [row(desk, edition, one, theirs.pop(one.key, None)) for one in entries if one.kind == wanted.kind]
    rows += [row(desk, edition, None, one) for one in theirs.values() if one.data is not None]
    named = _named(edition, wanted.document) if wanted.document else frozenset()
    fitting = [one for one in rows if _fits(desk, one, wanted, named)]
    tree: dict[str, int] = {}
    for one in fitting:
        tree[one.programme] = tree.get(one.programme, 0) + 1
    shown = [one for one in fitting if not wanted.programme or one.programme == wanted.programme]
    shown.sort(key=_order)
    first = [*PROGRAMMES, *fixed_words.shelves()]
    order = [*first, *sorted(set(tree) - set(first))]
    counted = tuple((code, PROGRAMMES.get(code, code), tree[code]) for code in order if code in tree and code)
    return Found(tuple(shown), len(rows), counted)


def row(desk: Desk, edition: Edition, entry: Entry | None, proposal: Proposal | None) -> Row:
    """A published entry, what is being written of it, or both."""
    kind = entry.kind if entry else proposal.kind if proposal else ""
    key = entry.key if entry else proposal.key if proposal else ""
    data = entry.data if entry else (proposal.data or {}) if proposal else {}
    region = region_of(kind, data)
    first, last = _days(kind, data)
    answer = edition.answers.get(key) if kind == kinds.ANSWER else None
    return Row(
        kind,
        key,
        title_of(kind, data),
        fixed_words.group_of(key) if kind == kinds.WORDS else str(data.get("programme", "")),
        region,
        desk.regions.full_name(region) if knows(desk.regions, region) else region,
        first,
        last,
        _stands(edition, kind, key, desk.today(), first, last) if entry else "",
        proposal,
        differs=answer is not None and _differs(edition, answer),
        data=data,
    )


def title_of(kind: str, data: Mapping[str, Any]) -> str:
    """What people call an entry."""
    return TITLES[kind](data).strip() or "（还没有标题）"


def _differs(edition: Edition, answer: Answer) -> bool:
    wider = above(edition, answer) if answer.scope.region != NATION else None
    return wider is not None and bool(differing(answer, wider))


def _stands(edition: Edition, kind: str, key: str, today: date, first: str, last: str) -> str:
    day = today.isoformat()
    if kind == kinds.ANSWER and any(stop.of == kind and stop.target == key for stop in edition.content.stops.values()):
        return STOPPED
    return COMING if first > day else OVER if last and last < day else LIVE


def _days(kind: str, data: Mapping[str, Any]) -> tuple[str, str]:
    """First and last day, as written."""
    scope = data.get("scope") if kind == kinds.ANSWER else data
    scope = scope if isinstance(scope, Mapping) else {}
    names = ("in_force_from", "in_force_to") if kind == kinds.DOCUMENT else ("from", "to")
    return str(scope.get(names[0]) or ""), str(scope.get(names[1]) or "")


def _fits(desk: Desk, one: Row, wanted: Wanted, documents: frozenset[str]) -> bool:
    return (
        (not wanted.words or _says(one, wanted.words))
        and (not wanted.state or wanted.state in one.states)
        and (not wanted.region or _here(desk, one.region, wanted.region))
        and (not wanted.document or not documents.isdisjoint(_documents(one.data)))
        and (not wanted.day or (one.first <= wanted.day.isoformat() <= (one.last or "9999")))
        and (not wanted.channel or wanted.channel in (_channels(one.data) or (wanted.channel,)))
    )


def _named(edition: Edition, words: str) -> frozenset[str]:
    """The documents whose name, number or title holds the words; the words themselves too, for what is not registered."""
    plain = _plain(words)
    found = (key for key, one in edition.documents.items() if plain in _plain(f"{key}\n{one.number}\n{one.title}"))
    return frozenset((words, *found))


def _here(desk: Desk, region: str, wanted: str) -> bool:
    """Its own and what is below it."""
    return knows(desk.regions, region) and desk.regions.is_within(region, wanted)


def _says(one: Row, words: str) -> bool:
    said = _plain("\n".join((one.key, *_texts(one.data))))
    return all(word in said for word in _plain(words).split())


def _plain(text: str) -> str:
    """Width and case are nobody's business."""
    return unicodedata.normalize("NFKC", text).casefold()


def _texts(data: Any) -> list[str]:
    if isinstance(data, Mapping):
        return [text for value in data.values() for text in _texts(value)]
    if isinstance(data, list):
        return [text for value in data for text in _texts(value)]
    return [str(data)]


def _documents(data: Mapping[str, Any]) -> Sequence[str]:
    clauses = [one for name in ("basis", "history") for one in data.get(name, ()) if isinstance(one, Mapping)]
    return [
        *(str(one.get("document", "")) for one in clauses),
        *(str(data.get(name, "")) for name in ("document", "notice", "id")),
    ]


def _channels(data: Mapping[str, Any]) -> Sequence[str]:
    scope = data.get("scope")
    channels = scope.get("channels", ()) if isinstance(scope, Mapping) else ()
    return channels.split() if isinstance(channels, str) else list(channels)


def _sums(data: Mapping[str, Any]) -> str:
    urban, rural = str(data.get("urban", "")), str(data.get("rural", ""))
    sums = [f"{name}{value}元" for name, value in (("城镇", urban), ("农村", rural)) if value]
    where = f"{data.get('region_name', '')}{data.get('area', '')}"
    return " ".join(filter(None, (where, PROGRAMMES.get(str(data.get("programme", "")), ""), "、".join(sums))))


def _order(one: Row) -> tuple[Any, ...]:
    programmes = list(PROGRAMMES)
    at = programmes.index(one.programme) if one.programme in programmes else len(programmes)
    return at, str(one.data.get("aspect", "")), one.region, one.first, one.key
