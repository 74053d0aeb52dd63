"""A-76, T-06: gateway or engine killed at any moment, fifty times, while residents write. What was acknowledged is
answered; a doubled answer is counted."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from connectors.sandbox import Delivered
from tests.proof.grounds import Grounds, grounds, told

pytestmark = [pytest.mark.proof, pytest.mark.alone]
KILLS, PEOPLE, A_SECOND = 50, 400, 8.0


async def test_fifty_kills_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    dice = random.Random(20261125)
    async with grounds(tmp_path / "home", cut_off=5.0) as here:
        port = await here.start_gateway()
        await here.engine.go()
        await here.start_engine()
        over = asyncio.Event()
        talking = asyncio.create_task(_talk(here, over, dice))
        died = {"gateway": 0, "engine": 0}
        for _ in range(KILLS):
            await asyncio.sleep(dice.uniform(0.3, 2.0))
            victim = dice.choice(("gateway", "gateway", "engine"))
            died[victim] += 1
            if victim == "gateway":
                await _kill(here.gateways["gateway"].process)
                await here.start_gateway(port=port)
            else:
                assert here.engine_process is not None
                await _kill(here.engine_process.process)
                await here.start_engine()
        over.set()
        delivered = await talking
        acknowledged = {f"答：{one.push.fields['Content']}" for one in delivered if any(one.answers)}
        settled = await here.until_quiet(180)
        seen = here.seen()
        lost = acknowledged - set(seen)
        doubled = seen.total() - len(seen)
        turns = len(here.memory.read_text("utf-8").splitlines())
        told(
            "A-76",
            [
                ("kills", died),
                ("messages", len(delivered)),
                ("acknowledged", len(acknowledged)),
                ("turns", turns),
                ("lost", len(lost)),
                ("doubled", doubled),
                ("seconds until quiet", round(settled)),
            ],
        )
        for text in sorted(lost)[:5]:
            told("lost", await _story(here, text.removeprefix("答："), delivered))
        assert len(acknowledged) > 100
        assert not lost
        # One per cent of kills; of fifty, one is as near as can be counted.
        assert doubled <= 1
        assert turns == len({line.split('"')[1] for line in here.memory.read_text("utf-8").splitlines()})


async def _story(here: Grounds, text: str, delivered: list[Delivered]) -> list[tuple[str, object]]:
    """Everything the database knows about a message that was not answered."""
    (one,) = [one for one in delivered if one.push.fields["Content"] == text]
    async with here.store.reading() as work:
        found = await work.conversations.by_sender("wechat", here.wechat.settings.account, one.push.openid)
        rows = await work.messages.history(found.id, 500) if found else []
    inbound = [row for row in rows if row.text == text]
    about = [(row.author.value, row.state.value, row.reason, row.attempts, row.text[:20]) for row in rows]
    return [("text", text), ("stored", len(inbound)), ("answers", one.answers), ("rows", about)]


async def _kill(process) -> None:  # type: ignore[no-untyped-def]
    process.kill()
    await asyncio.to_thread(process.wait, 10)


async def _talk(here: Grounds, over: asyncio.Event, dice: random.Random) -> list[Delivered]:
    """Residents write at random moments; each waits for nobody."""
    under_way: list[asyncio.Task[Delivered]] = []
    number = 0
    while not over.is_set():
        who = f"oProof{dice.randrange(PEOPLE):06d}"
        number += 1
        under_way.append(asyncio.create_task(here.wechat.say(who, f"第{number}问")))
        await asyncio.sleep(dice.expovariate(A_SECOND))
    return list(await asyncio.gather(*under_way))
