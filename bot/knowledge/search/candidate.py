"""What search offers: a published answer and how likely it is the right one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Candidate:
    """A published answer that may fit a question. `score` is the calibrated chance that it is the right one."""

    entry: str
    score: float
    raw: Mapping[str, float] = field(default_factory=dict)
    """What each ranker said, for the test pane."""
