"""Boxes of a page: what nobody touched stays down to the last sign, what is typed lands where the files have it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk.publicity import boxes
from bot.desk.publicity.boxes import Box, place_shown, place_typed
from bot.desk.publicity.sheets import EDITABLE
from bot.errors import BadInput
from bot.hours import DAYS, week_of
from bot.knowledge.edition import Edition
from bot.knowledge.entry import Entry
from bot.knowledge.files import read_folder
from bot.knowledge.service_hours import spans_of
from bot.regions import RegionTree
from tests.desk.conftest import CONTENT

REGIONS = RegionTree.from_csv(CONTENT / "regions.csv")
_ALL = read_folder(CONTENT).entries
DESK: Any = SimpleNamespace(regions=REGIONS, edition=Edition(1, _ALL, REGIONS))
ENTRIES = [one for one in _ALL if one.kind in EDITABLE]
KINDS = sorted({one.kind for one in ENTRIES})


def sent(shown: Iterable[Box], **typed: Sequence[str]) -> dict[str, Sequence[str]]:
    """What a browser would send of a page with these boxes; line breaks as browsers send them."""
    form: dict[str, Sequence[str]] = {}
    for box in shown:
        if box.how in ("many", "clauses", "week"):
            form[f"has.{box.name}"] = ["1"]
        if box.how == "many":
            form[box.name] = [code for code, _, chosen in box.choices if chosen]
        elif box.how == "one":
            form[box.name] = [next((code for code, _, chosen in box.choices if chosen), "")]
        elif box.how == "clauses":
            form[box.name] = [document for document, _ in box.rows]
            form[f"{box.name}.clause"] = [clause for _, clause in box.rows]
        elif box.how == "week":
            form[box.name] = [times for _, times in box.rows]
        else:
            form[box.name] = [box.value.replace("\n", "\r\n")]
    return form | typed


def read(kind: str, data: Mapping[str, Any], form: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    return boxes.read(DESK, kind, lambda name: form.get(name, ()), data)


def some(kind: str, key: str = "") -> Entry:
    return next(one for one in ENTRIES if one.kind == kind and key in ("", one.key))


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_sent_back_untouched_changes_nothing(kind: str) -> None:
    for entry in ENTRIES:
        if entry.kind == kind:
            assert read(kind, entry.data, sent(boxes.boxes(DESK, kind, entry.data))) == entry.data, entry.key


def test_what_a_page_did_not_send_stays() -> None:
    entry = some("answer")
    assert read("answer", entry.data, {}) == entry.data


def test_each_box_of_an_answer_lands_where_the_files_have_it() -> None:
    entry = some("answer", "dibao-days")
    form = sent(
        boxes.boxes(DESK, "answer", entry.data),
        **{
            "title": ["低保几天办好"],
            "text": ["一般20天。\r\n打12345问。"],
            "phrasings": ["几天办好\r\n\r\n 要多久 \r\n"],
            "scope.region": ["420111 湖北省武汉市洪山区"],
            "scope.to": ["2027-06-30"],
            "scope.channels": ["wechat", "app"],
            "basis": ["社会救助法", "", "低保审核确认办法"],
            "basis.clause": ["第44条", "", ""],
        },
    )
    made = read("answer", entry.data, form)
    assert made["text"] == "一般20天。\n打12345问。\n"
    assert made["phrasings"] == ["几天办好", "要多久"]
    assert made["scope"] == {
        "from": "2026-07-01",
        "region": "420111",
        "to": "2027-06-30",
        "channels": ["wechat", "app"],
    }
    assert made["basis"] == [{"document": "社会救助法", "clause": "第44条"}, {"document": "低保审核确认办法"}]
    assert {name for name in made if made[name] != entry.data.get(name)} == {
        "title",
        "text",
        "phrasings",
        "scope",
        "basis",
    }


def test_a_local_answer_becomes_the_nations_by_name() -> None:
    data = {**some("answer").data, "scope": {"region": "420111", "from": "2026-07-01"}}
    made = read("answer", data, sent(boxes.boxes(DESK, "answer", data), **{"scope.region": ["全国"]}))
    assert made["scope"] == {"from": "2026-07-01"}


def test_a_place_that_moves_brings_its_name_with_it() -> None:
    entry = some("standard")
    form = sent(boxes.boxes(DESK, "standard", entry.data), region=["洪山区"])
    made = read("standard", entry.data, form)
    assert (made["region"], made["region_name"]) == ("420111", "洪山区")


def test_what_is_no_place_stays_for_the_check_to_name() -> None:
    assert place_typed(DESK, "没有这地方") == "没有这地方"
    assert place_typed(DESK, " 全国 ") == "000000"


def test_every_division_comes_back_from_its_box() -> None:
    codes = [region.code for region in REGIONS.children("000000")]
    codes += [below.code for code in codes for below in REGIONS.children(code)]
    for code in codes:
        assert place_typed(DESK, place_shown(DESK, code)) == code


def test_hours_are_typed_as_people_write_them() -> None:
    entry = some("hours")
    times = ["8：30—12：00，13:30到17:00"] * 4 + ["08:30-12:00", "", ""]
    made = read("hours", entry.data, sent(boxes.boxes(DESK, "hours", entry.data), spans=times))
    assert made["spans"] == "mon-thu 08:30-12:00 13:30-17:00; fri 08:30-12:00"


def test_hours_nobody_understands_are_kept_for_the_check_to_name() -> None:
    entry = some("hours")
    made = read("hours", entry.data, sent(boxes.boxes(DESK, "hours", entry.data), spans=["上午", *[""] * 6]))
    assert "上午" in made["spans"]


def test_a_kind_that_is_not_edited_here_is_refused() -> None:
    with pytest.raises(BadInput):
        boxes.boxes(DESK, "form", {})


_SPAN = st.sampled_from(["08:30-12:00", "08:30-12:00 13:30-17:00", "09:00-21:00", ""])


@settings(deadline=None)
@given(st.lists(_SPAN, min_size=7, max_size=7).filter(any))
def test_any_week_is_the_same_week_again(times: list[str]) -> None:
    week = week_of("; ".join(f"{day} {one}" for day, one in zip(DAYS, times, strict=True) if one))
    assert week_of(spans_of(week)) == week


_TEXT = st.text("天地 　,，、｜|=+-@<>&\"'{}0é\u202e\u0301👪", max_size=40)


@settings(deadline=None, max_examples=60)
@given(title=_TEXT, text=_TEXT, phrasings=st.lists(_TEXT.filter(str.strip), max_size=4))
def test_whatever_is_typed_is_shown_again_as_it_was(title: str, text: str, phrasings: list[str]) -> None:
    entry = some("answer")
    form = sent(boxes.boxes(DESK, "answer", entry.data), title=[title], text=[text], phrasings=["\r\n".join(phrasings)])
    made = read("answer", entry.data, form)
    again = read("answer", made, sent(boxes.boxes(DESK, "answer", made)))
    assert again == made
    assert str(made.get("title", "")).strip() == title.strip()
    assert str(made.get("text", "")).strip() == text.strip()
