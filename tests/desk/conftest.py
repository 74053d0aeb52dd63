"""A desk on a real database with the real words, a clock that obeys, and an engine that says what it is told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime
from itertools import count

import pytest

from bot.clock import FixedClock
from bot.desk.desk import Desk
from bot.desk.ports import Store, Turn
from bot.errors import TryAgain
from bot.messages import Inbound, Kind, Outcome, Reply
from bot.regions import RegionTree
from tests.in_force import CONTENT as CONTENT
from tests.in_force import SPOKEN, in_force, of_kinds

DAY = date(2026, 11, 25)
_numbers = count(1)


class ScriptedEngine:
    """Answers every turn with `says`; `away` makes it an engine that is down; `asked` remembers the turns."""

    def __init__(self) -> None:
        self.asked: list[Turn] = []
        self.says: Sequence[Reply] = [Reply("答案", outcome=Outcome.ANSWERED, entry="dibao-apply")]
        self.away = False

    async def turn(self, turn: Turn) -> Sequence[Reply]:
        self.asked.append(turn)
        if self.away:
            raise TryAgain("the engine is away")
        return self.says


def message(text: str = "低保怎么申请", sender: str = "o-wang", **fields: object) -> Inbound:
    values: dict[str, object] = {
        "channel": "wechat",
        "account": "gh_1",
        "sender": sender,
        "message_id": f"m:{next(_numbers)}",
        "kind": Kind.TEXT,
        "sent_at": datetime.now(UTC),
        "text": text,
        "may_send": 5,
        "may_send_seconds": 172_800.0,
    }
    return Inbound(**{**values, **fields})  # type: ignore[arg-type]


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock.on(DAY)


@pytest.fixture
def engine() -> ScriptedEngine:
    return ScriptedEngine()


@pytest.fixture(scope="session")
def regions() -> RegionTree:
    return RegionTree.from_csv(CONTENT / "regions.csv")


@pytest.fixture
async def desk(store: Store, clock: FixedClock, regions: RegionTree) -> AsyncIterator[Desk]:
    return Desk(store, clock, regions, await in_force(store, of_kinds(*SPOKEN), clock, regions))
