"""What we lean on in Rasa 3.6, each by name: an upgrade that changes one of them fails here, not before a resident."""

from __future__ import annotations

import inspect
import os
from typing import Any

import pytest
import rasa.core.agent
import structlog
from rasa.core.actions.action import ActionListen, RemoteAction
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore
from rasa.engine.caching import LocalTrainingCache
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.utils.common import all_subclasses
from rasa_sdk.executor import ActionExecutor

from bot.engine.processor import DeskProcessor
from bot.engine.tracker_store import DeskTrackerStore
from tests.engine.conftest import HOUSE, Engine

DOMAIN = Domain.from_file(str(HOUSE / "domain.yml"))


def test_stock_rasa_runs_a_typed_command_and_our_guard_stands_where_it_does(engine: Engine) -> None:
    stock = YAMLStoryReader.unpack_regex_message(Message.build(text='/inform_place{"place": "x"}'), DOMAIN)
    assert stock.get("intent") == {"name": "inform_place", "confidence": 1.0}
    assert "unpack_regex_message" not in inspect.getsource(RegexMessageHandler.process)
    nodes = engine.agent.processor.graph_runner._graph_schema.nodes
    assert [name for name, node in nodes.items() if issubclass(node.uses, RegexMessageHandler)] == [
        "run_RegexMessageHandler"
    ]


def test_agent_wraps_every_store_in_one_that_forgets() -> None:
    assert isinstance(Agent(tracker_store=InMemoryTrackerStore(DOMAIN)).tracker_store, FailSafeTrackerStore)


def test_the_processor_keeps_the_store_that_was_there_at_load(engine: Engine) -> None:
    assert isinstance(engine.agent.processor.tracker_store, DeskTrackerStore)
    assert engine.agent.tracker_store is engine.agent.processor.tracker_store


def test_agent_looks_its_processor_up_by_name_at_load(engine: Engine) -> None:
    assert rasa.core.agent.MessageProcessor is DeskProcessor
    assert isinstance(engine.agent.processor, DeskProcessor)


async def test_stock_rasa_goes_on_when_an_action_fails(engine: Engine) -> None:
    class Broken(RemoteAction):  # type: ignore[misc]
        async def run(self, *args: Any, **kwargs: Any) -> Any:
            raise ValueError

    tracker = DialogueStateTracker("c", DOMAIN.slots)
    prediction = PolicyPrediction.for_action_name(DOMAIN, "action_answer")
    arguments = (Broken("action_answer", None), tracker, CollectingOutputChannel(), engine.agent.nlg, prediction)
    assert await MessageProcessor._run_action(engine.agent.processor, *arguments) is True
    with pytest.raises(ValueError):
        await engine.agent.processor._run_action(*arguments)


async def test_parse_data_goes_past_nlu(engine: Engine) -> None:
    understood = {"text": "", "intent": {"name": "choose", "confidence": 1.0}, "entities": []}
    message = UserMessage("", parse_data=understood, sender_id="c")
    await engine.agent.processor._handle_message_with_tracker(
        message, tracker := engine.agent.tracker_store.init_tracker("c")
    )
    assert tracker.latest_message.intent == understood["intent"]


def test_a_copied_tracker_knows_only_what_its_events_tell() -> None:
    tracker = DialogueStateTracker("c", DOMAIN.slots)
    tracker.slots["programme"].value = "dibao"
    assert tracker.copy().get_slot("programme") is None
    tracker.update(SlotSet("programme", "dibao"))
    assert tracker.copy().get_slot("programme") == "dibao"


def test_every_kind_of_event_is_found_by_its_type() -> None:
    for kind in all_subclasses(Event):
        assert Event.resolve_by_type(kind.type_name).type_name == kind.type_name
    with pytest.raises(ValueError, match="Unknown event"):
        Event.resolve_by_type("no such event")


def test_the_validator_of_action_results_accepts_and_refuses_what_rasas_does() -> None:
    action = RemoteAction("action_answer", None)
    good = {"events": [SlotSet("place", "x").as_dict(), ActionExecuted("a").as_dict()], "responses": [{"text": "x"}]}
    assert action._validate_action_result(good)
    assert action._validate_action_result({"events": [], "responses": []})
    for bad in (
        {"events": [{"event": "no such"}]},
        {"events": [{"event": "slot"}]},
        {"responses": ["x"]},
        {"events": 1},
        [],
    ):
        with pytest.raises(Exception, match=r"."):
            action._validate_action_result(bad)


def test_a_component_is_registered_under_its_bare_class_name() -> None:
    ours = {
        "Normaliser",
        "SentenceEncoding",
        "LightIntentClassifier",
        "PlaceAndProgrammeExtractor",
        "KnowledgeCandidates",
    }
    assert ours <= set(DefaultV1Recipe._registered_components)


def test_a_component_that_asks_for_the_tracker_gets_it(engine: Engine) -> None:
    nodes = engine.agent.processor.graph_runner._graph_schema.nodes
    (node,) = [node for name, node in nodes.items() if "KnowledgeCandidates" in name]
    assert node.needs["tracker"] == "__tracker__"


async def test_running_straight_through_gives_what_rasas_runner_gives(engine: Engine) -> None:
    processor = engine.agent.processor
    target = [processor.model_metadata.nlu_target]
    tracker = DialogueStateTracker("c", DOMAIN.slots)
    for text in ("我在武汉洪山区，低保要什么材料", "谢谢", "/restart"):
        inputs: Any = {"__message__": [UserMessage(text)], "__tracker__": tracker}
        straight = processor.graph_runner.run(inputs, target)
        stock = DaskGraphRunner.run(processor.graph_runner, inputs, target)
        assert [m.as_dict(True) for m in straight[target[0]]] == [m.as_dict(True) for m in stock[target[0]]]


def test_a_session_begins_and_the_talk_waits_for_the_resident() -> None:
    assert ActionListen().name() == "action_listen"
    assert DOMAIN.session_config.session_expiration_time == 720
    assert not DOMAIN.session_config.carry_over_slots


def test_the_action_loader_ends_the_process_on_a_broken_module() -> None:
    with pytest.raises(SystemExit):
        ActionExecutor().register_package("no_such_package_of_actions")


def test_telemetry_is_off_and_training_keeps_no_cache() -> None:
    assert os.environ["RASA_TELEMETRY_ENABLED"] == "false"
    assert LocalTrainingCache._is_disabled(LocalTrainingCache())


def test_structlog_is_configured_before_rasa_could_print() -> None:
    assert structlog.is_configured()
