"""Changes on an edition: what was published stays, files ↔ entries round trip, whatever is put in or taken away."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.knowledge.applying import Change, applied, entry_digest, entry_key, region_of
from bot.knowledge.entry import FILE, PROTECTED, STOP, Entry, digest
from bot.knowledge.files import read_folder
from bot.knowledge.written import write_files

GOOD = Path(__file__).parents[1] / "samples" / "broken_content" / "good"
ENTRIES = tuple(read_folder(GOOD).entries)
ANSWERS = [entry for entry in ENTRIES if entry.kind == "answer"]
STOPPED = {
    "id": "s-1",
    "of": "answer",
    "region": "000000",
    "from": "2026-11-01",
    "reason": "核对",
    "words": "请打12345。",
}
ASKED = {"id": "q-1", "question": "低保怎么申请", "region": "000000", "expect": "outcome:clarified", "why": "常问"}


def folder_of(entries: list[Entry]) -> list[Entry]:
    """Written as files and read again."""
    with TemporaryDirectory() as place:
        for name, content in write_files(entries).items():
            path = Path(place) / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        read = read_folder(Path(place))
        assert read.problems.found == []
        return read.entries


@st.composite
def changes(draw: st.DrawFn) -> list[Change]:
    made: dict[tuple[str, str], Change] = {}
    for entry in draw(st.lists(st.sampled_from(ANSWERS), max_size=3)):
        how = draw(st.sampled_from(["gone", "text", "same"]))
        data = (
            None if how == "gone" else {**entry.data, "text": draw(st.text("低保请问，。a1", min_size=1, max_size=20))}
        )
        made[entry.kind, entry.key] = Change(entry.kind, entry.key, dict(entry.data) if how == "same" else data)
    for number in range(draw(st.integers(0, 3))):
        key = f"new-{number}"
        programme = draw(st.sampled_from(["dibao", "tekun", "falv"]))
        made["answer", key] = Change("answer", key, {**ANSWERS[0].data, "id": key, "programme": programme})
    if draw(st.booleans()):
        made[STOP, "s-1"] = Change(STOP, "s-1", {**STOPPED, "target": ANSWERS[0].key})
    if draw(st.booleans()):
        made[PROTECTED, "q-1"] = Change(PROTECTED, "q-1", ASKED)
    return list(made.values())


@settings(max_examples=40, deadline=None)
@given(changes())
def test_the_old_edition_stands_and_the_new_one_exports_and_loads_to_itself(wanted: list[Change]) -> None:
    before = deepcopy(ENTRIES)
    made = applied(ENTRIES, wanted)
    assert before == ENTRIES
    there = {(one.kind, one.key): one.data for one in made if one.kind != FILE}
    expected = {(one.kind, one.key): one.data for one in ENTRIES if one.kind != FILE}
    for change in wanted:
        if change.data is None:
            expected.pop((change.kind, change.key))
        else:
            expected[change.kind, change.key] = change.data
    assert there == expected
    if any(one.kind == "answer" for one in made):
        again = folder_of(made)
        assert digest(again) == digest(made)
        assert write_files(again) == write_files(made)


@settings(max_examples=20, deadline=None)
@given(changes())
def test_taking_everything_back_is_the_edition_it_was(wanted: list[Change]) -> None:
    old = {(one.kind, one.key): one.data for one in ENTRIES}
    there = applied(ENTRIES, wanted)
    back = applied(there, [Change(kind, key, old.get((kind, key))) for kind, key, _ in wanted])
    assert {(one.kind, one.key): one.data for one in back if one.kind != FILE} == {
        key: data for key, data in old.items() if key[0] != FILE
    }


def test_a_row_without_an_id_is_named_by_what_it_says() -> None:
    row = next(entry for entry in ENTRIES if entry.kind == "standard")
    later = {**row.data, "from": "2031-01-01"}
    made = applied(ENTRIES, [Change("standard", row.key, later)])
    keys = {entry.key for entry in made if entry.kind == "standard"}
    assert row.key not in keys
    assert entry_key("standard", row.key, later) in keys


def test_what_cannot_be_applied_is_said() -> None:
    with pytest.raises(BadInput, match="两次"):
        applied(ENTRIES, [Change("answer", "x", {"id": "x"}), Change("answer", "x", None)])
    with pytest.raises(BadInput, match="已经不在"):
        applied(ENTRIES, [Change("answer", "no-such", None)])
    with pytest.raises(BadInput, match="编号不能改"):
        applied(ENTRIES, [Change("answer", ANSWERS[0].key, {**ANSWERS[0].data, "id": "other"})])


def test_names_of_what_an_entry_holds() -> None:
    assert entry_digest(None) == ""
    assert entry_digest({"a": "1", "b": "2"}) == entry_digest({"b": "2", "a": "1"}) != entry_digest({"a": "1"})
    assert region_of("answer", {"scope": {"region": "420000"}}) == "420000"
    assert region_of("answer", {}) == region_of("words", {"text": "x"}) == "000000"
    assert region_of("office", {"region": "420111"}) == "420111"
