"""Rasa's turn, with the things changed that lose or double a resident's message, or lose the form it is for.

Stock Rasa goes on when an action fails, is content with no reply at all, answers a repeated message a second time, and
forgets an open form with every new session.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterable
from functools import cached_property, partial
from pathlib import Path
from typing import Any, ClassVar

from rasa.core.actions.action import Action, ActionExecutionRejection
from rasa.core.channels.channel import CollectingOutputChannel, OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.engine import loader
from rasa.engine.runner.interface import GraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.constants import ACTION_VALIDATE_SLOT_MAPPINGS
from rasa.shared.core.events import ActionExecutionRejected, ActiveLoop, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine import signature
from bot.engine.moves import Moves
from bot.engine.runner import StraightRunner
from bot.engine.tracker_store import TurnTracker
from bot.errors import TryAgain

FORM = "application"
"""The one Rasa form; which questions it asks is content."""
_LONG = 60
"""Characters of a message that takes some time to understand; most have twenty."""
DEADLINE = 8.0
"""Seconds one turn may take; the gateway's lease is at least three times as long."""


class DeskProcessor(MessageProcessor):
    """Answers a message exactly once: recorded replies for a repeat, an error (and nothing saved) for a failure."""

    key: ClassVar[bytes] = b""
    """What models are signed with; empty refuses every model."""

    async def handle_message(self, message: UserMessage) -> list[dict[str, Any]] | None:
        async with asyncio.timeout(DEADLINE):
            await self._answer(message)
        output = message.output_channel
        return output.messages if isinstance(output, CollectingOutputChannel) else None

    async def _answer(self, message: UserMessage) -> None:
        tracker = await self.fetch_tracker_and_update_session(
            message.sender_id, message.output_channel, message.metadata
        )
        if (recorded := _recorded(tracker, message.message_id)) is not None:
            for data in recorded:
                await message.output_channel.send_response(message.sender_id, data)
            return
        agree(tracker, str((message.metadata or {}).get("form") or ""))
        await self._handle_message_with_tracker(message, tracker)
        await self.run_action_extract_slots(message.output_channel, tracker)
        await self._run_prediction_loop(message.output_channel, tracker)
        if not replies_to(message.message_id, tracker.events):
            raise TryAgain("the dialogue ended without a reply; nothing was saved, repeat the message")
        await self.save_tracker(tracker)

    async def parse_message(
        self,
        message: UserMessage,
        tracker: DialogueStateTracker | None = None,
        only_output_properties: bool = True,
    ) -> dict[str, Any]:
        """As in Rasa, without its look at what the domain lacks, which makes an empty domain for every message. A long one is
        understood in a thread, so that others go on; for a short one the thread would cost more than the understanding."""
        told = tracker or DialogueStateTracker.from_events(message.sender_id, [])
        understand = partial(self._parse_message_with_graph, message, told, only_output_properties)
        understood: dict[str, Any] = (
            await asyncio.to_thread(understand) if len(message.text or "") > _LONG else understand()
        )
        return understood

    async def run_action_extract_slots(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> DialogueStateTracker:
        """As in Rasa; outside a form, where no slot of ours is filled from words, there is nothing to extract."""
        if tracker.active_loop_name is None and self._slots_are_for_forms:
            return tracker
        return await super().run_action_extract_slots(output_channel, tracker)

    @cached_property
    def _slots_are_for_forms(self) -> bool:
        return ACTION_VALIDATE_SLOT_MAPPINGS not in self.domain.user_actions and all(
            (mapping["type"] == "custom" and "action" not in mapping)
            or all(condition.get("active_loop") for condition in mapping.get("conditions") or [{}])
            for slot in self.domain.slots
            for mapping in slot.mappings
        )

    @cached_property
    def _moves(self) -> Moves:
        return Moves.of(self.graph_runner, self.domain)

    def _predict_next_with_tracker(self, tracker: DialogueStateTracker) -> PolicyPrediction:
        return self._moves.next(tracker, super()._predict_next_with_tracker)

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        """As in Rasa, but an action's error ends the turn: the tracker stays as it was and the message is repeated. Only a
        form may refuse to run, so only before a form the tracker is copied."""
        may_refuse = action.name() in self.domain.form_names
        acting = tracker.copy() if may_refuse and prediction.events else tracker
        acting.update_with_events(prediction.events, self.domain)
        try:
            events = await action.run(output_channel, nlg, acting, self.domain)
        except ActionExecutionRejection:
            if not may_refuse:
                raise
            rejected = ActionExecutionRejected(action.name(), prediction.policy_name, prediction.max_confidence)
            tracker.update(rejected)
            return bool(self.should_predict_another_action(action.name()))
        if not any(isinstance(event, ActionExecutionRejected) for event in events):
            if acting is not tracker:
                tracker.update_with_events(prediction.events, self.domain)
            tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(events, self.domain)
        await self.execute_side_effects(events, tracker, output_channel)
        return bool(self.should_predict_another_action(action.name()))

    def _load_model(self, model_path: str | Path) -> tuple[str, ModelMetadata, GraphRunner]:
        """Proves the model before it is opened, and opens the very bytes that were proved: model files are code."""
        path = signature.newest(Path(model_path))
        with tempfile.TemporaryDirectory(prefix="model-") as folder:
            proved, unpacked = Path(folder) / path.name, Path(folder) / "unpacked"
            proved.write_bytes(signature.proved(path, self.key))
            unpacked.mkdir()
            metadata, runner = loader.load_predict_graph_runner(unpacked, proved, LocalModelStorage, StraightRunner)
        return path.name, metadata, runner


def agree(tracker: DialogueStateTracker, draft: str) -> None:
    """Make the tracker's form what the database says: open after a month and a lost memory, closed when it was ended
    elsewhere. `draft` is the open one, empty for none."""
    if tracker.active_loop_name == (FORM if draft else None) and (tracker.get_slot("draft") or "") == draft:
        return
    tracker.update(ActiveLoop(FORM if draft else None))
    for slot, value in (("requested_slot", "answer" if draft else None), ("draft", draft or None), ("answer", None)):
        tracker.update(SlotSet(slot, value))


def _recorded(tracker: DialogueStateTracker, message_id: str) -> list[dict[str, Any]] | None:
    replies = replies_to(message_id, tracker.events)
    if replies is None and isinstance(tracker, TurnTracker):
        replies = replies_to(message_id, tracker.earlier(message_id))
    return replies


def replies_to(message_id: str, events: Iterable[Event]) -> list[dict[str, Any]] | None:
    """What the bot said to this message: None if it never came."""
    replies: list[dict[str, Any]] | None = None
    for event in events:
        kind = type(event)  # isinstance would ask their abstract class, which takes twenty times as long
        if kind is UserUttered:
            if replies is not None:
                break
            replies = [] if event.message_id == message_id else None
        elif kind is BotUttered and replies is not None:
            replies.append(event.message())
    return replies
