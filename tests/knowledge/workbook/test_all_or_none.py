"""Whatever somebody types into a workbook: every changed row stands in a sound edition, or a row is refused and none does."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.knowledge.applying import applied
from bot.knowledge.check import check_entries
from bot.knowledge.entry import shelf_of
from bot.knowledge.workbook.comparing import compare
from bot.knowledge.workbook.reading import Row
from bot.knowledge.workbook.sheets import SHEETS
from tests.knowledge.broken import DAY, regions
from tests.knowledge.workbook.books import book, rows, small

_TYPED = st.sampled_from(
    [
        "",
        "x",
        "1400",
        "2026-07-01",
        "2099-01-01",
        "420111",
        "打12345问。",
        "您不符合",
        "救助法｜第42条",
        "已核实",
        "=1+1",
        "低保怎么申请",
    ]
) | st.text(st.characters(codec="utf-8"), max_size=8)
_EDIT = st.tuples(st.integers(0, 10_000), st.integers(0, 10_000), _TYPED)


@cache
def sent() -> tuple[Row, ...]:
    return tuple(rows(book(small())))


def edited(edits: list[tuple[int, int, str]], removed: list[int], copied: list[int]) -> list[Row]:
    made = list(sent())
    made += [replace(made[at % len(made)], line=500 + number) for number, at in enumerate(copied)]
    for row, column, text in edits:
        at = row % len(made)
        columns = SHEETS[made[at].kind].columns
        made[at] = replace(made[at], cells={**made[at].cells, columns[column % len(columns)].name: text})
    for row in removed:
        made[row % len(made)] = replace(made[row % len(made)], remove=True)
    return made


@given(
    st.lists(_EDIT, max_size=4),
    st.lists(st.integers(0, 10_000), max_size=1),
    st.lists(st.integers(0, 10_000), max_size=1),
)
@settings(max_examples=60, deadline=None)
def test_all_rows_stand_or_none(edits: list[tuple[int, int, str]], removed: list[int], copied: list[int]) -> None:
    head = list(small())
    comparison = compare(edited(edits, removed, copied), head, head, regions(), DAY, lambda *_: "")
    assert len(comparison.outcomes) == len(sent()) + len(copied), "no row is forgotten"
    for one in comparison.outcomes:
        assert bool(one.reasons) == (one.how == "refused"), "who is refused is told why"
    if comparison.refused:
        return
    changes = [one.change for one in comparison.outcomes if one.changes]
    made = applied(head, changes)
    assert check_entries(made, regions(), DAY).refusals == ()
    after = shelf_of(made)
    for change in changes:
        assert change.data is None or change.data in after.values()
    touched = {(change.kind, change.key) for change in changes}
    assert {
        name: data for name, data in shelf_of(head).items() if name not in touched
    }.items() <= after.items()  # the rest is as it was
