"""The office published before an upgrade: drafts are tried and published over its edition, with the words that ship."""

from __future__ import annotations

from dataclasses import replace

from bot.desk.publicity import ahead, publishing
from bot.knowledge.entry import PROTECTED, WORDS, Entry
from bot.knowledge.keeper import EditionKeeper
from tests.desk.publicity.conftest import KEY, Team
from tests.desk.publicity.test_proposals import worded


async def before_the_upgrade(team: Team, content: tuple[Entry, ...]) -> None:
    """An edition without any words is in force, and a program that brings them."""
    async with team.desk.store.writing() as work:
        older = [one for one in content if one.kind != WORDS]
        await work.editions.publish(older, 1, "test", "before the upgrade", team.desk.clock.now())
        await work.commit()
    keeper = EditionKeeper(team.desk.store, team.desk.regions, content)
    await keeper.refresh()
    team.desk = replace(team.desk, editions=keeper)


async def test_a_draft_is_tried_and_published(team: Team, content: tuple[Entry, ...]) -> None:
    await before_the_upgrade(team, content)
    expect = {
        "id": "q-test",
        "question": "你叫什么名字呀",
        "region": "000000",
        "expect": "outcome:declined",
        "why": "常问",
    }
    good = await team.approved("q-test", expect, PROTECTED)
    assert await publishing.publish(team.desk, team.ann, {good.id: good.version}) == 3
    await team.live()
    text = await team.approved(KEY, worded(await team.entry(), "可以打12345问。"))
    tried = await ahead.as_it_will_be(team.desk, team.ed, team.desk.today(), [text.id])
    assert tried.edition.words("ask_place") == team.desk.edition.words("ask_place")
    assert (await publishing.preview(team.desk, team.ann, [text.id])).protected == ()
    assert await publishing.publish(team.desk, team.ann, {text.id: text.version}) == 4
    assert all(one.kind != WORDS for one in await team.entries()), (
        "what is said as it ships is not published by the way"
    )
