"""The engine's memory, kept through the desk's store: one encrypted row a turn, numbered, and refused if late.

A row is {"slots": what was known before the turn, "events": what the turn added}. A session of 300 turns costs what
one of 4 does, because only the newest row is read and the slots before it are told as events again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet, deserialise_events
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.clock import Clock
from bot.desk.ports import Store
from bot.errors import BadInput

# Rules look at the last turn and actions at the last answer; the form that is open is told anew at every turn. So that turn
# is told again as events. Of the one before it only the message is looked at, for one that comes again late.
_TURNS = 2
# What a turn's understanding leaves behind for good. The ranking and the candidates are two thirds of a stored turn.
_KEPT = ("intent", "entities", "text")


class TurnTracker(DialogueStateTracker):
    """A tracker that knows which row it was read up to, so that saving appends exactly what the turn added."""

    def __init__(self, sender_id: str, slots: Iterable[Slot] | None) -> None:
        super().__init__(sender_id, slots)
        self.seq = 0
        self.seen = 0
        self.before: dict[str, Any] = {}
        self._earlier: Sequence[Mapping[str, Any]] = ()

    def remember(self, rows: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
        """Tell the newest row's events again, and keep those before it at hand."""
        for event in _events(rows[-1][1]):
            self.update(event)
        self._earlier = [payload for _, payload in rows[:-1]]
        self.mark(rows[-1][0])

    def earlier(self, message_id: str) -> list[Event]:
        """The events of the turn before the last, where this message began it; else none."""
        for payload in self._earlier:
            if any(event["event"] == "user" and event.get("message_id") == message_id for event in payload["events"]):
                found: list[Event] = deserialise_events(payload["events"])
                return found
        return []

    def mark(self, seq: int) -> None:
        """All events so far stand in rows up to `seq`."""
        self.seq, self.seen = seq, len(self.events)
        self.before = {name: slot.value for name, slot in self.slots.items() if slot.value != slot.initial_value}


class DeskTrackerStore(TrackerStore):
    """Raises what the store raises: a turn that could not be read or saved is repeated, never answered from nothing.

    Rasa wraps every store in one that goes on without memory; `bot.engine.launcher` takes that wrapping off.
    """

    def __init__(
        self, store: Store, clock: Clock, domain: Domain | None = None, event_broker: EventBroker | None = None
    ) -> None:
        if event_broker is not None:
            raise BadInput("an event broker that fails makes saving fail; take event_broker out of endpoints.yml")
        super().__init__(domain)
        self._store, self._clock = store, clock

    def init_tracker(self, sender_id: str) -> TurnTracker:
        return TurnTracker(sender_id, self.domain.slots)

    async def retrieve(self, sender_id: str) -> TurnTracker | None:
        async with self._store.reading() as work:
            rows = await work.events.read(sender_id, _TURNS)
        if not rows:
            return None
        tracker = self.init_tracker(sender_id)
        tracker.remember(rows)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        if not isinstance(tracker, TurnTracker):
            raise BadInput("this tracker was not read from the desk's store; read it there before you save it")
        added = list(tracker.events)[tracker.seen :]
        if not added:
            return
        payload = {"slots": tracker.before, "events": [_slim(event) for event in added]}
        async with self._store.writing() as work:
            await work.events.append(tracker.sender_id, tracker.seq + 1, payload, self._clock.now())
            await work.commit()
        tracker.mark(tracker.seq + 1)


def _events(payload: Mapping[str, Any]) -> list[Event]:
    """The slots before the row, then its events. Slots are told as events, because Rasa replays them."""
    events: list[Event] = deserialise_events(payload["events"])
    first = events[0].timestamp if events else None
    return [*(SlotSet(name, value, timestamp=first) for name, value in payload["slots"].items()), *events]


def _slim(event: Event) -> dict[str, Any]:
    data: dict[str, Any] = event.as_dict()
    if data["event"] == "user":
        data["parse_data"] = {key: value for key, value in data["parse_data"].items() if key in _KEPT}
    return data
