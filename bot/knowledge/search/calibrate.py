"""From scores to a chance: how likely is it that the answer search puts first is the right one?

A logistic with few features, fitted by `python -m bot.knowledge.search.fit` on the project's own phrasings and on
off-topic lines of its own, kept as `calibration.json` beside this file.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one entry."""

    fast: float
    """Cosine of the fast encoder with the entry's nearest phrasing."""
    slow: float | None
    """The same of the slow encoder; None where it was not asked."""
    lexical: float
    height: float
    """The fused score, in standard deviations."""
    lead: float
    """How far the entry leads over the best other one; negative for all but the first."""
    length: float
    """Characters of the text that was compared."""
    coverage: float
    """The share of the question's characters that the index has seen in such pairs."""
    ours: float = 0.0
    """Whether the question sounds like one for us at all, in logits (see `ours.py`)."""

    def raw(self) -> dict[str, float]:
        """For the test pane and for fitting."""
        return {name: float(value) for name in self.__slots__ if (value := getattr(self, name)) is not None}

    @classmethod
    def of(cls, raw: Mapping[str, float]) -> Evidence:
        """Back from `raw`."""
        return cls(**{"slow": None, **raw})  # type: ignore[arg-type]

    def features(self) -> dict[str, float]:
        """Bounded, so that no single one can outshout the others on a question unlike any seen before."""
        slow = {} if self.slow is None else {"slow": (self.slow - 0.85) * 10}
        return {
            "fast": self.fast,
            **slow,
            "lexical": self.lexical,
            "height": min(self.height, 15.0) / 5,
            "lead": max(-2.0, min(self.lead, 3.0)),
            "short": 1.0 / max(self.length, 2),
            "coverage": self.coverage,
            "ours": max(-5.0, min(self.ours, 5.0)) / 2,
        }


@dataclass(frozen=True, slots=True)
class Calibration:
    """Coefficients by feature, one set for questions the fast encoder settled and one for those both encoders read."""

    fast: Mapping[str, float]
    slow: Mapping[str, float]

    def chance(self, evidence: Evidence) -> float:
        weights = self.fast if evidence.slow is None else self.slow
        if not weights:
            return 0.5
        logit = weights["bias"] + sum(weights[name] * value for name, value in evidence.features().items())
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(logit, 30.0))))

    @classmethod
    def shipped(cls) -> Calibration:
        """The coefficients in the repository."""
        return _shipped()


@cache
def _shipped() -> Calibration:
    held = json.loads(files(__package__).joinpath("calibration.json").read_text("utf-8"))
    return Calibration(held["fast"], held["slow"])
