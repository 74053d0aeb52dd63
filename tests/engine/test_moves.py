"""A move that is remembered is the move the rules choose, whatever came before."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    FollowupAction,
    LoopInterrupted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.moves import Moves
from bot.engine.processor import FORM
from tests.engine.conftest import Engine

INTENTS = ("ask_policy", "greet", "choose", "open_form", "cancel", "deny", "person", "a word nobody trained")
ACTIONS = ("action_answer", "action_listen", "action_small_talk", "action_open_form", "action_cancel", FORM)
EVENTS = some.one_of(
    some.sampled_from(INTENTS).map(lambda name: UserUttered("话", {"name": name, "confidence": 1.0})),
    some.sampled_from(ACTIONS).map(ActionExecuted),
    some.sampled_from((FORM, None)).map(ActiveLoop),
    some.sampled_from(ACTIONS).map(ActionExecutionRejected),
    some.booleans().map(LoopInterrupted),
    some.just(False).map(DefinePrevUserUtteredFeaturization),
    some.just("dibao").map(lambda value: SlotSet("programme", value)),
    some.just("好").map(BotUttered),
    some.builds(SessionStarted),
)


class Known(dict[Any, tuple[Any, ...]]):
    """By situation. Told in a word: where an example fails, Hypothesis prints what it was given."""

    def __repr__(self) -> str:
        return f"{len(self)} situations"


def told(engine: Engine, events: list[Event]) -> DialogueStateTracker:
    tracker = engine.agent.tracker_store.init_tracker("c")
    for event in events:
        tracker.update(event)
    return tracker


def said_by_rules(engine: Engine, tracker: DialogueStateTracker) -> tuple[Any, ...]:
    return in_words(MessageProcessor._predict_next_with_tracker(engine.agent.processor, tracker))


def in_words(move: Any) -> tuple[Any, ...]:
    events = [
        (type(event).__name__, event.as_sub_state() if hasattr(event, "as_sub_state") else "") for event in move.events
    ]
    return (
        move.max_confidence_index,
        move.max_confidence,
        move.policy_name,
        move.hide_rule_turn,
        move.is_end_to_end_prediction,
        move.is_no_user_prediction,
        events,
    )


@pytest.fixture(scope="module")
def known() -> Known:
    """What the rules said in each situation met so far, over all examples."""
    return Known()


def test_the_products_rules_are_remembered(engine: Engine) -> None:
    assert engine.agent.processor._moves.reach >= 2


@settings(max_examples=150, deadline=None)
@given(events=some.lists(EVENTS, max_size=14))
def test_the_same_situation_has_the_same_move(loaded: Engine, known: Known, events: list[Event]) -> None:
    tracker = told(loaded, events)
    situation = loaded.agent.processor._moves.situation(tracker)
    assert situation is not None
    move = said_by_rules(loaded, tracker)
    assert known.setdefault(situation, move) == move


@settings(max_examples=60, deadline=None)
@given(before=some.lists(EVENTS, max_size=8), said=some.sampled_from(INTENTS))
def test_what_is_remembered_is_what_the_rules_say(loaded: Engine, before: list[Event], said: str) -> None:
    tracker = told(
        loaded, [*before, ActionExecuted("action_listen"), UserUttered("话", {"name": said, "confidence": 1.0})]
    )
    processor = loaded.agent.processor
    assert in_words(processor._predict_next_with_tracker(tracker)) == said_by_rules(loaded, tracker)
    assert in_words(processor._predict_next_with_tracker(tracker)) == said_by_rules(loaded, tracker)


def test_the_rules_are_asked_once_and_events_are_nobody_elses(engine: Engine) -> None:
    asked: list[str] = []

    def ask(tracker: DialogueStateTracker) -> Any:
        asked.append(tracker.sender_id)
        return MessageProcessor._predict_next_with_tracker(engine.agent.processor, tracker)

    moves = Moves(engine.agent.processor._moves.reach)
    start = [ActionExecuted("action_listen"), UserUttered("话", {"name": "greet", "confidence": 1.0})]
    first, second = moves.next(told(engine, start), ask), moves.next(told(engine, start), ask)
    assert len(asked) == 1
    assert first.events
    assert first.events[0] is not second.events[0]


def test_what_it_cannot_tell_is_asked(engine: Engine) -> None:
    tracker = told(engine, [ActionExecuted("action_listen"), FollowupAction("action_answer")])
    assert engine.agent.processor._moves.situation(tracker) is None
    moves = Moves(2)
    assert moves.next(tracker, lambda asked: engine.agent.processor._predict_next_with_tracker(asked))
    assert not moves._known


def test_nothing_is_remembered_where_rules_read_more(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    runner, domain = engine.agent.processor.graph_runner, engine.agent.processor.domain
    policy = next(
        node._component
        for node in runner._instantiated_nodes.values()
        if hasattr(node._component, "predict_action_probabilities")
    )
    by_slot = '[{"slots": {"place": [1.0]}, "prev_action": {"action_name": "action_listen"}}]'
    monkeypatch.setitem(policy.lookup, "rules", {**policy.lookup["rules"], by_slot: "action_answer"})
    assert Moves.of(runner, domain).reach == 0


async def test_outside_a_form_nothing_is_extracted(engine: Engine) -> None:
    processor = engine.agent.processor
    tracker = told(
        engine, [ActionExecuted("action_listen"), UserUttered("低保", {"name": "ask_policy", "confidence": 1.0})]
    )
    before = len(tracker.events)
    await MessageProcessor.run_action_extract_slots(processor, CollectingOutputChannel(), tracker)
    assert len(tracker.events) == before
    assert processor._slots_are_for_forms
