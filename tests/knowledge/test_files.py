"""Plain files in, plain files out: what was exported loads to the same edition, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.knowledge.entry import Entry, digest
from bot.knowledge.files import read_folder
from bot.knowledge.written import write_files
from tests.knowledge.broken import GOOD, ROOT


def written(entries: list[Entry], folder: Path) -> dict[str, bytes]:
    files = write_files(entries)
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return files


@pytest.mark.parametrize("folder", [GOOD, ROOT / "content"], ids=["good", "real"])
def test_an_export_is_the_folder_it_came_from(folder: Path) -> None:
    for name, content in write_files(read_folder(folder).entries).items():
        assert content.decode() == (folder / name).read_text(encoding="utf-8"), name


def test_the_store_keeps_no_order_of_keys_and_the_export_does_not_mind() -> None:
    entries = read_folder(GOOD).entries
    shuffled = [Entry(one.kind, one.key, dict(sorted(one.data.items(), reverse=True))) for one in reversed(entries)]
    assert write_files(shuffled) == write_files(entries)
    assert digest(shuffled) == digest(entries)


def test_an_answer_added_in_the_office_is_exported_to_a_file_of_its_own(tmp_path: Path) -> None:
    folder = read_folder(GOOD)
    answer = next(one for one in folder.entries if one.kind == "answer")
    added = Entry("answer", "new-one", {**answer.data, "id": "new-one"})
    files = written([*folder.entries, added], tmp_path)
    assert b"new-one" in files["faq/new.yml"]
    again = read_folder(tmp_path)
    assert {(one.kind, one.key) for one in again.entries} >= {("answer", "new-one"), ("file", "faq/new.yml")}


def test_an_answer_taken_away_leaves_its_file(tmp_path: Path) -> None:
    entries = [one for one in read_folder(GOOD).entries if one.kind != "answer"]
    assert not any(name.startswith("faq/") for name in written(entries, tmp_path))


def test_scalars_are_the_text_that_stands_there(tmp_path: Path) -> None:
    (tmp_path / "faq").mkdir()
    (tmp_path / "words.yml").write_text(
        "# head\nwords:\n  number: 12345\n  yes: no\n  day: 2026-07-01\n", encoding="utf-8"
    )
    words = {one.key: one.data["text"] for one in read_folder(tmp_path).entries if one.kind == "words"}
    assert words == {"number": "12345", "yes": "no", "day": "2026-07-01"}


SAID = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n:#-'\"{}[],&*!|>%@` "), max_size=40)


@settings(max_examples=300, deadline=None)
@given(texts=st.lists(SAID.map(str.strip).filter(bool), min_size=2, max_size=4, unique=True), block=SAID, place=SAID)
def test_whatever_an_editor_types_comes_back(texts: list[str], block: str, place: str) -> None:
    data = {
        "id": "a", "title": texts[0], "text": block, "phrasings": texts,
        "basis": [{"document": texts[1], "clause": place}], "scope": {"region": place, "channels": texts},
    }  # fmt: skip
    entries = [
        Entry("answer", "a", data),
        Entry("file", "faq/a.yml", {"entries": ["a"]}),
        Entry("words", "w", {"text": block}),
    ]
    files = write_files(entries)
    answer = yaml.load(files["faq/a.yml"], yaml.BaseLoader)["answers"][0]
    assert answer == data
    assert yaml.load(files["words.yml"], yaml.BaseLoader)["words"]["w"] == block
