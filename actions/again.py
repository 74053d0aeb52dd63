"""Say it once more, or in fewer words."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.memory import desk, keep, question, say_with_care
from bot.desk.small_talk import repeat, simplify
from bot.messages import Reply
from bot.wire import reply_from_json


class ActionRepeat(Action):
    def name(self) -> str:
        return "action_repeat"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        answered = repeat(desk(), question(tracker), _last_said(tracker))
        say_with_care(dispatcher, tracker, answered.replies)
        return keep(answered)


class ActionSimplify(Action):
    def name(self) -> str:
        return "action_simplify"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        answered = simplify(desk(), question(tracker))
        say_with_care(dispatcher, tracker, answered.replies)
        return keep(answered)


def _last_said(tracker: Tracker) -> list[Reply]:
    """The replies of the turn before this one."""
    said: list[Reply] = []
    for event in reversed(tracker.events):
        if event.get("event") == "bot":
            said.insert(0, reply_from_json(event["data"]["custom"]["reply"]))
        elif event.get("event") == "user" and said:
            break
    return said
