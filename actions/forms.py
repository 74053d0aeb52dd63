"""Forms: begin one, hear what is said while one is open, ask its question. The desk keeps the answers, not the tracker."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.memory import desk, keep, question, say, say_with_care, told
from bot.desk.filling import hearing, opening
from bot.desk.question import Answered


class ActionOpenForm(Action):
    """Whatever might begin a form; where none is wanted, the question is answered as any other."""

    def name(self) -> str:
        return "action_open_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        asked = question(tracker)
        heard = await opening.begin(desk(), tracker.sender_id, _message(tracker), asked)
        if not heard.form:
            say_with_care(dispatcher, tracker, heard.replies)
            return keep(Answered(heard.replies, heard.memory))
        say_with_care(dispatcher, tracker, heard.replies[:-1])
        return [
            *keep(Answered(heard.replies, heard.memory)),
            SlotSet("draft", heard.form),
            ActiveLoop("application"),
            SlotSet("requested_slot", "answer"),
        ]


class ValidateApplication(Action):
    """Hears a message for the open form. The slot is emptied again, so that the form goes on asking until the desk says
    that it is over."""

    def name(self) -> str:
        return "validate_application"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        if tracker.get_slot("answer") is None:
            return []  # the form was only just opened
        draft = str(tracker.get_slot("draft") or "")
        text = str(told(tracker).get("text") or "")
        heard = await hearing.hear(desk(), tracker.sender_id, _message(tracker), draft, question(tracker), text)
        kept = [*keep(Answered(heard.replies, heard.memory)), SlotSet("answer", None)]
        if not heard.form:
            say_with_care(dispatcher, tracker, heard.replies, in_form=True)
            return [*kept, SlotSet("draft", None), SlotSet("requested_slot", None)]
        say_with_care(dispatcher, tracker, heard.replies[:-1], in_form=True)
        return [*kept, SlotSet("draft", heard.form)]


class ActionAskApplicationAnswer(Action):
    """The question comes last, and is the same whenever it is asked again."""

    def name(self) -> str:
        return "action_ask_application_answer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        say(dispatcher, [await hearing.question(desk(), str(tracker.get_slot("draft") or ""))])
        return []


def _message(tracker: Tracker) -> str:
    return str(told(tracker).get("message_id") or "")
