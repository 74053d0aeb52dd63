"""`content check` knows stops and protected questions; documents that end are told before and after."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest

from bot.knowledge.check import check_entries
from bot.knowledge.content import parse
from bot.knowledge.entry import PROTECTED, STOP, Entry
from bot.knowledge.expiring import dead, endings
from bot.knowledge.files import read_folder
from bot.knowledge.impact import named_in_words
from bot.knowledge.problems import Problems
from bot.regions import RegionTree
from tests.knowledge.test_applying import ASKED, ENTRIES, STOPPED

DAY = date(2026, 11, 25)
ROOT = Path(__file__).parents[2]
ANSWER = next(entry.key for entry in ENTRIES if entry.kind == "answer")
OTHER = [entry.key for entry in ENTRIES if entry.kind == "answer"][1]


@pytest.fixture(scope="module")
def tree() -> RegionTree:
    return RegionTree.from_csv(ROOT / "content" / "regions.csv")


def refusals(tree: RegionTree, *more: Entry) -> str:
    return "\n".join(str(one) for one in check_entries([*ENTRIES, *more], tree, DAY).refusals)


def a_stop(**other: str) -> Entry:
    data = {name: said for name, said in ({**STOPPED, "target": ANSWER} | other).items() if said}
    return Entry(STOP, data["id"], data)


def asked(**other: str) -> Entry:
    data = {**ASKED, **other}
    return Entry(PROTECTED, data["id"], data)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (a_stop(), ""),
        (a_stop(target="no-such"), "要停的答案“no-such”没有"),
        (a_stop(of="programme", target="no"), "不是项目代码"),
        (a_stop(words="", instead=OTHER), ""),
        (a_stop(words=""), "要写一个"),
        (a_stop(instead=OTHER), "只写一个"),
        (a_stop(words="", instead="no-such"), "替代的答案“no-such”没有"),
        (a_stop(words="", instead=ANSWER), "自己也停了"),
        (a_stop(words="您一定能通过。"), "一定"),
        (a_stop(words="长" * 201), "最多200"),
        (a_stop(region="999999"), "不在行政区划表"),
        (asked(), ""),
        (asked(expect=f"answer:{ANSWER}"), ""),
        (asked(expect="answer:no-such"), "应得的答案“no-such”没有"),
        (asked(expect="outcome:perhaps"), "看不懂"),
        (asked(expect="danger:life"), ""),
        (asked(question="问" * 101), "最多100"),
        (asked(why=""), "缺少“why”"),
    ],
)
def test_a_guard_that_points_nowhere_is_refused(tree: RegionTree, entry: Entry, said: str) -> None:
    found = refusals(tree, entry)
    assert said in found if said else found == ""


def test_the_same_thing_twice_is_refused(tree: RegionTree) -> None:
    assert "同一处的同一件" in refusals(tree, a_stop(), a_stop(id="s-2"))
    assert "问的一样" in refusals(tree, asked(), asked(id="q-2", question="低保怎么申请？"))


def with_documents(**change: str) -> Iterable[Entry]:
    first = next(entry for entry in ENTRIES if entry.kind == "answer").data["basis"][0]["document"]
    for entry in ENTRIES:
        if (entry.kind, entry.key) == ("document", first):
            yield Entry(entry.kind, entry.key, {**entry.data, **change})
        else:
            yield entry


def test_a_document_that_ends_is_told_before_and_stays_until_something_is_decided(tree: RegionTree) -> None:
    soon = parse(list(with_documents(in_force_to="2026-12-01")), tree, Problems(), {})
    (told,) = [one for one in endings(soon, DAY) if one.kind == "document"]
    assert (told.days, told.step) == (6, 7)
    assert ANSWER in {one.key for one in told.hangs}
    assert dead(soon, DAY) == ()
    over = parse(list(with_documents(in_force_to="2026-06-01", status="repealed")), tree, Problems(), {})
    assert ANSWER in {one.key for one in dead(over, DAY)}
    assert [one.days < 0 for one in endings(over, DAY) if one.kind == "document"] == [True]
    report = check_entries(with_documents(in_force_to="2026-06-01", status="repealed"), tree, DAY)
    assert any(one.entry == ANSWER and "依据" in one.what for one in report.refusals)


def test_letters_that_name_a_document_are_found() -> None:
    tree = RegionTree.from_csv(ROOT / "content" / "regions.csv")
    entries = [*ENTRIES, Entry("words", "letter_test", {"text": "您好。\n按照《社会救助法》办理。"})]
    entries += (
        [
            Entry(
                "document",
                "社会救助法",
                {
                    "id": "社会救助法",
                    "title": "中华人民共和国社会救助法",
                    "issuer": "人大",
                    "status": "in_force",
                    "verified": "yes",
                },
            )
        ]
        if not any(one.key == "社会救助法" for one in ENTRIES)
        else []
    )
    content = parse(entries, tree, Problems(), {})
    assert ("letter_test", "按照《社会救助法》办理。") in named_in_words(content, "社会救助法")


def test_the_shipped_protected_questions_can_be_read(tree: RegionTree) -> None:
    entries = read_folder(ROOT / "content").entries
    assert sum(entry.kind == PROTECTED for entry in entries) >= 50
    assert check_entries(entries, tree, DAY).refusals == ()
