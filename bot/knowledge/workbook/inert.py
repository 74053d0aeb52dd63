"""Cells that never calculate, and the same bytes for the same content. Pure.

A text that begins with `=`, `+`, `-`, `@`, a tab or a line break could be taken for a formula by the program that opens
the file: every cell of ours is kept as text and marked as such.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

LONGEST = 32_000
"""Signs of one cell; the format allows 32,767."""
_MOMENT = (1980, 1, 1, 0, 0, 0)
_STAMPS = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</)")


def shown(text: str) -> str:
    """The text as a cell can hold it."""
    told: str = ILLEGAL_CHARACTERS_RE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return told[:LONGEST]


def put(cell: Any, text: str) -> None:
    """Make a cell hold this text and nothing else."""
    # The value first, its kind after: the library takes `=…` for a formula.
    cell.value = shown(text)
    cell.data_type = "s"
    cell.quotePrefix = True


def packed(book: Workbook) -> bytes:
    """The file, without the moment it was made: the same content is the same bytes."""
    raw = io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as made:
        parts = {info.filename: made.read(info) for info in made.infolist()}
    core = "docProps/core.xml"
    if core in parts:
        parts[core] = _STAMPS.sub(rb"\g<1>2020-01-01T00:00:00Z\g<3>", parts[core])
    return archive(parts)


def archive(parts: Mapping[str, bytes]) -> bytes:
    """Files by their names, in this order, without the moment it was made."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as kept:
        for name, content in parts.items():
            member = zipfile.ZipInfo(name, _MOMENT)
            member.compress_type = zipfile.ZIP_DEFLATED
            kept.writestr(member, content)
    return out.getvalue()
