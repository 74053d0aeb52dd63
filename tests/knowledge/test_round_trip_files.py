"""Content as plain files and back, every kind that stands in a table: nothing is lost, nothing is added, byte for byte."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.knowledge.applying import Change, applied
from bot.knowledge.entry import FILE, Entry, digest
from bot.knowledge.files import COLUMNS, read_folder, row_key
from bot.knowledge.written import write_files
from tests.knowledge.broken import GOOD

# A line break of an old machine is read as one of ours, and a mark at the very beginning of a file as its sign for UTF-8.
_CELL = (
    st.text(st.characters(codec="utf-8", exclude_characters="\r\x00\ufeff"), max_size=30).map(str.strip).filter(bool)
)


def rows(kind: str, columns: tuple[str, ...]) -> st.SearchStrategy[list[Entry]]:
    data = st.dictionaries(st.sampled_from(columns), _CELL, min_size=1)
    return st.lists(data, max_size=3, unique_by=lambda one: row_key(kind, one)).map(
        lambda found: [Entry(kind, row_key(kind, one), one) for one in found]
    )


def tables() -> st.SearchStrategy[list[Entry]]:
    kinds = [rows(kind, tuple(columns)) for kind, columns in COLUMNS.values()]
    return st.tuples(*kinds).map(lambda found: [entry for entries in found for entry in entries])


def written(files: dict[str, bytes], folder: Path) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


@given(tables())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_whatever_stands_in_a_table_comes_back(entries: list[Entry]) -> None:
    rest = [entry for entry in read_folder(GOOD).entries if entry.kind in ("answer", "words")]
    first = write_files([*rest, *entries])
    with tempfile.TemporaryDirectory() as home:
        written(first, Path(home))
        folder = read_folder(Path(home))
    assert not folder.problems.found
    told = [entry for entry in folder.entries if entry.kind != FILE]
    assert digest(told) == digest([*rest, *entries])
    assert write_files(folder.entries) == first


def test_a_documents_place_is_written_only_where_there_is_one() -> None:
    entries = read_folder(GOOD).entries
    assert write_files(entries)["documents.csv"] == (GOOD / "documents.csv").read_bytes()
    document: dict[str, Any] = {"id": "县文", "title": "县里的通知", "issuer": "县民政局", "region": "420111"}
    more = applied(entries, [Change("document", "县文", {**document, "status": "in_force", "verified": "yes"})])
    table = write_files(more)["documents.csv"].decode().splitlines()
    assert table[0].endswith(",note,region")
    assert table[-1].endswith(",420111")
    assert all(line.endswith(",") for line in table[1:-1])
