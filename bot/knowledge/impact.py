"""What stands on a document: asked before one is repealed, because nothing may go on standing on it unseen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.errors import BadInput
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


def what_cites(content: Content, document: str) -> tuple[Citation, ...]:
    """Everything that names the document. Raises BadInput for one that is not registered."""
    if document not in content.documents:
        raise BadInput(f"文件“{document}”没有登记；名称要和 documents.csv 的 id 一样")
    found = [
        Citation(kinds.ANSWER, answer.id, answer.title, clause.clause, role)
        for answer in content.answers.values()
        for role, clauses in ((BASIS, answer.basis), (HISTORY, answer.history))
        for clause in clauses
        if clause.document == document
    ]
    found += [
        Citation(kinds.STANDARD, key, f"{row.region_name}{row.area} {row.urban or row.rural}元", "", BASIS)
        for key, row in content.standards.items()
        if row.document == document
    ]
    found += [
        Citation(kinds.SUBSIDY, key, f"{row.region_name} {row.month}", "", BASIS)
        for key, row in content.subsidies.items()
        if row.notice == document
    ]
    found += [
        Citation(kinds.HOTLINE, key, f"{row.number} {row.name}", "", BASIS)
        for key, row in content.hotlines.items()
        if row.document == document
    ]
    found += [
        Citation(kinds.DOCUMENT, key, row.title, "", REPLACES)
        for key, row in content.documents.items()
        if row.replaced_by == document
    ]
    return tuple(found)


def impact(content: Content, document: str, day: date) -> tuple[Citation, ...]:
    """What loses its footing if the document ends on `day`: answers, figures and contacts that go on after it."""
    return tuple(one for one in what_cites(content, document) if one.role == BASIS and _goes_on(content, one, day))


def _goes_on(content: Content, one: Citation, day: date) -> bool:
    if one.kind == kinds.ANSWER:
        last = content.answers[one.key].scope.last
    elif one.kind == kinds.STANDARD:
        last = content.standards[one.key].last
    elif one.kind == kinds.SUBSIDY:
        return content.subsidies[one.key].month > f"{day:%Y-%m}"
    else:
        last = None
    return last is None or last > day
