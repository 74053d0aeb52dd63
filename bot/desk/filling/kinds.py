"""What a kind of form has to say for itself: which questions, how it begins, and what happens when they are answered.

Asking, understanding, correcting, side questions, stopping and coming back are the same for all of them (`hearing`).
Kinds live in `bot/desk/kinds/`, one file each; `Plain` is what most of them do at most turns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.conversations import Conversation
from bot.desk.case_ports import Draft
from bot.desk.desk import Desk
from bot.desk.ports import Work
from bot.forms.model import Form, Given, Sheet
from bot.forms.moves import Correct
from bot.messages import Reply


@dataclass(frozen=True, slots=True)
class Start:
    """A form may be opened."""

    about: Mapping[str, Any] = field(default_factory=dict)
    """What the kind keeps beside the answers; sealed with the draft."""


@dataclass(frozen=True, slots=True)
class Finished:
    """How a form ended, or what is said in its place."""

    replies: tuple[Reply, ...]
    state: str = "done"
    """done or cancelled; what stays of the draft is the kind's to say."""
    then: tuple[str, str] | None = None
    """(kind, programme or whatever its kind calls by that name) of a form to open next."""
    carry: Mapping[str, Given] = field(default_factory=dict)
    """Answers the next form may take over, where it has those fields."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """What a kind makes of an answer before the next question is asked."""

    replies: tuple[Reply, ...] = ()
    sheet: Sheet | None = None
    """The sheet to go on with, if the answer does not stand (a receipt number that is none)."""
    about: Mapping[str, Any] | None = None
    end: bool = False
    """The rest need not be asked: the form is finished now, without a summary."""


class FormKind(Protocol):
    name: str
    urgent: bool
    """Only what is worded as a question is answered in the middle: everything else was meant for the form."""

    def form(self, desk: Desk, draft: Draft) -> Form:
        """The questions as they stand with what is answered; asked anew at every turn."""

    async def begin(self, desk: Desk, work: Work, conversation: Conversation, programme: str) -> Start | Finished:
        """Before a draft is opened. Ids in `programme` came from outside: prove that they are this resident's."""

    async def opening(self, desk: Desk, work: Work, draft: Draft) -> Sequence[Reply]:
        """Said before the first question."""

    async def noticed(self, desk: Desk, work: Work, draft: Draft) -> Noticed:
        """After every answer; `draft.sheet` has it already, and is not saved yet."""

    def elsewhere(self, desk: Desk, draft: Draft, text: str) -> Correct | None:
        """What words say to a question that was asked before, whatever is asked now."""

    async def finish(self, desk: Desk, work: Work, draft: Draft, conversation: Conversation) -> Finished:
        """All is answered, and agreed to where the form asks for that."""


class Plain:
    """What a kind does that has nothing of its own to do there."""

    urgent = False

    async def begin(self, desk: Desk, work: Work, conversation: Conversation, programme: str) -> Start | Finished:
        return Start()

    async def opening(self, desk: Desk, work: Work, draft: Draft) -> Sequence[Reply]:
        return ()

    async def noticed(self, desk: Desk, work: Work, draft: Draft) -> Noticed:
        return Noticed()

    def elsewhere(self, desk: Desk, draft: Draft, text: str) -> Correct | None:
        return None
