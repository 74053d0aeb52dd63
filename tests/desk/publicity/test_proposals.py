"""Two people for every word: drafts, two editors in one, who may approve, and nothing half done."""

from __future__ import annotations

from typing import Any

import pytest

from bot.desk.publicity import proposals
from bot.desk.publicity_ports import State
from bot.errors import BadInput, Conflict, NotYours
from bot.knowledge.problems import Refused
from tests.desk.publicity.conftest import KEY, Team


def worded(data: dict[str, Any], text: str) -> dict[str, Any]:
    return {**data, "text": f"{data['text'].rstrip()}\n{text}\n"}


async def test_a_draft_begins_as_published_and_is_one_for_all_editors(team: Team) -> None:
    first = await proposals.start(team.desk, team.ed, "answer", KEY)
    assert (first.data, first.state, first.author) == (await team.entry(), State.DRAFT, team.ed.id)
    again = await proposals.start(team.desk, team.eve, "answer", KEY)
    assert again.id == first.id
    with pytest.raises(Conflict, match="正有人在改"):
        await proposals.start(team.desk, team.eve, "answer", KEY, await team.entry())


async def test_the_second_save_is_refused_with_the_first_ones_text_and_nothing_is_lost(team: Team) -> None:
    draft = await proposals.start(team.desk, team.ed, "answer", KEY)
    mine, hers = worded(await team.entry(), "一句话。"), worded(await team.entry(), "另一句。")
    kept = await proposals.save(team.desk, team.ed, draft.id, draft.version, mine)
    with pytest.raises(proposals.SavedByOther) as late:
        await proposals.save(team.desk, team.eve, draft.id, draft.version, hers)
    assert late.value.other.data == mine
    assert (await proposals.show(team.desk, team.eve, draft.id))[0] == kept
    merged = await proposals.save(team.desk, team.eve, draft.id, kept.version, hers, "两份合好了")
    assert (merged.data, merged.editors, merged.note) == (hers, (team.ed.id, team.eve.id), "两份合好了")


async def test_nobody_who_wrote_in_it_approves_it(team: Team) -> None:
    """Roles keep editor and approver apart; this holds whatever an account is given later."""
    draft = await proposals.start(team.desk, team.ed, "answer", KEY)
    draft = await proposals.save(team.desk, team.eve, draft.id, draft.version, worded(await team.entry(), "一句。"))
    (sent,) = await proposals.submit(team.desk, team.ed, {draft.id: draft.version})
    async with team.desk.store.writing() as work:
        both = await work.staff.change(team.eve, "test", team.desk.clock.now(), roles=["editor", "approver"])
        await work.commit()
    with pytest.raises(NotYours, match="您自己写的"):
        await proposals.approve(team.desk, both, {sent.id: sent.version})
    with pytest.raises(NotYours):
        await proposals.approve(team.desk, team.ed, {sent.id: sent.version})
    (good,) = await proposals.approve(team.desk, team.ann, {sent.id: sent.version})
    assert (good.state, good.approver) == (State.APPROVED, team.ann.id)


async def test_what_is_decided_is_what_was_shown(team: Team) -> None:
    draft = await proposals.start(team.desk, team.ed, "answer", KEY)
    (sent,) = await proposals.submit(team.desk, team.ed, {draft.id: draft.version})
    taken = await proposals.take_back(team.desk, team.ed, sent.id, sent.version)
    saved = await proposals.save(team.desk, team.ed, sent.id, taken.version, worded(await team.entry(), "新的一句。"))
    await proposals.submit(team.desk, team.ed, {saved.id: saved.version})
    with pytest.raises(Conflict, match="重新打开"):
        await proposals.approve(team.desk, team.ann, {sent.id: sent.version})


async def test_all_or_none_are_submitted(team: Team) -> None:
    good = await proposals.start(team.desk, team.ed, "answer", KEY)
    bad = await proposals.start(team.desk, team.ed, "answer", "dibao-apply")
    promised = worded(await team.entry("dibao-apply"), "您一定能通过。")
    bad = await proposals.save(team.desk, team.ed, bad.id, bad.version, promised)
    with pytest.raises(Refused, match="dibao-apply"):
        await proposals.submit(team.desk, team.ed, {good.id: good.version, bad.id: bad.version})
    assert (await proposals.show(team.desk, team.ed, good.id))[0].state is State.DRAFT


async def test_back_with_a_word_then_forward_again(team: Team) -> None:
    draft = await proposals.start(team.desk, team.ed, "answer", KEY)
    (sent,) = await proposals.submit(team.desk, team.ed, {draft.id: draft.version}, "请看")
    team.later()
    with pytest.raises(BadInput, match="写一句"):
        await proposals.return_(team.desk, team.ann, sent.id, sent.version, " ")
    back = await proposals.return_(team.desk, team.ann, sent.id, sent.version, "第二句太长")
    team.later()
    await proposals.comment(team.desk, team.ed, back.id, "已改短")
    team.later()
    (again,) = await proposals.submit(team.desk, team.ed, {back.id: back.version})
    team.later()
    gone = await proposals.withdraw(team.desk, team.ed, again.id, again.version, "不要了")
    said = [(one.what, one.text) for one in (await proposals.show(team.desk, team.ed, gone.id))[1]]
    assert said == [
        ("submitted", "请看"),
        ("returned", "第二句太长"),
        ("comment", "已改短"),
        ("submitted", ""),
        ("withdrawn", "不要了"),
    ]
    fresh = await proposals.start(team.desk, team.ed, "answer", KEY)
    assert fresh.id != draft.id
    assert [one.get("step") for one in await team.steps()][-1] == "draft"


async def test_an_editor_of_a_city_writes_only_what_holds_there(team: Team) -> None:
    with pytest.raises(NotYours, match="不归您"):
        await proposals.start(team.desk, team.wuhan, "answer", KEY)
    local = await team.entry()
    local |= {"id": "tekun-what-wuhan", "scope": {**local["scope"], "region": "420100"}}
    made = await proposals.start(team.desk, team.wuhan, "answer", "tekun-what-wuhan", local)
    assert made.region == "420100"
    with pytest.raises(NotYours, match="不归您"):
        wide = {**local, "scope": {**local["scope"], "region": "000000"}}
        await proposals.save(team.desk, team.wuhan, made.id, made.version, wide)
    with pytest.raises(NotYours, match="不能写"):
        await proposals.start(team.desk, team.ann, "answer", KEY)


async def test_an_id_is_not_changed_and_unknown_places_are_refused(team: Team) -> None:
    data = await team.entry()
    with pytest.raises(BadInput, match="编号不能改"):
        await proposals.start(team.desk, team.ed, "answer", "new-one", data)
    with pytest.raises(BadInput, match="行政区划表"):
        await proposals.start(
            team.desk, team.ed, "answer", KEY, {**data, "scope": {"region": "999999", "from": "2026-01-01"}}
        )
    with pytest.raises(BadInput, match="没有“secret”"):
        await proposals.start(team.desk, team.ed, "secret", "x", {"id": "x"})


async def test_a_draft_is_sealed_in_the_database(team: Team, database: Any) -> None:
    words = "一位老人问过的原话"
    draft = await proposals.start(team.desk, team.ed, "answer", KEY)
    await proposals.save(team.desk, team.ed, draft.id, draft.version, worded(await team.entry(), words), words)
    await proposals.comment(team.desk, team.ed, draft.id, words)
    if database.kind == "sqlite":
        raw = b"".join(path.read_bytes() for path in database.path.parent.glob("bot.db*"))
        assert words.encode() not in raw
