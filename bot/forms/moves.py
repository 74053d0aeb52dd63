"""The moves a message can make in a form. The driver carries them out; `bot.forms.saying` finds which one it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.forms.readers.base import Refused


@dataclass(frozen=True, slots=True)
class Answer:
    """`values` are proved. `refused` was meant as an answer and needs a word. Both may be there, of different paths."""

    values: Mapping[str, Any]
    refused: Mapping[str, Refused] = field(default_factory=dict)
    ask: str = ""
    """A side question said in the same breath: after the answer is noted."""


@dataclass(frozen=True, slots=True)
class Change:
    """One correction. With neither value nor refusal, the resident said only that it is wrong: ask it again."""

    path: str
    value: Any = None
    refused: Refused | None = None


@dataclass(frozen=True, slots=True)
class Correct:
    changes: tuple[Change, ...]
    ask: str = ""


@dataclass(frozen=True, slots=True)
class Which:
    """A correction that may mean several answers (none given: any): ask which, then read `said` for it."""

    paths: tuple[str, ...] = ()
    said: str = ""


@dataclass(frozen=True, slots=True)
class Why:
    """Why do you ask?"""


@dataclass(frozen=True, slots=True)
class Skip:
    """Not now, or rather not."""


@dataclass(frozen=True, slots=True)
class DontKnow:
    """Cannot be said."""


@dataclass(frozen=True, slots=True)
class Back:
    """The question before this one again."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Enough for now: the draft is kept."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Not to be applied for at all."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """The question once more."""


@dataclass(frozen=True, slots=True)
class Simplify:
    """The question was not understood: an example helps."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who helps to fill it in."""


@dataclass(frozen=True, slots=True)
class Overview:
    """What have I said so far, how much is left?"""


@dataclass(frozen=True, slots=True)
class Confirm:
    """Yes to the summary."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A side question: answer it, then ask the same again."""

    text: str


@dataclass(frozen=True, slots=True)
class GoOn:
    """Back to what is half filled: what was put aside before this form, or this form."""


@dataclass(frozen=True, slots=True)
class Apply:
    """A wish to apply: for this programme, or for another one."""

    named: str
    """The programme, as `bot.language.programmes` knows it."""
    text: str


@dataclass(frozen=True, slots=True)
class Unclear:
    """Not understood. `key` names the fixed words that help on."""

    key: str = "form_unclear"


Command = Why | Skip | DontKnow | Back | Stop | Cancel | Repeat | Simplify | Person | Overview | GoOn
Move = Answer | Correct | Which | Confirm | Ask | Apply | Unclear | Command
