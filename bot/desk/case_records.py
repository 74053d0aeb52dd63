"""What the case database holds, as the desk sees it: people, forms being filled, cases, and what hangs on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

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
class Binding:
    """A conversation that speaks for somebody."""

    conversation: str
    how: str
    """What proved it."""
    at: datetime


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
class Wanted:
    """Which cases. What is empty does not narrow, but for `regions`: who has none sees only cases without a place."""

    regions: Sequence[str]
    """Divisions with all below them; cases without a place are everybody's."""
    states: Sequence[str] = ()
    programme: str = ""
    place: str = ""
    """One division with all below it."""
    at: str | None = None
    """This division alone; empty: no place is known."""
    month: str = ""
    """Handed in then: 2026-11, as China's calendar counts."""
    due_from: date | None = None
    due_until: date | None = None
    """The statutory last day lies between them, both included."""
    ids: Sequence[str] | None = None
    after: str = ""
    """The id of the last one seen."""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Count:
    programme: str
    region: str
    month: str
    state: str
    number: int


@dataclass(frozen=True, slots=True)
class Step:
    """One move of one case, without its words."""

    case: str
    programme: str
    region: str
    at: datetime
    new: str


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


@dataclass(frozen=True, slots=True)
class Referral:
    """A case, or a part of its need, handed to another office."""

    id: str
    case: str
    office: str
    """The office's key in the directory, or its name."""
    what: str
    """What is asked of it, in words. Sealed, as `outcome` is."""
    papers: Sequence[str]
    """Ids of the papers that go with it."""
    due: date | None
    state: str
    """asking (whether the person agrees), declined, open, taken, done, returned."""
    outcome: str
    created_at: datetime
    updated_at: datetime
    task: str = ""
    """The reminder that stands for it with an officer; empty: none."""
    asked_at: datetime | None = None
    """When the resident was asked whether it helped."""
    helped: str = ""
    """What they said: yes, partly, no, nobody (nobody of that office came to them); empty: nothing yet."""
    helped_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """How often residents said the same of one office."""

    office: str
    helped: str
    """Empty: asked, and nothing said yet."""
    number: int


@dataclass(frozen=True, slots=True)
class Request:
    """What was answered to one call of an office's system; the same call again gets it again."""

    body_hash: str
    status: int
    body: str
    """Never anything personal."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Erasure:
    """One subject that was erased (a person, an application, a conversation): a line of the list that no backup may
    outlive. Pseudonyms only."""

    subject: str
    person: str
    receipt: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Erased:
    """What became of a wish to be forgotten."""

    receipt: str
    at: datetime
    counts: Mapping[str, int]
    """How many were deleted: conversations, messages, drafts, cases, papers."""
    held: Sequence[Case]
    """Cases with an office number: the office's archive, kept by its rules, to be told to the resident."""
