"""Entries of any depth as YAML: what was written comes back, always in the same shape, comments above entries kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.knowledge.entry import Entry
from bot.knowledge.files import read_folder
from bot.knowledge.written import write_files
from bot.knowledge.written_yaml import block
from tests.knowledge.broken import GOOD

SAID = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n:#-'\"{}[],&*!|>%@` "), max_size=30)
NAMES = st.sampled_from(
    ["id", "text", "test", "when", "term", "clause", "clauses", "papers", "steps", "fields", "words"]
)
DATA = st.recursive(
    SAID,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(data=st.dictionaries(NAMES, DATA, min_size=1, max_size=5))
def test_whatever_an_editor_types_comes_back(data: dict[str, Any]) -> None:
    assert yaml.load(block(data), yaml.BaseLoader) == data


@given(data=st.dictionaries(NAMES, DATA, min_size=1, max_size=5))
def test_the_order_it_was_kept_in_makes_no_difference(data: dict[str, Any]) -> None:
    assert block(dict(reversed(data.items()))) == block(data)


def test_conditions_stay_in_one_line_and_long_texts_do_not() -> None:
    test = {"all": [{"is": ["tonight", "home"]}, {"less": ["per_person_income", {"times": ["1.5", "figure.dibao"]}]}]}
    written = block({"id": "a", "conditions": [{"id": "b", "text": "第一行\n第二行\n", "test": test}]})
    assert written == (
        "id: a\nconditions:\n- id: b\n  text: |\n    第一行\n    第二行\n"
        "  test: {all: [{is: [tonight, home]}, {less: [per_person_income, {times: ['1.5', figure.dibao]}]}]}"
    )


def test_a_comment_above_an_entry_is_kept(tmp_path: Path) -> None:
    words = "# all of it\nwords:\n  greet: 您好\n  # what is said at night\n  # and early\n  night: 晚上好\n"
    for name, content in write_files(read_folder(GOOD).entries).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    (tmp_path / "words.yml").write_text(words, encoding="utf-8")
    entries = read_folder(tmp_path).entries
    assert write_files(entries)["words.yml"].decode() == words
    fewer = [one for one in entries if one.key != "night"]
    assert b"at night" not in write_files(fewer)["words.yml"], "it goes with its entry"


def test_what_was_added_in_the_office_gets_a_file_of_its_own() -> None:
    programme = Entry("programme", "new_one", {"id": "new_one", "name": "新的一项"})
    field = Entry("field", "pets", {"key": "pets", "label": "养了什么"})
    files = write_files([*read_folder(GOOD).entries, programme, field])
    assert files["programmes/new_one.yml"].decode() == "programme:\n  id: new_one\n  name: 新的一项\n"
    assert files["fields.yml"].decode() == "fields:\n- key: pets\n  label: 养了什么\n"
