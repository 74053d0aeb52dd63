"""A package is the same for the same case, holds what was listed, and names no file as somebody else wishes."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.case_ports import Case, Paper, Person
from bot.desk.cases.package import Contents, Line, pack
from bot.desk.cases.signing import OfficeKey
from bot.forms.model import Given

AT = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
KEY = OfficeKey("shi", "sm3", bytes(range(32)))
CASE = Case("c1", "4821930576121", "p1", "", "dibao", "420111", "submitted", 1, "", {}, {}, 0, AT, None, AT, AT, None)
PERSON = Person("p1", "王桂英", "420106195001011234", "13800008765", AT)


def contents(**changes: object) -> Contents:
    made = Contents(
        case=CASE,
        number="4821 9305 7612 1",
        programme="最低生活保障",
        region="湖北省武汉市洪山区",
        applicant=PERSON,
        helper=None,
        lines=[Line("家里", "几口人", "3")],
        labels={"household_size": "几口人"},
        consents=[],
        consent_titles={},
        papers=[],
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def opened(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_same_contents_give_the_same_bytes() -> None:
    assert pack(contents(), KEY) == pack(contents(), KEY)
    other = pack(contents(case=replace(CASE, answers={"household_size": Given(4)})), KEY)
    assert other.id != pack(contents(), KEY).id
    resigned = pack(contents(), replace(KEY, digest="sha256"))
    assert resigned.id == pack(contents(), KEY).id, "another key, the same case"


def test_everything_is_listed_and_nothing_else_is_there() -> None:
    paper = Paper("x", "c1", "d1", 1, "paper_identity", "kept", 3, AT)
    files = opened(pack(contents(papers=[(paper, b"jpg"), (paper, b"jpg2")]), KEY).data)
    listed = json.loads(files["manifest.json"])["files"]
    assert set(files) == {*listed, "manifest.json", "manifest.sig"}
    assert [name for name in files if name.startswith("papers/")] == [
        "papers/01-paper_identity.jpg",
        "papers/02-paper_identity.jpg",
    ]
    assert all(len(files[name]) == listed[name]["size"] for name in listed)


@pytest.mark.parametrize("kind", ["../../etc/passwd", "a/b", "..", "", "a\x00b", "纸", "x" * 300])
def test_no_kind_of_paper_leads_out_of_its_folder(kind: str) -> None:
    paper = Paper("x", "c1", "d1", 1, kind, "kept", 3, AT)
    files = opened(pack(contents(papers=[(paper, b"jpg")]), KEY).data)
    (name,) = (name for name in files if name.endswith(".jpg"))
    assert name.startswith("papers/01-")
    assert name.count("/") == 1
    assert ".." not in name
    assert len(name) < 64


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_words_become_markup(label: str, shown: str) -> None:
    page = opened(pack(contents(lines=[Line("<b>", label + "<img src=x>", shown + "</td><script>")]), KEY).data)[
        "form.html"
    ]
    text = page.decode()
    assert "<img" not in text
    assert "<script" not in text
    assert "<b>" not in text
