"""A document ends: what stands on it is decided entry by entry, and nothing is let out while something is not."""

from __future__ import annotations

from datetime import date

import pytest

from bot.desk.publicity import proposals, publishing
from bot.desk.publicity.deciding import END, REMOVE, REPLACE, Choice, decide, falling, hand_over
from bot.desk.publicity_ports import Proposal
from bot.errors import BadInput, Conflict, NotYours
from bot.knowledge.impact import succeeded
from bot.knowledge.problems import Refused
from tests.desk.publicity.conftest import KEY, Team, hired

LAW, NEW = "社会救助法", "新救助法"
DAY = date(2026, 12, 31)


async def register(team: Team, key: str = NEW, first: str = "2027-01-01") -> None:
    data = {
        "id": key, "title": f"中华人民共和国{key}", "issuer": "全国人大常委会", "dated": "2026-11-01", "in_force_from": first,
        "status": "in_force", "verified": "yes",
    }  # fmt: skip
    good = await team.approved(key, data, "document")
    await publishing.publish(team.desk, team.ann, {good.id: good.version})
    await team.live()


async def published(team: Team, made: list[Proposal]) -> int:
    good = await proposals.approve(team.desk, team.ann, {one.id: one.version for one in made})
    number = await publishing.publish(team.desk, team.ann, {one.id: one.version for one in good})
    await team.live()
    return number


async def test_everything_that_stands_on_it_is_a_row_once_with_its_clauses(team: Team) -> None:
    found = await falling(team.desk, team.ed, LAW, "2026-12-31")
    keys = [(row.kind, row.key) for row in found.rows]
    assert len(keys) == len(set(keys)) == found.undecided
    assert {(one.kind, one.key) for one in found.fall.falls} == set(keys)
    apply = next(row for row in found.rows if row.key == "dibao-apply")
    assert len(apply.clauses) > 1
    assert apply.may == (REPLACE, END, REMOVE)
    with pytest.raises(BadInput, match="没有登记"):
        await falling(team.desk, team.ed, "没有的文件")


async def test_old_and_new_each_hold_on_their_days(team: Team) -> None:
    """The new law begins on the first of January: until then the old text, from then on the same text on its clause."""
    await register(team)
    rows = (await falling(team.desk, team.ed, LAW, str(DAY))).rows
    chosen = [Choice(row.kind, row.key, REPLACE, ("第9条",)) for row in rows]
    made = await decide(team.desk, team.ed, LAW, DAY, NEW, chosen)
    assert {one.source for one in made} == {f"document:{LAW}"}
    found = await falling(team.desk, team.ed, LAW)
    assert found.fall.day == DAY, "the day its own draft names"
    assert (found.undecided, found.own is not None) == (0, True)
    sent = await hand_over(team.desk, team.ed, LAW)
    assert len(sent) == len(made)
    await published(team, list(sent))
    edition = team.desk.edition
    assert edition.documents[LAW].last == DAY
    assert edition.documents[LAW].replaced_by == NEW
    for day, document in ((date(2026, 12, 31), LAW), (date(2027, 1, 1), NEW)):
        answer = edition.answer("dibao-apply", "", day, "wechat")
        assert answer is not None
        assert document in {clause.document for clause in answer.basis}, day
    later = edition.answer(KEY, "", date(2027, 1, 1), "wechat")
    assert later is None or LAW not in {clause.document for clause in later.basis}
    assert (await falling(team.desk, team.ed, LAW)).rows == ()


async def test_nothing_goes_out_while_one_entry_is_undecided(team: Team) -> None:
    rows = (await falling(team.desk, team.ed, LAW, str(DAY))).rows
    made = await decide(team.desk, team.ed, LAW, DAY, "", [Choice(one.kind, one.key, END) for one in rows[:-1]])
    with pytest.raises(Refused) as refused:
        await hand_over(team.desk, team.ed, LAW)
    assert {one.entry for one in refused.value.problems} == {rows[-1].key}
    assert (await falling(team.desk, team.ed, LAW)).undecided == 1
    more = await decide(team.desk, team.ed, LAW, DAY, "", [Choice(rows[-1].kind, rows[-1].key, END)])
    assert len(more) == 1, "the document's own end is written once"
    sent = await hand_over(team.desk, team.ed, LAW)
    assert len(sent) == len(made) + 1
    alone = next(one for one in sent if one.kind == "document")
    good = await proposals.approve(team.desk, team.ann, {one.id: one.version for one in sent})
    with pytest.raises(Refused):
        await publishing.publish(team.desk, team.ann, {one.id: one.version for one in good if one.id == alone.id})
    await publishing.publish(team.desk, team.ann, {one.id: one.version for one in good})
    await team.live()
    assert all(row.last == DAY for key, row in _answers(team) if key in {one.key for one in rows})


