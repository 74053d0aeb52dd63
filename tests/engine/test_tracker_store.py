"""The engine's memory on every database: one row a turn, constant cost, and a late writer is refused."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.clock import SystemClock
from bot.desk.ports import Store
from bot.engine.tracker_store import DeskTrackerStore, TurnTracker
from bot.errors import BadInput, Conflict
from tests.engine.conftest import HOUSE
from tests.engine.memory import MemoryStore

DOMAIN = Domain.from_file(str(HOUSE / "domain.yml"))


@pytest.fixture
def memory(store: Store) -> DeskTrackerStore:
    return DeskTrackerStore(store, SystemClock(), DOMAIN)


async def turn(memory: DeskTrackerStore, number: int, **slots: Any) -> TurnTracker:
    tracker = await memory.get_or_create_tracker("c", append_action_listen=False)
    understood: Any = {
        "intent": {"name": "ask_policy", "confidence": 0.9},
        "entities": [],
        "text": f"q{number}",
        "intent_ranking": [{"name": "ask_policy", "confidence": 0.9}] * 19,
        "candidates": [{"entry": "e", "score": 0.5}] * 10,
    }
    tracker.update(UserUttered(f"q{number}", understood["intent"], [], understood, message_id=f"m{number}"))
    tracker.update(ActionExecuted("action_answer"))
    for name, value in slots.items():
        tracker.update(SlotSet(name, value))
    tracker.update(BotUttered(None, {"custom": {"reply": {"text": f"a{number}"}}}))
    tracker.update(ActionExecuted("action_listen"))
    await memory.save(tracker)
    return tracker


async def test_a_stranger_has_no_tracker_and_making_one_writes_nothing(memory: DeskTrackerStore) -> None:
    assert await memory.retrieve("c") is None
    await memory.get_or_create_tracker("c", append_action_listen=False)
    assert await memory.retrieve("c") is None


async def test_what_was_known_long_ago_is_known_after_any_number_of_turns(memory: DeskTrackerStore) -> None:
    await turn(memory, 1, programme="dibao", place="420111")
    await turn(memory, 2, place="420106")
    for number in range(3, 31):
        await turn(memory, number, clarifications=number)
    tracker = await memory.retrieve("c")
    assert tracker is not None
    kept = {name: tracker.get_slot(name) for name in ("programme", "place", "clarifications", "asked")}
    assert kept == {"programme": "dibao", "place": "420106", "clarifications": 30, "asked": None}
    assert tracker.copy().get_slot("programme") == "dibao"
    said = [event.text for event in tracker.events if isinstance(event, UserUttered)]
    assert said == ["q30"]
    assert [event.text for event in tracker.earlier("m29") if isinstance(event, UserUttered)] == ["q29"]
    assert tracker.earlier("m28") == []


async def test_a_row_holds_no_ranking_and_no_candidates(memory: DeskTrackerStore, store: Store) -> None:
    await turn(memory, 1)
    async with store.reading() as work:
        ((seq, payload),) = await work.events.read("c", 2)
    assert seq == 1
    assert [event["event"] for event in payload["events"]] == ["user", "action", "bot", "action"]
    assert set(payload["events"][0]["parse_data"]) == {"intent", "entities", "text"}


async def test_of_two_who_read_the_same_turn_one_is_refused(memory: DeskTrackerStore) -> None:
    await turn(memory, 1)
    late = await memory.retrieve("c")
    await turn(memory, 2, programme="tekun")
    assert late is not None
    late.update(ActionExecuted("action_answer"))
    with pytest.raises(Conflict):
        await memory.save(late)
    now = await memory.retrieve("c")
    assert now is not None
    assert now.get_slot("programme") == "tekun"


async def test_a_tracker_from_elsewhere_is_refused() -> None:
    stranger = DialogueStateTracker("c", DOMAIN.slots)
    with pytest.raises(BadInput, match="read it there"):
        await DeskTrackerStore(MemoryStore(), SystemClock(), DOMAIN).save(stranger)


async def test_saving_twice_adds_nothing(memory: DeskTrackerStore) -> None:
    tracker = await turn(memory, 1)
    await memory.save(tracker)
    await turn(memory, 2)


def test_an_event_broker_is_refused() -> None:
    with pytest.raises(BadInput, match="event_broker"):
        DeskTrackerStore(MemoryStore(), SystemClock(), DOMAIN, event_broker=object())
