"""From an approved proposal to what residents get: whole editions, protected questions, two approvers at once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.desk.ports import Store
from bot.desk.publicity import proposals, publishing
from bot.desk.publicity_ports import State
from bot.errors import BadInput, Conflict, NotYours
from bot.knowledge.entry import PROTECTED, Entry
from bot.knowledge.problems import Refused
from tests.desk.publicity.conftest import KEY, Team
from tests.desk.publicity.test_proposals import worded


async def test_what_was_approved_is_the_next_edition_and_encodes_nothing(team: Team) -> None:
    data = worded(await team.entry(), "可以打12345问。")
    data["phrasings"] = [*data["phrasings"], "特困到底指的是哪些人呀"]
    before = await team.entries()
    good = await team.approved(KEY, data)
    await publishing.preview(team.desk, team.ann, [good.id])  # as the page does before the button is there
    heard = [len(one.seen) for one in team.encoders]
    number = await publishing.publish(team.desk, team.ann, {good.id: good.version})
    assert [len(one.seen) for one in team.encoders] == heard
    assert number == 2
    assert await team.entry() == data
    assert await team.entries(1) == before  # what was published stands as it was
    async with team.desk.store.reading() as work:
        done = await work.proposals.get(good.id)
    assert (done.state, done.published) == (State.PUBLISHED, 2)
    await team.live()
    assert team.desk.edition.answers[KEY].text.endswith("可以打12345问。")
    assert {"edition": 2, "step": "published", "proposal": good.id, "approver": team.ann.id} in await team.steps()


async def test_several_are_one_edition_or_none(team: Team) -> None:
    one = await team.approved(KEY, worded(await team.entry(), "第一句。"))
    other = await team.approved("dibao-apply", worded(await team.entry("dibao-apply"), "第二句。"))
    with pytest.raises(Conflict):
        await publishing.publish(team.desk, team.ann, {one.id: one.version, other.id: other.version - 1})
    assert len(await team.entries()) == len(await team.entries(1))
    assert await publishing.publish(team.desk, team.abe, {one.id: one.version, other.id: other.version}) == 2


async def test_what_nobody_approved_is_not_published(team: Team) -> None:
    draft = await proposals.start(team.desk, team.ed, "answer", KEY)
    with pytest.raises(BadInput, match="通过以后"):
        await publishing.publish(team.desk, team.ann, {draft.id: draft.version})
    with pytest.raises(NotYours):
        await publishing.publish(team.desk, team.ed, {draft.id: draft.version})


async def test_a_text_somebody_published_meanwhile_is_not_written_over(team: Team) -> None:
    good = await team.approved(KEY, worded(await team.entry(), "我的一句。"))
    theirs = worded(await team.entry(), "文件里的一句。")
    async with team.desk.store.writing() as work:
        entries = [Entry("answer", KEY, theirs) if (one.kind, one.key) == ("answer", KEY) else one
                   for one in await work.editions.read(1)]  # fmt: skip
        await work.editions.publish(entries, 1, "cli", "from files", team.desk.clock.now())
        await work.commit()
    with pytest.raises(publishing.Moved) as moved:
        await publishing.publish(team.desk, team.ann, {good.id: good.version})
    assert moved.value.proposals[0].id == good.id
    assert any("文件里的一句" in line for change in moved.value.changes for line in change.lines)
    assert await team.entry() == theirs
    assert (await publishing.preview(team.desk, team.ann, [good.id])).moved == (good.id,)


async def test_of_two_who_publish_at_once_one_wins(team: Team, second_store: Store) -> None:
    from dataclasses import replace

    one = await team.approved(KEY, worded(await team.entry(), "第一句。"))
    other = await team.approved("dibao-apply", worded(await team.entry("dibao-apply"), "第二句。"))
    there = replace(team.desk, store=second_store, meaning=None)
    here = replace(team.desk, meaning=None)
    done = await asyncio.gather(
        publishing.publish(here, team.ann, {one.id: one.version}),
        publishing.publish(there, team.abe, {other.id: other.version}),
        return_exceptions=True,
    )
    numbers = [number for number in done if isinstance(number, int)]
    assert sorted(numbers) in ([2], [2, 3])  # never two editions of one number
    for trouble in done:
        assert isinstance(trouble, int | Conflict), trouble
    async with team.desk.store.reading() as work:
        states = [one.state for one in await work.proposals.several([one.id, other.id])]
    assert states.count(State.PUBLISHED) == len(numbers)


async def test_one_and_the_same_proposal_goes_out_once(team: Team) -> None:
    good = await team.approved(KEY, worded(await team.entry(), "一句。"))
    done = await asyncio.gather(
        *(publishing.publish(team.desk, who, {good.id: good.version}) for who in (team.ann, team.abe)),
        return_exceptions=True,
    )
    assert sum(isinstance(one, int) for one in done) == 1, done
    async with team.desk.store.reading() as work:
        assert await work.editions.head() == 2


async def protect(team: Team, question: str, expect: str, id: str = "q-test") -> None:
    data = {"id": id, "question": question, "region": "000000", "expect": expect, "why": "很多人靠它"}
    good = await team.approved(id, data, PROTECTED)
    await publishing.publish(team.desk, team.ann, {good.id: good.version})
    await team.live()


async def test_a_protected_question_that_changes_must_be_accepted_by_name(team: Team) -> None:
    title = (await team.entry())["title"]
    await protect(team, title, f"answer:{KEY}")
    data: dict[str, Any] = await team.entry()
    other = await team.entry("tekun-apply")
    # The wording moves to another answer: nothing about either looks wrong.
    moved = {**data, "title": "特困人员供养的意思", "phrasings": [one for one in data["phrasings"] if one != title]}
    taken = {**other, "phrasings": [*other["phrasings"], title]}
    seen = await team.approved_together({KEY: moved, "tekun-apply": taken})
    shown = await publishing.preview(team.desk, team.ann, list(seen))
    assert [(one.id, one.before, one.after) for one in shown.protected] == [
        ("q-test", f"answer:{KEY}", "answer:tekun-apply")
    ]
    with pytest.raises(publishing.NotAccepted, match="受保护"):
        await publishing.publish(team.desk, team.ann, seen)
    with pytest.raises(publishing.NotAccepted):
        await publishing.publish(team.desk, team.ann, seen, accepted=["another"])
    number = await publishing.publish(team.desk, team.ann, seen, accepted=["q-test"])
    async with team.desk.store.reading() as work:
        (kept,) = await work.proposals.accepted(number)
    assert (kept.question, kept.after, kept.actor) == ("q-test", "answer:tekun-apply", team.ann.id)


async def test_to_protect_no_longer_is_accepted_by_name_too(team: Team) -> None:
    title = (await team.entry())["title"]
    await protect(team, title, f"answer:{KEY}")
    gone = await team.approved("q-test", None, PROTECTED)
    with pytest.raises(publishing.NotAccepted) as left:
        await publishing.publish(team.desk, team.ann, {gone.id: gone.version})
    assert left.value.changed[0].after == "gone"
    await publishing.publish(team.desk, team.ann, {gone.id: gone.version}, accepted=["q-test"])


async def test_faults_that_were_there_before_hold_up_nobody_else(team: Team) -> None:
    """A document dies by its own date; who mends another answer meanwhile is not stopped by it."""
    entries = await team.entries()
    dead = [
        Entry(one.kind, one.key, {**one.data, "in_force_to": "2026-11-20", "status": "repealed"})
        if (one.kind, one.key) == ("document", "社会救助法")
        else one
        for one in entries
    ]
    async with team.desk.store.writing() as work:
        await work.editions.publish(dead, 1, "test", "died", team.desk.clock.now())
        await work.commit()
    with pytest.raises(Refused):
        await team.approved(KEY, worded(await team.entry(), "一句。"))  # stands on the dead one itself
    hotline = await team.entry("h-12345", "hotline")
    good = await team.approved("h-12345", {**hotline, "note": "核对过"}, "hotline")
    assert await publishing.publish(team.desk, team.ann, {good.id: good.version}) == 3
