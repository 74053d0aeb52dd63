"""T-05: ten thousand pushes, each delivered one to four times, in any order and side by side: ten thousand turns, ten
thousand answers."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bot.messages import State
from connectors.sandbox import pushes
from tests.proof.grounds import grounds, told

pytestmark = [pytest.mark.proof, pytest.mark.alone]
PEOPLE, EACH = 2_500, 4


async def test_ten_thousand_pushes_are_ten_thousand_turns_and_answers(tmp_path: Path) -> None:
    async with grounds(tmp_path / "home") as here:
        await here.start_gateway()
        people = [f"oProof{n:06d}" for n in range(PEOPLE)]
        acts = [here.wechat.act(who, pushes.text(f"{who}第{n}问")) for n in range(EACH) for who in people]
        began = time.monotonic()
        delivered = await here.wechat.deliver_all(acts, copies=(1, 4), seed=20261125, concurrent=24)
        spent = time.monotonic() - began
        await here.until_quiet(300)
        deliveries = sum(len(one.answers) for one in delivered)
        refused = sum(answer is None or bool(answer.fault) for one in delivered for answer in one.answers)
        seen, states = here.seen(), await here.counts()
        told(
            "T-05",
            [
                ("pushes", len(acts)),
                ("deliveries", deliveries),
                ("unanswered deliveries", refused),
                ("seconds", round(spent)),
                ("deliveries a second", round(deliveries / spent)),
                ("turns", len(here.engine.effects)),
                ("answers seen", seen.total()),
            ],
        )
        assert set(here.engine.effects.values()) == {1}
        assert len(here.engine.effects) == len(acts)
        assert states[State.HANDLED] == len(acts)
        assert set(seen.values()) == {1}
        assert set(seen) == {f"答：{act.fields['Content']}" for act in acts}
        assert states[State.FAILED] == states[State.HELD] == 0
