"""Between the engine's slots and the desk's words: what a turn knows, and how its replies are said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.desk import danger, here
from bot.desk.desk import Desk
from bot.desk.question import Answered, Memory, Question
from bot.messages import Reply
from bot.wire import reply_to_json


def desk() -> Desk:
    found = here.desk()
    assert isinstance(found, Desk)
    return found


def remembered(tracker: Tracker) -> Memory:
    """What the talk is about; the place the desk knows counts where the talk named none."""
    slots = tracker.slots
    return Memory(
        programme=slots.get("programme") or "",
        region=slots.get("place") or str(told(tracker).get("region") or ""),
        entry=slots.get("entry") or "",
        asked=slots.get("asked") or "",
        clarifications=int(slots.get("clarifications") or 0),
    )


def words(tracker: Tracker) -> str:
    """What was said, as understanding read it."""
    return str(tracker.latest_message.get("text") or "")


def question(tracker: Tracker) -> Question:
    """The turn as the desk asks for it."""
    with_it, said = told(tracker), tracker.latest_message
    on = with_it.get("on")
    intent = said.get("intent") or {}
    return Question(
        text=words(tracker),
        day=date.fromisoformat(on) if on else desk().today(),
        channel=str(with_it.get("channel") or ""),
        intent=str(intent.get("name") or "ask_policy"),
        ranking={str(one["name"]): float(one["confidence"]) for one in said.get("intent_ranking") or ()},
        meaning=with_it.get("meaning"),
        memory=remembered(tracker),
    )


def say(dispatcher: CollectingDispatcher, replies: Iterable[Reply]) -> None:
    """Approved text goes out as data: no template ever sees it."""
    for reply in replies:
        dispatcher.utter_message(json_message={"reply": reply_to_json(reply)})


def say_with_care(
    dispatcher: CollectingDispatcher, tracker: Tracker, replies: Sequence[Reply], in_form: bool = False
) -> None:
    """The first replies to a message, with what is said to somebody whom the second ear heard."""
    chance = float(tracker.latest_message.get(danger.DESPAIR) or 0.0)
    say(dispatcher, danger.with_care(desk(), chance, words(tracker), remembered(tracker).region, replies, in_form))


def keep(answered: Answered) -> list[EventType]:
    memory = answered.memory
    return [
        SlotSet("programme", memory.programme),
        SlotSet("place", memory.region),
        SlotSet("entry", memory.entry),
        SlotSet("asked", memory.asked),
        SlotSet("clarifications", memory.clarifications),
    ]


def told(tracker: Tracker) -> dict[str, Any]:
    """What the desk told the engine with the message."""
    return tracker.latest_message.get("metadata") or {}
