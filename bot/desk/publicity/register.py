"""The register of documents: what stands on each, and what would fall with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.desk.desk import Desk
from bot.desk.publicity.theirs import READ, needs
from bot.errors import BadInput
from bot.knowledge.documents import Document, Standing
from bot.knowledge.impact import Citation, citations, impact, named_in_words, what_cites
from bot.staff import Staff

STANDINGS = {
    Standing.IN_FORCE: "现行有效",
    Standing.UNKNOWN: "效力未查明",
    Standing.NOT_YET: "还没生效",
    Standing.REPEALED: "已不再有效",
}


@dataclass(frozen=True, slots=True)
class Row:
    document: Document
    standing: Standing
    cited: int
    """How many entries name it."""


@dataclass(frozen=True, slots=True)
class Fall:
    """What happens if a document ends on a day."""

    document: Document
    standing: Standing
    day: date
    falls: tuple[Citation, ...]
    """Loses its footing: cannot stay as it is after that day."""
    stays: tuple[Citation, ...]
    """Names it, and may stay: history, or what ends before."""
    words: tuple[tuple[str, str], ...]
    """Letters and fixed texts that name it, as (key, the line): a person must read them."""


def rows(desk: Desk, staff: Staff, words: str = "", standing: str = "") -> Sequence[Row]:
    needs(staff, READ)
    content, day = desk.edition.content, desk.today()
    cited = Counter(document for document, _ in citations(content))
    found = [Row(one, one.standing(day), cited[key]) for key, one in content.documents.items()]
    wanted = words.strip().lower()
    return [
        row
        for row in found
        if (not wanted or wanted in f"{row.document.id} {row.document.title} {row.document.number}".lower())
        and (not standing or row.standing.value == standing)
    ]


def fall(desk: Desk, staff: Staff, document: str, on: str = "") -> Fall:
    """If it is repealed on that day (none given: its own last day, else today), what is to be done. Raises BadInput."""
    needs(staff, READ)
    content = desk.edition.content
    found = content.documents.get(document)
    if found is None:
        raise BadInput("没有登记这份文件；请从列表里打开")
    try:
        day = date.fromisoformat(on) if on else (found.last or desk.today())
    except ValueError as error:
        raise BadInput("日期写成 2026-12-31 这样") from error
    falls = impact(content, document, day)
    stays = tuple(one for one in what_cites(content, document) if one not in falls)
    return Fall(found, found.standing(desk.today()), day, falls, stays, named_in_words(content, document))
