"""The one action that answers: policy questions, places, chosen options, other departments, and what is unclear."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.memory import desk, keep, question, say_with_care
from bot.desk.answering import answer


class ActionAnswer(Action):
    def name(self) -> str:
        return "action_answer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        answered = answer(desk(), question(tracker))
        say_with_care(dispatcher, tracker, answered.replies)
        return keep(answered)
