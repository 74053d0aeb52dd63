"""A message is understood while its conversation is still being read, and nobody waits for a conversation that never comes."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from rasa.shared.core.events import SlotSet
from rasa.shared.core.slots import TextSlot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.understanding import Late, Understanding


def talk_about(programme: str) -> DialogueStateTracker:
    tracker = DialogueStateTracker("c", [TextSlot("programme", [])])
    tracker.update(SlotSet("programme", programme))
    return tracker


async def test_understanding_begins_before_the_conversation_is_there() -> None:
    begun = threading.Event()

    def parse(tracker: Late) -> dict[str, Any]:
        begun.set()
        return {"programme": tracker.slots["programme"].value}

    understanding = Understanding(parse)
    assert await asyncio.to_thread(begun.wait, 5)
    assert await understanding.of(talk_about("dibao")) == {"programme": "dibao"}


async def test_who_waits_for_a_conversation_that_never_comes_is_let_go() -> None:
    left = threading.Event()

    def parse(tracker: Late) -> dict[str, Any]:
        try:
            return {"programme": tracker.slots["programme"].value}
        finally:
            left.set()

    understanding = Understanding(parse)
    understanding.drop()
    understanding.drop()
    assert await asyncio.to_thread(left.wait, 5)


async def test_what_understanding_fails_of_is_said_to_who_asked() -> None:
    def parse(tracker: Late) -> dict[str, Any]:
        raise ValueError("no such vector")

    understanding = Understanding(parse)
    with pytest.raises(ValueError, match="no such vector"):
        await understanding.of(talk_about("dibao"))
    understanding.drop()