def _answers(team: Team) -> list[tuple[str, object]]:
    return [(key, one.scope) for key, one in team.desk.edition.content.answers.items()]


async def test_figures_and_hotlines_are_decided_too(team: Team) -> None:
    """A figure without a last day would go on after its notice: the check names it, the page decides it."""
    content = team.desk.edition.content
    key, row = next(
        (key, row) for key, row in content.standards.items() if not row.last and not succeeded(content, key, DAY)
    )
    notice = row.document
    found = await falling(team.desk, team.ed, notice, str(DAY))
    assert ("standard", key) in {(one.kind, one.key) for one in found.rows}
    lone = await proposals.start(
        team.desk, team.ed, "document", notice, {**await team.entry(notice, "document"), "in_force_to": str(DAY)}
    )
    with pytest.raises(Refused, match="还在用"):
        await proposals.submit(team.desk, team.ed, {lone.id: lone.version})
    await proposals.withdraw(team.desk, team.ed, lone.id, lone.version)
    await decide(team.desk, team.ed, notice, DAY, "", [Choice(row.kind, row.key, row.may[1]) for row in found.rows])
    await published(team, list(await hand_over(team.desk, team.ed, notice)))
    assert all(row.last is not None for row in team.desk.edition.content.standards.values() if row.document == notice)


async def test_removing_is_a_decision_as_well(team: Team) -> None:
    rows = (await falling(team.desk, team.ed, LAW, str(DAY))).rows
    chosen = [Choice(row.kind, row.key, REMOVE if row.key == KEY else END) for row in rows]
    made = await decide(team.desk, team.ed, LAW, DAY, "", chosen, "新法里没有这一项")
    gone = next(one for one in made if one.key == KEY)
    assert gone.removes
    assert gone.note == "新法里没有这一项"


async def test_a_county_decides_its_own_and_all_or_none(team: Team) -> None:
    rows = (await falling(team.desk, team.wuhan, LAW, str(DAY))).rows
    assert all(row.may == () for row in rows), "the nation's answers are not theirs"
    with pytest.raises(NotYours):
        await decide(team.desk, team.wuhan, LAW, DAY, "", [Choice("answer", KEY, END)])
    reader = await hired(team.desk, "officer", next(iter(team.ann.roles)), ("000000",))
    with pytest.raises(NotYours):
        await decide(team.desk, reader, LAW, DAY, "", [Choice("answer", KEY, END)])
    await proposals.start(team.desk, team.eve, "answer", KEY)
    with pytest.raises(Conflict):
        await decide(
            team.desk, team.ed, LAW, DAY, "", [Choice("answer", "dibao-apply", END), Choice("answer", KEY, END)]
        )
    found = await falling(team.desk, team.ed, LAW, str(DAY))
    assert [row.key for row in found.rows if row.proposal] == [KEY], "the other draft was not begun either"


@pytest.mark.parametrize(
    ("by", "choices", "said"),
    [
        ("", [], "还没有选"),
        ("没有的", [Choice("answer", KEY, REPLACE)], "从列表里选"),
        (LAW, [Choice("answer", KEY, REPLACE)], "从列表里选"),
        ("", [Choice("answer", KEY, REPLACE)], "先选由哪份文件代替"),
        ("", [Choice("programme", "dibao", END)], "不能这样定"),
        ("", [Choice("answer", "no-such", END)], "不能这样定"),
    ],
)
async def test_what_cannot_be_decided_is_said(team: Team, by: str, choices: list[Choice], said: str) -> None:
    if not choices:
        await decide(team.desk, team.ed, LAW, DAY, "", [Choice("answer", KEY, END)])
    with pytest.raises(BadInput, match=said):
        await decide(team.desk, team.ed, LAW, DAY, by, choices)
