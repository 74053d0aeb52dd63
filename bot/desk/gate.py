"""Whether the best answer found may be given: search says how well it fits, the classifier whether the question is ours.

Neither can tell alone. Search always finds something nearest, also for a question about a credit card; the classifier
has never heard of an answer published this morning. One logistic weighs both. Its numbers stand in `gate.json`, fitted
by `python -m bench.fit_gate` on our own labelled questions and our own lines about other things.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bot.knowledge.search.candidate import Candidate

OURS = frozenset(
    {
        "ask_policy",
        "ask_apply",
        "ask_status",
        "complaint",
        "precheck",
        "emergency",
        "my_information",
        "report_change",
        "object",
    }
)
"""Intents of somebody who wants something from social assistance."""

_UNHEARD = 0.9
"""Where no classifier was asked: who comes to this desk most likely wants something from it."""
_FARTHEST = 6.0
"""No single witness may outshout the other."""
_SAME_WORDS = {"fast": 0.75, "lexical": 0.55}
"""Above both, a question is an approved wording but for a word or two; none of 900 lines about other things was."""
_DOUBTFUL = 0.35
"""Below this search itself doubts its best: the word or two it differs by turn it into another matter. Of 399 labelled
questions in nearly the same words the right ones stood at 0.42 and above, what lay under 0.3 was wrong."""


@dataclass(frozen=True, slots=True)
class Gate:
    """The weights, and the chances from which the desk acts."""

    bias: float
    search: float
    intent: float
    sure: float
    """From this chance on the answer is given."""
    maybe: float
    """From this chance on it is worth asking back; below it nothing on file fits."""
    very_sure: float
    """From this chance on a part of a message is answered as a question of its own."""

    def chance(self, candidate: Candidate, ranking: Mapping[str, float]) -> float:
        """How likely this answer is what the resident asked for. `ranking`: the chance of every intent; empty: not asked."""
        if same_words(candidate):
            return max(candidate.score, self.very_sure)
        search, intent = evidence(candidate, ranking)
        logit = self.bias + self.search * search + self.intent * intent
        return 1.0 / (1.0 + math.exp(-logit))


def ours(ranking: Mapping[str, float]) -> float:
    """The chance that the question is about assistance at all."""
    return sum(chance for intent, chance in ranking.items() if intent in OURS) if ranking else _UNHEARD


def same_words(candidate: Candidate) -> bool:
    """Whether the question is, nearly letter by letter, a wording of this answer: then no classifier is needed, and an
    answer on a matter it never learned is found."""
    raw = candidate.raw
    alike = all(raw.get(name, 0.0) >= least for name, least in _SAME_WORDS.items())
    return "exact" in raw or (alike and candidate.score >= _DOUBTFUL)


def evidence(candidate: Candidate, ranking: Mapping[str, float]) -> tuple[float, float]:
    """What the logistic weighs, for fitting it."""
    return _logit(candidate.score), _logit(ours(ranking))


@cache
def shipped() -> Gate:
    """The gate in the repository."""
    return Gate(**json.loads(files(__package__).joinpath("gate.json").read_text("utf-8")))


def _logit(chance: float) -> float:
    kept = min(max(chance, 1e-6), 1 - 1e-6)
    return max(-_FARTHEST, min(math.log(kept / (1 - kept)), _FARTHEST))
