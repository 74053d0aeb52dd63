"""What the desk needs from outside, as Protocols: the store behind a unit of work, the finder, the engine, a sender.

`bot.store` implements the work; nothing here or in the desk knows SQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from bot.conversations import Conversation
from bot.desk.asking_ports import Questions
from bot.desk.broadcast_ports import Broadcasts
from bot.desk.case_ports import Cases, Consents, Drafts, Papers, People, Requests, Tasks
from bot.desk.conversation_ports import Conversations, Events
from bot.desk.edition_ports import Editions, Vectors
from bot.desk.handoff_ports import Talks
from bot.desk.identity_ports import Continuations
from bot.desk.notices.ports import Notices
from bot.desk.officer_ports import LineReports, Referrals, TalkPictures, Tips
from bot.desk.publicity_ports import Proposals
from bot.desk.staff_ports import Audit, Sessions, StaffAccounts
from bot.desk.supervising_ports import Supervising
from bot.desk.token_ports import Signatures as Signatures
from bot.desk.token_ports import Tokens as Tokens
from bot.desk.upload_ports import Uploads
from bot.knowledge.entry import Entry as Entry
from bot.knowledge.search.candidate import Candidate as Candidate
from bot.messages import Author, Choice, Inbound, Kind, Reply, State


@dataclass(frozen=True, slots=True)
class Message:
    """One row of the message table: inbox, transcript and outbox are views of it."""

    id: str
    conversation: str
    seq: int
    """1, 2, 3 … in one conversation, in the order we stored them."""
    author: Author
    state: State
    kind: Kind
    text: str
    choices: tuple[Choice, ...]
    about: Mapping[str, Any]
    """What else we know: for a reply its outcome, entry, sources …; for an inbound its event, media, place, choice."""
    channel_message_id: str
    reply_to: str
    """For a reply: the id of the inbound it answers."""
    reason: str
    attempts: int
    not_before: datetime | None
    actor: str
    region: str
    created_at: datetime
    done_at: datetime | None
    """When it reached its final state."""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of an inbound: `fresh` is False for a redelivery, whose row stands unchanged. The message is as it
    stood at the end of the transaction: answered at once, it is handled."""

    message: Message
    conversation: Conversation
    fresh: bool


class Messages(Protocol):
    async def take(
        self,
        conversation: Conversation,
        inbound: Inbound,
        text: str,
        about: Mapping[str, Any],
        now: datetime,
        private: str = "",
    ) -> TakenIn:
        """Insert an inbound as `received`; the unique key (channel, account, message_id) makes a repeat find the first row.
        `text` is what may be kept (identity numbers masked); `private` the words before masking, kept only until the
        message is handled."""

    async def private(self, message: str) -> str:
        """The words before masking, while the message waits for the form that asked; else empty."""

    async def add(
        self,
        conversation: Conversation,
        author: Author,
        reply: Reply,
        now: datetime,
        *,
        reply_to: str = "",
        actor: str = "bot",
        state: State = State.QUEUED,
        not_before: datetime | None = None,
    ) -> Message: ...

    async def get(self, message: str) -> Message: ...

    async def due_inbound(self, conversation: str, now: datetime) -> Sequence[Message]:
        """Inbound rows still `received` and due, in seq order."""

    async def due_outbound(self, now: datetime, limit: int) -> Sequence[Message]:
        """The first queued row of each conversation that is due and has nothing `sending` before it, oldest first."""

    async def replies(self, inbound: str) -> Sequence[Message]:
        """All rows that answer this inbound, in seq order."""

    async def pending(self, conversation: str) -> Sequence[Message]:
        """Outbound rows queued or held, in seq order."""

    async def history(self, conversation: str, limit: int = 50) -> Sequence[Message]:
        """The newest rows, in seq order."""

    async def after(self, conversation: str, seq: int, limit: int) -> Sequence[Message]:
        """The first rows numbered higher than `seq`, in seq order."""

    async def pulses(self, conversations: Sequence[str]) -> Mapping[str, str]:
        """A word for how each of these stands (its newest row, what is open, who holds it): another word, something
        changed. Cheap: asked several times a second for all that are watched."""

    async def count_since(self, conversation: str, since: datetime, author: Author) -> int: ...

    async def set_state(
        self,
        message: str,
        old: Iterable[State],
        new: State,
        now: datetime,
        *,
        reason: str = "",
        not_before: datetime | None = None,
        attempt: bool = False,
    ) -> bool:
        """One conditional UPDATE; False when the row was not in an `old` state, and then nothing changed."""

    async def stuck(self, before: datetime) -> Sequence[Message]:
        """Rows `sending` since before this moment: their sender died between sending and sent."""

    async def by_state(self) -> Mapping[str, int]:
        """How many rows stand in each state, for metrics."""


class Work(Protocol):
    """One unit of work. Leaving the block without `commit` rolls everything back."""

    conversations: Conversations
    messages: Messages
    editions: Editions
    vectors: Vectors
    events: Events
    tokens: Tokens
    signatures: Signatures
    people: People
    drafts: Drafts
    cases: Cases
    consents: Consents
    papers: Papers
    tasks: Tasks
    referrals: Referrals
    requests: Requests
    staff: StaffAccounts
    sessions: Sessions
    audit: Audit
    talks: Talks
    talk_pictures: TalkPictures
    tips: Tips
    line_reports: LineReports
    proposals: Proposals
    questions: Questions
    supervising: Supervising
    uploads: Uploads
    broadcasts: Broadcasts
    notices: Notices
    continuations: Continuations

    async def commit(self) -> None: ...


class Store(Protocol):
    def reading(self) -> AbstractAsyncContextManager[Work]:
        """A read-only unit of work."""

    def writing(self) -> AbstractAsyncContextManager[Work]:
        """A unit of work that writes (SQLite: BEGIN IMMEDIATE). Raises TryAgain when the database is locked or away."""

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Turn:
    """What the engine is asked: one message of one conversation."""

    conversation: str
    message_id: str
    text: str
    meaning: Mapping[str, Any] | None
    """The meaning of the option chosen, when the resident chose one; the text is then only for the transcript."""
    channel: str
    region: str
    on: date | None = None
    """Answer as of this day; None: today."""
    form: str = ""
    """The draft that is open in this conversation; the engine's own memory gives way to it."""


class Engine(Protocol):
    async def turn(self, turn: Turn) -> Sequence[Reply]:
        """The engine's replies; the same message_id again gives the same replies. Raises TryAgain when it is away."""


class Finder(Protocol):
    """Search over the phrasings of the edition in force; held by the process that owns the encoders."""

    def find(self, text: str, programme: str = "", top: int = 10, closely: bool = True) -> Sequence[Candidate]:
        """Best first. `programme`: what the talk is about, when the text itself does not say."""
