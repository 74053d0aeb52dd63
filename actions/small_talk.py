"""Greetings and the like; a question that comes with one is answered."""

from __future__ import annotations

from dataclasses import replace

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.memory import desk, keep, question, say_with_care
from bot.desk.filling import opening
from bot.desk.small_talk import small_talk


class ActionSmallTalk(Action):
    def name(self) -> str:
        return "action_small_talk"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        asked = question(tracker)
        answered = small_talk(desk(), asked)
        replies = answered.replies
        if asked.intent == "greet" and replies[-1].reason == "greet":
            lying = await opening.unfinished(desk(), tracker.sender_id)
            replies = (*replies[:-1], replace(replies[-1], choices=(*lying, *replies[-1].choices)))
        say_with_care(dispatcher, tracker, replies)
        return keep(answered)
