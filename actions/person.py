"""Ask for a person, or stop waiting for one. The desk moves the conversation when the reply is written."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.memory import desk, keep, question, say_with_care
from bot.desk.small_talk import ask_person, cancel


class ActionPerson(Action):
    def name(self) -> str:
        return "action_person"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        answered = ask_person(desk(), question(tracker))
        say_with_care(dispatcher, tracker, answered.replies)
        return keep(answered)


class ActionCancel(Action):
    def name(self) -> str:
        return "action_cancel"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        answered = cancel(desk(), question(tracker))
        say_with_care(dispatcher, tracker, answered.replies)
        return keep(answered)
