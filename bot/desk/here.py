"""The handles of this process: what actions and NLU components reach, because Rasa constructs them itself.

Nothing else may read them: whoever is built by us is handed what it needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from bot.desk.ports import Finder

if TYPE_CHECKING:
    from bot.knowledge.search.encoders import Encoder


class NotInstalled(RuntimeError):
    """Something ran outside a process that was wired for it."""


@dataclass(frozen=True, slots=True)
class _Handles:
    desk: Any = None
    finder: Finder | None = None
    encoder: Encoder | None = None
    slow: Encoder | None = None


_handles = _Handles()


def install(
    desk: Any = None, *, finder: Finder | None = None, encoder: Encoder | None = None, slow: Encoder | None = None
) -> None:
    """Make these the process's handles; what is not given is taken away."""
    global _handles
    _handles = _Handles(desk, finder, encoder, slow)


def desk() -> Any:
    """The desk, for actions."""
    if _handles.desk is None:
        raise NotInstalled("no desk is installed in this process; call bot.desk.here.install(desk) before a turn")
    return _handles.desk


def finder() -> Finder | None:
    """Search over the edition in force; None while training or testing the language model alone."""
    return _handles.finder


def encoder() -> Encoder:
    """The sentence encoder, one for intent and search, so that a sentence is encoded once."""
    return _handles.encoder or _opened().fast


def slow_encoder() -> Encoder:
    """The finer one, for what the first leaves open."""
    return _handles.slow or _opened().slow


@dataclass(frozen=True, slots=True)
class _Encoders:
    fast: Encoder
    slow: Encoder


@cache
def _opened() -> _Encoders:
    """Where nobody handed any in, as in training."""
    from bot.knowledge.search.encoders import E5Encoder, UseEncoder

    return _Encoders(UseEncoder(), E5Encoder())
