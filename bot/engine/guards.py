"""Changes to Rasa that hold in every process of ours: server, shell, tests and training alike.

Each is a few lines over one named function, and `tests/engine/test_rasa_facts.py` fails by name when an upgrade of
Rasa moves what it leans on.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Optional

import jsonschema
import rasa.core.agent
from rasa.core.actions.action import RemoteAction
from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.utils.schemas.events import EVENT_SCHEMA

from bot.engine.processor import DeskProcessor


def install(key: bytes) -> None:
    """Put all guards in place; `key` is what models are signed with. Calling it again only changes the key."""
    DeskProcessor.key = key
    setattr(rasa.core.agent, "MessageProcessor", DeskProcessor)  # noqa: B010  # Agent.load_model looks it up there
    RegexMessageHandler.process = _PlainText.process
    RemoteAction._validate_action_result = _check_result
    # Rasa walks all subclasses of Event for every event it reads: a fifth of a lean turn.
    Event.resolve_by_type = staticmethod(_resolve_by_type)


_resolve_by_type = cache(Event.resolve_by_type)


def _validator(schema: dict[str, Any]) -> Any:
    return jsonschema.validators.validator_for(schema)(schema)


class _PlainText:
    # A class and an Optional only because Rasa's graph validation takes an annotated `self` for a parameter and
    # cannot read `Domain | None`.
    def process(self, messages: list[Message], domain: Optional[Domain] = None) -> list[Message]:  # noqa: UP045
        """A typed `/restart` or `/inform{…}` is plain text. Stock Rasa runs it at confidence 1.0, on every channel.

        Options that were really offered travel as `parse_data`, which never passes here.
        """
        return messages


# Rasa builds this constant validator anew for every action result, which was three quarters of an action turn, and
# tries every kind of event on every event. Built once, and asked only about the kind at hand, it is a hundredth.
_RESULT = _validator(RemoteAction.action_response_format_spec())
_SLOT = {"event", "timestamp", "name", "value"}
_BY_EVENT = {kind["properties"]["event"]["const"]: _validator(kind) for kind in EVENT_SCHEMA["oneOf"]}


def _check_result(self: RemoteAction, result: dict[str, Any]) -> bool:
    if not _plainly_valid(result):
        error = jsonschema.exceptions.best_match(_RESULT.iter_errors(result))
        if error is not None:
            raise error
    return True


def _plainly_valid(result: Any) -> bool:
    if not isinstance(result, dict) or not all(isinstance(each, dict) for each in result.get("responses", ())):
        return False
    return all(
        isinstance(event, dict)
        and (_is_slot(event) or ((known := _BY_EVENT.get(event.get("event"))) is not None and known.is_valid(event)))
        for event in result.get("events", ())
    )


def _is_slot(event: dict[str, Any]) -> bool:
    """A slot as the SDK writes it, which is what nearly every event of ours is."""
    plain = event.keys() == _SLOT and event["event"] == "slot" and event["timestamp"] is None
    return plain and isinstance(event["name"], str)
