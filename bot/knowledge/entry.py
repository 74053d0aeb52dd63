"""One thing in an edition, as plain data: what files, store and nouns hand to each other."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

ANSWER: Final = "answer"
DOCUMENT: Final = "document"
STANDARD: Final = "standard"
SUBSIDY: Final = "subsidy"
HOTLINE: Final = "hotline"
OFFICE: Final = "office"
HOURS: Final = "hours"
WORDS: Final = "words"
FIELD: Final = "field"
FORM: Final = "form"
CONSENT: Final = "consent"
PROGRAMME: Final = "programme"
STOP: Final = "stop"
PROTECTED: Final = "protected"
FILE: Final = "file"
"""Which entries stand in which plain file, and in what order: so that an export puts everything back in its place."""

KINDS: Final = (
    *(DOCUMENT, ANSWER, STANDARD, SUBSIDY, HOTLINE, OFFICE, HOURS, WORDS),
    *(FIELD, CONSENT, FORM, PROGRAMME, STOP, PROTECTED, FILE),
)
CALLED: Final[Mapping[str, str]] = {
    DOCUMENT: "文件",
    ANSWER: "答案",
    STANDARD: "标准",
    SUBSIDY: "价格补贴",
    HOTLINE: "热线",
    OFFICE: "窗口",
    HOURS: "上班时间",
    WORDS: "固定用语",
    FIELD: "字段",
    CONSENT: "同意书",
    FORM: "表",
    PROGRAMME: "救助项目",
    STOP: "停用",
    PROTECTED: "受保护的问题",
}
"""What people call each kind, wherever it is named to them."""

_ORDER: Final = (
    *(
        "id",
        "key",
        "state",
        "name",
        "fact",
        "value",
        "title",
        "version",
        "label",
        "plain",
        "group",
        "topic",
        "order",
        "urgent",
    ),
    *("kind", "guard", "kept", "members", "end", "intro", "section", "use", "each", "over", "programme", "aspect"),
    *("at", "office", "ask", "text", "field", "why", "example", "short", "unmet", "unsure", "test", "term"),
    *("low", "high", "unit", "per", "figure", "days", "at_most", "counts_from"),
    *("basis", "history", "lookup", "lookup_programme", "phrasings", "scope", "document", "clause", "clauses"),
    *("region", "from", "to", "channels", "words", "options", "form", "apply", "conditions", "parameters", "values"),
    *("facts", "papers", "needed", "sometimes", "not_to_ask", "stages", "amounts", "doubts", "steps", "fields"),
    *("need", "default", "when"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in an edition, as data. `kind` is one of KINDS; `data` holds only strings, lists and mappings."""

    kind: str
    key: str
    data: Mapping[str, Any]


def shelf_of(entries: Iterable[Entry]) -> dict[tuple[str, str], Mapping[str, Any]]:
    """What each entry says, by kind and key; the layout of the files says nothing."""
    return {(entry.kind, entry.key): entry.data for entry in entries if entry.kind != FILE}


def in_order(data: Mapping[str, Any]) -> list[str]:
    """The names of the values as editors write them: the store keeps no order."""
    return sorted(data, key=lambda name: (_ORDER.index(name) if name in _ORDER else len(_ORDER), name))


def digest(entries: Iterable[Entry]) -> str:
    """Names the content of an edition, whatever its number and the order of its entries."""
    plain = sorted((entry.kind, entry.key, entry.data) for entry in entries)
    return hashlib.sha256(json.dumps(plain, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]
