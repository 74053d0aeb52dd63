"""Remembers which move the rules chose, so that they are asked once for each situation and not twice a turn.

Rasa's RulePolicy replays the conversation for every prediction and compares it with every rule: a quarter of a turn.
What it finds depends only on intents, actions and forms, and on no more of the past than the longest rule is long; so the
same situation has the same move. Where anything else could count, the policy is asked.
"""

from __future__ import annotations

import copy
import json
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.runner.interface import GraphRunner
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    LoopInterrupted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

MOST = 4096
_READ = {"prev_action": {"action_name"}, "user": {"intent"}, "active_loop": {"name"}}
"""Of a state, what the situation below tells; a rule that reads more is not remembered."""

Situation = tuple[Any, ...]
_TOLD: Mapping[type, Callable[[Any], Situation]] = {
    UserUttered: lambda event: ("said", event.intent.get("name")),
    ActionExecuted: lambda event: ("did", event.action_name, event.hide_rule_turn),
    ActiveLoop: lambda event: ("form", event.name),
    LoopInterrupted: lambda event: ("interrupted", event.is_interrupted),
    ActionExecutionRejected: lambda event: ("refused", event.action_name),
    DefinePrevUserUtteredFeaturization: lambda event: ("by words", event.use_text_for_featurization),
}

_ACTS = (ActionExecuted, ActionExecutionRejected)


class Moves:
    """The moves of one model. `reach` is how many states its longest rule has; 0: nothing is remembered."""

    def __init__(self, reach: int) -> None:
        self.reach = reach
        self._known: OrderedDict[Situation, PolicyPrediction] = OrderedDict()

    @classmethod
    def of(cls, runner: GraphRunner, domain: Domain) -> Moves:
        """Nothing is remembered for a model with other policies, with rules that read more than we tell, or with slots
        that rules could read."""
        nodes = getattr(runner, "_instantiated_nodes", {}).values()
        policies = [node._component for node in nodes if hasattr(node._component, "predict_action_probabilities")]
        if len(policies) != 1 or type(policies[0]) is not RulePolicy:
            return cls(0)
        if any(slot.has_features() for slot in domain.slots):
            return cls(0)
        rules = [json.loads(key) for keys in _lookups(policies[0]) for key in keys]
        return cls(max(map(len, rules), default=0) if all(map(_is_told, rules)) else 0)

    def next(
        self, tracker: DialogueStateTracker, ask: Callable[[DialogueStateTracker], PolicyPrediction]
    ) -> PolicyPrediction:
        """The move in this situation; `ask` is asked where it is not known."""
        situation = self.situation(tracker) if self.reach and not tracker.followup_action else None
        if situation is None:
            return ask(tracker)
        known = self._known.get(situation)
        if known is None:
            known = self._known[situation] = ask(tracker)
            if len(self._known) > MOST:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(situation)
        # Its events become part of a conversation and get a time of their own.
        fresh = copy.copy(known)
        fresh.events = [copy.copy(event) for event in known.events]
        return fresh

    def situation(self, tracker: DialogueStateTracker) -> Situation | None:
        """What the rules can see, newest first; None where something happened that is not told here."""
        told: list[Situation] = []
        # A form takes back what happened inside it, so with one the whole session counts.
        whole = any(type(event) is ActiveLoop and event.name for event in tracker.events)
        moves, acted = 0, False
        newest_first = reversed(tracker.events)
        for event in newest_first:
            kind = type(event)
            if kind is SlotSet or kind is BotUttered:
                continue
            if kind is SessionStarted:
                told.append(("new",))
                if not acted:
                    told += _refused_last(newest_first)
                break
            acted = acted or kind in _ACTS
            if (tell := _TOLD.get(kind)) is None:
                return None
            told.append(tell(event))
            moves += kind is ActionExecuted
            if kind is UserUttered and moves > self.reach and not whole:
                break
        return tuple(told)


def _refused_last(newest_first: Iterable[Event]) -> Iterable[Situation]:
    """An action that was refused is not proposed again while no other was taken, a new session or not."""
    last = next((event for event in newest_first if type(event) in _ACTS), None)
    return [_TOLD[ActionExecutionRejected](last)] if type(last) is ActionExecutionRejected else []


def _lookups(policy: RulePolicy) -> Iterable[Iterable[str]]:
    return (policy.lookup.get(name, {}) for name in ("rules", "rules_for_loop_unhappy_path"))


def _is_told(states: list[dict[str, dict[str, Any]]]) -> bool:
    return all(set(sub) <= _READ.get(part, set()) for state in states for part, sub in state.items())
