"""What the desk needs from the case database, as Protocols beside those of `ports`: people, sheets, cases and what hangs
on them. `bot.store` implements them; every personal column is sealed under the key of its subject (`Subjects`), so that
destroying one key erases one person, in backups too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol

from bot.forms.model import Given, Sheet


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody the office may know. `id` is a pseudonym: audit rows and logs hold nothing else of a person."""

    id: str
    name: str
    identity: str
    phone: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """A form being filled in one conversation; one at most is open there. The draft is the truth, the tracker only
    holds its id."""

    id: str
    conversation: str
    person: str
    kind: str
    """application, precheck, emergency, lookup, consent, change, objection, data: who finishes it."""
    programme: str
    about: Mapping[str, Any]
    """What its kind keeps beside the answers: texts' versions, the case looked up, who is helped. Sealed."""
    sheet: Sheet
    state: str
    """open, paused, done, cancelled."""
    version: int
    last_message: str
    """The id of the message heard last; the same again gets `last_replies` and changes nothing."""
    last_replies: Sequence[Mapping[str, Any]]
    created_at: datetime
    updated_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Case:
    id: str
    number: str
    """The receipt: 12 random digits and a check digit (`bot.cases.receipt`)."""
    person: str
    helper: str
    """The person who applies for them, or empty."""
    programme: str
    region: str
    """The division whose office has it."""
    state: str
    """A key of `bot.cases.STATES`."""
    version: int
    office_number: str
    """What the office's own system calls it; empty until it acknowledged."""
    answers: Mapping[str, Given]
    """Everything said, by path (`members.2.name`). Loaded only by `get(..., answers=True)`."""
    about: Mapping[str, Any]
    """Consent texts, form edition, the emergency's summary … Sealed, loaded with the answers."""
    priority: int
    submitted_at: datetime | None
    accepted_at: datetime | None
    created_at: datetime
    updated_at: datetime
    due: date | None
    """The statutory last day of the stage it is in, if there is one."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a case's timeline."""

    case: str
    at: datetime
    actor: str
    """resident:<person id>, officer:<name>, office:<system>, system."""
    old: str
    new: str
    reason: str
    """In words for the resident. Sealed."""
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Consent:
    """One adult's consent to one text, or that it is still missing."""

    id: str
    case: str
    draft: str
    member: int
    """The member's number on the sheet; 1 is the applicant."""
    name: str
    text: str
    """Which text: notice, sensitive, check."""
    version: str
    state: str
    """asked, given, withdrawn, refused."""
    channel: str
    conversation: str
    person: str
    at: datetime | None
    by_guardian: bool
    code_until: datetime | None


@dataclass(frozen=True, slots=True)
class Paper:
    """A photo of a paper: recompressed, without EXIF, sealed."""

    id: str
    case: str
    draft: str
    member: int
    kind: str
    state: str
    """kept, blurred, checked."""
    size: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Task:
    """Something a person must do because no message can: call, visit, call back."""

    id: str
    kind: str
    """phone_notice, visit, emergency, callback."""
    case: str
    person: str
    region: str
    text: str
    phone: str
    state: str
    """open, done."""
    due_at: datetime
    created_at: datetime


class People(Protocol):
    async def of_conversation(self, conversation: str) -> Person | None:
        """The person this channel identity is bound to."""

    async def make(self, conversation: str, now: datetime, how: str) -> Person:
        """A person nothing is known of yet, with a fresh subject key, bound to this conversation."""

    async def get(self, person: str) -> Person: ...

    async def change(self, person: str, now: datetime, **fields: str) -> Person:
        """Set name, identity or phone."""

    async def bind(self, conversation: str, person: str, how: str, now: datetime) -> None:
        """Only after proof (receipt and facts); `how` says which. An unbound identity sees nothing new."""

    async def unbind(self, conversation: str, now: datetime) -> None: ...

    async def conversations(self, person: str) -> Sequence[str]: ...

    async def erase(self, person: str, receipt: str, now: datetime) -> None:
        """Destroy the subject key and delete the rows; write the erasure list. Nothing of the person opens again, also not
        from a backup."""


