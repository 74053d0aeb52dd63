"""Where a message is heard, and what it comes to: the sheet to go on with, what is said, and whether the form goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.desk.case_ports import Draft
from bot.desk.desk import Desk
from bot.desk.filling.heard import about
from bot.desk.question import Memory, Question
from bot.desk.words import say
from bot.forms import steps
from bot.forms.model import Asked, Form, Kind, Sheet, State
from bot.forms.readers.base import LONGEST, LONGEST_STORY, Context
from bot.forms.steps import StepAt
from bot.messages import Choice, Reply


@dataclass(frozen=True, slots=True)
class Effect:
    sheet: Sheet
    memory: Memory
    before: tuple[Reply, ...] = ()
    note: str = ""
    """Said in one message with the question."""
    choices: tuple[Choice, ...] = ()
    """Offered with the question: what an unclear answer may have meant."""
    do: str = ""
    """finish, stop, cancel, refuse, disagree or switch; empty: the form goes on."""
    over: Mapping[str, Any] = field(default_factory=dict)
    """What a switch goes over to, as an option says it."""
    stored: bool = False
    """Whether answers changed: what hangs on them is looked at."""
    stay: bool = False
    """Whether the question on the sheet is the next one, though others are open."""
    silent: bool = False
    """Whether the last thing said is a question already."""
    about: Mapping[str, Any] = field(default_factory=dict)
    """What waits for an answer of its own: `sure`, `which` or `wish`."""


@dataclass(frozen=True, slots=True)
class Here:
    """Where a message is heard."""

    desk: Desk
    form: Form
    draft: Draft
    at: StepAt | None
    question: Question
    message: str
    text: str = ""
    """All that was written, private numbers and the rest of a long story in it."""

    @property
    def sheet(self) -> Sheet:
        return self.draft.sheet

    def context(self, member: int = 0, region: str = "") -> Context:
        today, regions = self.desk.today(), self.desk.regions
        return Context(today, regions, self.form, self.sheet.answers, member, region or self.question.memory.region)

    def effect(self, **fields: Any) -> Effect:
        return Effect(**{"sheet": self.sheet, "memory": about(self.draft, self.question.memory), **fields})

    def note(self, key: str, **marks: Any) -> str:
        return say(self.desk, key, **marks).text

    def put(self, values: Mapping[str, Any], state: State = State.SAID) -> Sheet:
        today, now = self.desk.today(), self.desk.clock.now()
        values = {path: self._as_kept(path, value, state) for path, value in values.items()}
        return steps.put(self.form, self.sheet, values, today=today, message=self.message, at=now, state=state)

    def _as_kept(self, path: str, value: Any, state: State) -> Any:
        """A consent with the version of the text it was given to; a story whole."""
        asked = self.asked(path)
        if asked is None or state is not State.SAID:
            return value
        if asked.field.kind is Kind.AGREE:
            return {"version": self.desk.edition.consents[asked.field.key].version}
        if asked.field.kind is Kind.TEXT and len(self.text) > LONGEST:
            # A reader looks at the beginning; a story is kept to its end.
            return self.text.strip()[:LONGEST_STORY]
        return value

    def asked(self, path: str) -> Asked | None:
        at = steps.find_step(self.form, self.sheet.answers, self.desk.today(), path)
        return at.fields[path] if at else None

    def ask_again(self, paths: Sequence[str], sheet: Sheet | None = None) -> Sheet:
        """The sheet with these as the question, as far as they are of one."""
        return steps.ask_again(self.form, sheet or self.sheet, self.desk.today(), *paths)
