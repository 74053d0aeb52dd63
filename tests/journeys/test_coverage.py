"""D2: everything residents can want, as domain.yml lists it, is lived through in some journey."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from tests.journeys.conftest import journeys

if TYPE_CHECKING:
    from tests.journeys.town import Town

HERE = Path(__file__).parent
DOMAIN = HERE.parents[1] / "domain.yml"


def test_every_intent_of_the_domain_is_played(town: Town) -> None:
    told = [step for file in sorted(HERE.glob("*.yml")) for one in journeys(file) for step in one["步骤"]]
    typed = {str(step["居民"]) for step in told if "居民" in step}
    played = {town.do(town.intent(text)) for text in typed}
    if any("点" in step for step in told):
        played |= {"choose", "open_form"}
    assert set(yaml.safe_load(DOMAIN.read_text("utf-8"))["intents"]) - played == set()


def test_every_way_a_turn_can_end_is_played() -> None:
    from bot.messages import Outcome

    told = [step for file in sorted(HERE.glob("*.yml")) for one in journeys(file) for step in one["步骤"]]
    ends = {end for step in told for end in _many(step.get("结果", []))} | {"answered" for step in told if "答" in step}
    assert {str(outcome) for outcome in Outcome} - ends == {"busy"}, "busy is said by the gateway alone"


def _many(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]
