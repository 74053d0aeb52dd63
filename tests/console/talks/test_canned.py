"""Approved words to send, found by plain text in the content as it is, and filled for the resident's place."""

from __future__ import annotations

import pytest

from bot.clock import FixedClock
from bot.desk.desk import Desk
from bot.desk.ports import Store
from bot.regions import RegionTree
from console.talks.canned import put, search
from tests.in_force import in_force, real

HERE = "420111"


@pytest.fixture
async def desk(store: Store, clock: FixedClock, regions: RegionTree) -> Desk:
    return Desk(store, clock, regions, await in_force(store, real(), clock, regions))


async def test_what_officers_look_for_is_found_first(desk: Desk) -> None:
    for words, title in (("低保 材料", "低保要什么材料"), ("低保多少天", "低保多少天能办完")):
        found = search(desk, words, HERE, "wechat")
        assert found[0].title == title
        assert found[0].text
        assert found[0].source.startswith("依据：《")
    assert search(desk, "今天天气", HERE, "wechat") == []
    assert search(desk, "？！", HERE, "wechat") == []


async def test_only_what_can_be_said_as_it_stands_is_offered(desk: Desk) -> None:
    """An answer that needs a figure is offered where the place has one, with it; never as a question."""
    lookups = [one for one in desk.edition.answers.values() if one.lookup]
    assert lookups
    for answer in lookups:
        for region in ("", HERE):
            said = put(desk, answer.id, region, "wechat")
            assert said is None or "您在哪" not in said.text
            assert said is None or region or "{" not in said.text
    assert put(desk, "no-such-answer", HERE, "wechat") is None


async def test_every_offer_is_the_published_text(desk: Desk) -> None:
    for answer in list(desk.edition.answers.values())[::25]:
        said = put(desk, answer.id, HERE, "wechat")
        if said is not None:
            assert (
                answer.text.strip().splitlines()[-1] in said.text
                or desk.edition.answers[said.id].text.strip() in said.text
            )
