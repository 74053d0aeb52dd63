"""Tables of ours calculate nowhere: no value begins as a formula would, so that a plain file may be opened in a spreadsheet.

A workbook marks its cells as text; a CSV has no such mark, and what stands in front of the value to disarm it would come back
with it. So such a value is refused where it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.knowledge.content import Content
from bot.knowledge.entry import Entry
from bot.knowledge.files import COLUMNS
from bot.knowledge.problems import Problems

_TABLES = frozenset(kind for kind, _ in COLUMNS.values())
_ARMED = re.compile(r"[\t\r\n\x00-\x1f]|\s*[=＝@＠+＋\-－]")


def check(entries: Iterable[Entry], content: Content, problems: Problems) -> None:
    for entry in entries:
        if entry.kind not in _TABLES:
            continue
        for name, value in entry.data.items():
            if isinstance(value, str) and _ARMED.match(value):
                problems.at(content.place(entry.kind, entry.key))(
                    f"“{name}”的开头是“{value.strip()[:1]}”，表格软件会当成算式", "前面先写文字", name
                )
