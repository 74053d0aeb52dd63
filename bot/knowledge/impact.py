"""What stands on a document: asked before one is repealed, because nothing may go on standing on it unseen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from bot.errors import BadInput
from bot.forms.files import clauses_of
from bot.forms.model import Clause
from bot.knowledge import entry as kinds
from bot.knowledge.content import Content

BASIS, HISTORY, REPLACES = "basis", "history", "replaced_by"


@dataclass(frozen=True, slots=True)
class Citation:
    """One entry that names the document, and how."""

    kind: str
    key: str
    title: str
    clause: str
    role: str
    """`basis` loses its footing with the document; `history` tells of it as past; `replaced_by` points to it."""


def citations(content: Content) -> Iterator[tuple[str, Citation]]:
    """All that names a document, with the document's id: one pass, for whoever asks of many."""
    yield from (
        (clause.document, Citation(kinds.ANSWER, answer.id, answer.title, clause.clause, role))
        for answer in content.answers.values()
        for role, clauses in ((BASIS, answer.basis), (HISTORY, answer.history))
        for clause in clauses
    )
    yield from (
        (
            row.document,
            Citation(kinds.STANDARD, key, f"{row.region_name}{row.area} {row.urban or row.rural}元", "", BASIS),
        )
        for key, row in content.standards.items()
    )
    yield from (
        (row.notice, Citation(kinds.SUBSIDY, key, f"{row.region_name} {row.month}", "", BASIS))
        for key, row in content.subsidies.items()
    )
    yield from (
        (row.document, Citation(kinds.HOTLINE, key, f"{row.number} {row.name}", "", BASIS))
        for key, row in content.hotlines.items()
    )
    yield from (
        (basis.document, Citation(kinds.PROGRAMME, programme.id, programme.name, basis.clause, BASIS))
        for programme in content.programmes.values()
        for basis in dict.fromkeys(basis for basis, _, _ in programme.grounds)
    )
    asked: list[tuple[str, str, str, tuple[Clause, ...]]] = [
        *((kinds.FIELD, key, one.label, clauses_of(one)) for key, one in content.fields.items()),
        *((kinds.CONSENT, key, one.title, clauses_of(one)) for key, one in content.consents.items()),
    ]
    yield from (
        (clause.document, Citation(kind, key, title, clause.clause, BASIS))
        for kind, key, title, clauses in asked
        for clause in clauses
    )
    yield from (
        (row.replaced_by, Citation(kinds.DOCUMENT, key, row.title, "", REPLACES))
        for key, row in content.documents.items()
    )


def what_cites(content: Content, document: str) -> tuple[Citation, ...]:
    """Everything that names the document. Raises BadInput for one that is not registered."""
    if document not in content.documents:
        raise BadInput(f"文件“{document}”没有登记；名称要和 documents.csv 的 id 一样")
    return tuple(one for named, one in citations(content) if named == document)


def impact(content: Content, document: str, day: date) -> tuple[Citation, ...]:
    """What loses its footing if the document ends on `day`: answers, figures, contacts, programmes that go on after it."""
    return tuple(one for one in what_cites(content, document) if _loses(content, document, one, day))


def impacts(content: Content, ends: Mapping[str, date]) -> Mapping[str, tuple[Citation, ...]]:
    """The same of many documents, each with its last day."""
    found: dict[str, list[Citation]] = {document: [] for document in ends}
    for document, one in citations(content):
        if document in found and _loses(content, document, one, ends[document]):
            found[document].append(one)
    return {document: tuple(all_) for document, all_ in found.items()}


def named_in_words(content: Content, document: str) -> tuple[tuple[str, str], ...]:
    """Letters and other fixed texts that name the document, as (key, the line). They stand on no clause, so nobody can say
    without reading whether they still hold."""
    found = content.documents[document]
    names = {name for name in (found.number, found.id, found.title, found.title.removeprefix("中华人民共和国")) if name}
    return tuple(
        (key, line.strip())
        for key, words in content.words.items()
        for line in words.text.splitlines()
        if any(name in line for name in names)
    )


def succeeded(content: Content, key: str, day: date) -> bool:
    """Whether a later figure of the same place took over by that day: an open row ends where the next one starts."""
    row = content.standards[key]
    return any(
        (one.region, one.programme, one.area, one.unit) == (row.region, row.programme, row.area, row.unit)
        and one.start is not None
        and one.start.day <= day
        and (row.start is None or one.start.day > row.start.day)
        for one in content.standards.values()
    )


def _loses(content: Content, document: str, one: Citation, day: date) -> bool:
    return one.role == BASIS and _goes_on(content, document, one, day)


def _goes_on(content: Content, document: str, one: Citation, day: date) -> bool:
    if one.kind == kinds.ANSWER:
        last = content.answers[one.key].scope.last
    elif one.kind == kinds.STANDARD:
        last = content.standards[one.key].last
        if last is None and succeeded(content, one.key, day):
            return False
    elif one.kind == kinds.SUBSIDY:
        return content.subsidies[one.key].month > f"{day:%Y-%m}"
    elif one.kind == kinds.PROGRAMME:
        return any(
            last is None or last > day
            for basis, _, last in content.programmes[one.key].grounds
            if (basis.document, basis.clause) == (document, one.clause)
        )
    else:
        last = None
    return last is None or last > day
