"""One identical journey on every channel and on both databases (issue 6, done-when 1): asked, not understood at first,
pre-checked, applied with a photo, followed, handed to an officer and taken back.

It stands in 全程.yml; so does, step by step, what Weibo says where nothing personal may be said.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.messages import State
from connectors.sandbox import playing
from connectors.sandbox.handset import Handset
from connectors.sandbox.playing import Otherwise, Player
from connectors.sandbox.stories import PHONES, read_stories
from tests.databases import kinds

if TYPE_CHECKING:
    from tests.journeys.channels.served import Served
    from tests.journeys.town import Town

(STORY,) = read_stories(Path(__file__).parent)
QUICK = {("wechat", "sqlite")}
"""The other seven are played in `make proof`."""
PLAYED = [
    pytest.param(phone, kind, id=f"{phone} on {kind}", marks=[] if (phone, kind) in QUICK else [pytest.mark.proof])
    for phone in PHONES
    for kind in kinds()
]
PERSONAL = ("王桂英", "420111195803074122", "4122", "13800001234")


@pytest.mark.parametrize(("phone", "kind"), PLAYED)
async def test_the_same_journey_goes_the_same_way(
    phone: str, kind: str, town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.journeys.channels.served import served

    monkeypatch.setattr(playing, "LOOKS", 0.05)
    monkeypatch.setattr(playing, "SETTLES", 0.15)
    monkeypatch.setattr(playing, "WRITES", 0.0)  # the clock goes on by as much (`served`)
    told: list[str] = []
    async with served(town, kind, tmp_path) as made:
        try:
            await Player(
                made, STORY.on(phone), lambda who, what: told.append(f"{who}：{what}"), office=made.office
            ).play()
        except Otherwise as otherwise:
            pytest.fail(str(otherwise), pytrace=False)
        await nothing_is_left(made)
        read = {one: await screen(await made.of(one, STORY.who)) for one in PHONES}
    used = {phone, "wechat"} if phone == "weibo" else {phone}
    assert {one for one, text in read.items() if text} == used
    assert not [secret for secret in PERSONAL if secret in read["weibo"]], "strangers may look at Weibo"
    numbers = [one["seq"] for one in made.app.told]
    assert numbers == sorted(set(numbers)), "the app's stream brings each message once, in order"


async def screen(hand: Handset) -> str:
    return "\n".join(one.read for one in await hand.screen() if not one.mine)


async def nothing_is_left(made: Served) -> None:
    """Everything said by the resident was heard, everything said to them has left, and nothing failed on the way."""
    states: dict[str, int] = {}
    for _ in range(100):
        async with made.desk.store.reading() as work:
            states = {str(state): many for state, many in (await work.messages.by_state()).items() if many}
        if set(states) <= {State.HANDLED, State.SENT}:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"messages are left: {states}")
