"""What reading an answer gives, and what a reader may know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.forms.model import Form, Given
from bot.regions import RegionTree

LONGEST_STORY = 10_000
"""Characters of a story that are kept whole, though no more of it is read."""
LONGEST = 600
"""Characters of a message that are read as an answer; the rest of a longer one is a story."""


@dataclass(frozen=True, slots=True)
class Said:
    """A proved answer; `value` is what the field's kind keeps (`model.Kind`)."""

    value: Any


@dataclass(frozen=True, slots=True)
class Refused:
    """Plainly meant as the answer, and not right. `key` names the fixed words that say what is wrong, kindly;
    `options` is what to choose from where several things may be meant (label and value)."""

    key: str
    marks: Mapping[str, str] = field(default_factory=dict)
    options: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class NotAnAnswer:
    """Something else was said."""


Result = Said | Refused | NotAnAnswer
NOT = NotAnAnswer()


@dataclass(frozen=True, slots=True)
class Found:
    """An answer inside a longer text, and where it stands there (end exclusive)."""

    start: int
    end: int
    result: Said | Refused


@dataclass(frozen=True, slots=True)
class Context:
    """What is known while reading: the clock is given, never read."""

    today: date
    regions: RegionTree
    form: Form
    answers: Mapping[str, Given] = field(default_factory=dict)
    member: int = 0
    """Whose answer it is; 0 is nobody's in particular."""
    region: str = ""
    """The division the talk is about: 洪山区 alone is looked for there first."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one message says to the paths that were asked for."""

    values: Mapping[str, Any] = field(default_factory=dict)
    refused: Mapping[str, Refused] = field(default_factory=dict)
    rest: str = ""
    """What was said besides."""
