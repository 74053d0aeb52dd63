"""Changes to Rasa that hold in every process of ours: server, shell, tests and training alike.

Each is a few lines over one named function, and `tests/engine/test_rasa_facts.py` fails by name when an upgrade of
Rasa moves what it leans on.
"""

from __future__ import annotations

from typing import Any, Optional

import jsonschema
import rasa.core.agent
from rasa.core.actions.action import RemoteAction
from rasa.nlu.classifiers.regex_message_handler import RegexMessageHandler
from rasa.shared.core.domain import Domain
from rasa.shared.nlu.training_data.message import Message

from bot.engine.processor import DeskProcessor


def install(key: bytes) -> None:
    """Put all guards in place; `key` is what models are signed with. Calling it again only changes the key."""
    DeskProcessor.key = key
    setattr(rasa.core.agent, "MessageProcessor", DeskProcessor)  # noqa: B010  # Agent.load_model looks it up there
    RegexMessageHandler.process = _PlainText.process
    RemoteAction._validate_action_result = _check_result


class _PlainText:
    # A class and an Optional only because Rasa's graph validation takes an annotated `self` for a parameter and
    # cannot read `Domain | None`.
    def process(self, messages: list[Message], domain: Optional[Domain] = None) -> list[Message]:  # noqa: UP045
        """A typed `/restart` or `/inform{…}` is plain text. Stock Rasa runs it at confidence 1.0, on every channel.

        Options that were really offered travel as `parse_data`, which never passes here.
        """
        return messages


# Rasa builds this constant validator anew for every action result: three quarters of an action turn.
_RESULT = jsonschema.validators.validator_for(RemoteAction.action_response_format_spec())(
    RemoteAction.action_response_format_spec()
)


def _check_result(self: RemoteAction, result: dict[str, Any]) -> bool:
    error = jsonschema.exceptions.best_match(_RESULT.iter_errors(result))
    if error is not None:
        raise error
    return True