class Drafts(Protocol):
    async def open(
        self,
        conversation: str,
        person: str,
        kind: str,
        programme: str,
        sheet: Sheet,
        about: Mapping[str, Any],
        now: datetime,
    ) -> Draft: ...

    async def get(self, draft: str) -> Draft: ...

    async def of_conversation(self, conversation: str) -> Sequence[Draft]:
        """Open and paused ones, newest first."""

    async def of_person(self, person: str) -> Sequence[Draft]: ...

    async def save(
        self,
        draft: Draft,
        now: datetime,
        *,
        sheet: Sheet | None = None,
        about: Mapping[str, Any] | None = None,
        state: str = "",
        conversation: str = "",
        person: str = "",
        message: str = "",
        replies: Sequence[Mapping[str, Any]] | None = None,
    ) -> Draft:
        """Raises Conflict if `draft.version` is no longer the newest. What is not given stays. Sheet values are stored
        one row a path, each sealed, with the message it came from."""

    async def expire(self, now: datetime) -> int:
        """Delete drafts past `expires_at`; how many."""


class Cases(Protocol):
    async def add(self, draft: Draft, programme: str, region: str, state: str, helper: str, now: datetime) -> Case:
        """A case with a fresh number from a finished draft: answers, members, incomes and properties are written."""

    async def get(self, case: str, answers: bool = False) -> Case: ...

    async def by_number(self, number: str) -> Case | None: ...

    async def of_person(self, person: str) -> Sequence[Case]:
        """As applicant or helper, newest first."""

    async def list(
        self, *, state: str = "", programme: str = "", region: str = "", after: str = "", limit: int = 50
    ) -> Sequence[Case]:
        """Newest first, without answers; `region` includes the divisions below it."""

    async def move(
        self, case: Case, to: str, actor: str, reason: str, now: datetime, due: date | None, **about: Any
    ) -> Case:
        """Checked by `bot.cases.check_move`; writes the timeline. Raises Conflict if `case.version` is not the newest."""

    async def change(self, case: str, now: datetime, **fields: Any) -> Case:
        """Set office_number or priority."""

    async def correct(self, case: Case, answers: Mapping[str, Given], actor: str, now: datetime) -> Case:
        """Replace answers after submission, with a line in the timeline."""

    async def timeline(self, case: str) -> Sequence[Happening]: ...

    async def tried(self, key: str, now: datetime) -> None:
        """Count a wrong guess under a keyed hash of `key` (a conversation, a number)."""

    async def tries(self, key: str, since: datetime) -> int: ...


class Consents(Protocol):
    async def ask(
        self, draft: str, member: int, name: str, text: str, version: str, code: str, until: datetime, now: datetime
    ) -> Consent:
        """A consent that is missing; only a keyed hash of the code is kept."""

    async def give(
        self,
        draft: str,
        member: int,
        name: str,
        text: str,
        version: str,
        channel: str,
        conversation: str,
        person: str,
        now: datetime,
        by_guardian: bool = False,
    ) -> Consent: ...

    async def by_code(self, code: str, now: datetime) -> Consent | None:
        """Still asked for and in time; codes work once."""

    async def settle(
        self, consent: str, state: str, channel: str, conversation: str, person: str, now: datetime
    ) -> Consent: ...

    async def of_draft(self, draft: str) -> Sequence[Consent]: ...

    async def of_case(self, case: str) -> Sequence[Consent]: ...

    async def of_person(self, person: str) -> Sequence[Consent]: ...


class Papers(Protocol):
    async def add(
        self, draft: str, person: str, member: int, kind: str, state: str, picture: bytes, now: datetime
    ) -> Paper: ...

    async def read(self, paper: str) -> bytes:
        """The picture, opened."""

    async def of_draft(self, draft: str) -> Sequence[Paper]: ...

    async def of_case(self, case: str) -> Sequence[Paper]: ...


class Tasks(Protocol):
    async def add(
        self, kind: str, person: str, case: str, region: str, text: str, phone: str, due_at: datetime, now: datetime
    ) -> Task: ...

    async def open(self, region: str = "") -> Sequence[Task]: ...

    async def done(self, task: str, actor: str, now: datetime) -> None: ...
