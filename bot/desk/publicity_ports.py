"""What the publicity desk needs from outside, as Protocols: proposals of the editors, and search by meaning.

A proposal is one entry as an editor wants it: its kind, its key, and its data exactly as the content files hold it. It is
nothing residents see until a second person approved it and it stands in an edition.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Protocol

from bot.knowledge.edition import Edition
from bot.knowledge.search.candidate import Candidate
from bot.knowledge.search.encoders import Array


class State(StrEnum):
    """Where a proposal stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    """Given back by an approver, to be written again."""
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    """Approved, and waits for its day."""
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({State.DRAFT, State.SUBMITTED, State.RETURNED, State.APPROVED, State.SCHEDULED})
"""An entry has one open proposal at most: two editors of one answer meet in it, and neither writes over the other."""
WRITABLE = frozenset({State.DRAFT, State.RETURNED})
READY = frozenset({State.APPROVED, State.SCHEDULED})
MOVES: Mapping[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.SUBMITTED, State.WITHDRAWN}),
    State.RETURNED: frozenset({State.SUBMITTED, State.WITHDRAWN}),
    State.SUBMITTED: frozenset({State.DRAFT, State.RETURNED, State.APPROVED, State.SCHEDULED, State.WITHDRAWN}),
    State.APPROVED: frozenset({State.RETURNED, State.SCHEDULED, State.PUBLISHED, State.WITHDRAWN}),
    State.SCHEDULED: frozenset({State.RETURNED, State.APPROVED, State.PUBLISHED, State.WITHDRAWN}),
    State.PUBLISHED: frozenset(),
    State.WITHDRAWN: frozenset(),
}
NAMES: Mapping[State, str] = {
    State.DRAFT: "草稿",
    State.SUBMITTED: "待审",
    State.RETURNED: "退回修改",
    State.APPROVED: "已通过，待发布",
    State.SCHEDULED: "定时发布",
    State.PUBLISHED: "已发布",
    State.WITHDRAWN: "已撤销",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """One entry as somebody wants it."""

    id: str
    kind: str
    key: str
    data: Mapping[str, Any] | None
    """As in the content files; None: the entry is to go."""
    base: str
    """Digest of the published entry it began from; empty: the entry is new."""
    edition: int
    """The edition it began from."""
    region: str
    """Whose matter it is: the place the entry holds for; 000000 for the nation."""
    author: str
    """Staff id of who began it."""
    editors: tuple[str, ...]
    """Staff ids of all who wrote in it: none of them may approve it."""
    state: State
    note: str
    """Why, in the editor's words."""
    publish_on: date | None
    approver: str
    published: int
    """The edition it went into; 0: none yet."""
    source: str
    """What it came from: `question:<group>`, `import:<batch>`, `edition:<number>`; empty: written here."""
    version: int
    created_at: datetime
    updated_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None

    @property
    def removes(self) -> bool:
        return self.data is None

    @property
    def called(self) -> str:
        """What people know it by, in messages: its title or name; its key where it has none."""
        told = self.data or {}
        named = (told.get(name) for name in ("title", "name", "question"))
        return next((said for said in named if isinstance(said, str) and said), self.key)


@dataclass(frozen=True, slots=True)
class Comment:
    """Something said about a proposal, or a step it took. `what`: comment, or the state it went to, or `failed`."""

    id: str
    proposal: str
    what: str
    text: str
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A protected question whose answer changed with an edition, and who let it."""

    edition: int
    question: str
    before: str
    after: str
    actor: str
    at: datetime


class Proposals(Protocol):
    async def add(
        self,
        kind: str,
        key: str,
        data: Mapping[str, Any] | None,
        *,
        base: str,
        edition: int,
        region: str,
        author: str,
        now: datetime,
        note: str = "",
        source: str = "",
    ) -> Proposal:
        """A draft. Raises Conflict if the entry has an open proposal."""

    async def get(self, proposal: str) -> Proposal:
        """Raises BadInput if there is none."""

    async def several(self, proposals: Collection[str]) -> Sequence[Proposal]:
        """In the order given; raises BadInput if one is missing."""

    async def open_for(self, kind: str, key: str) -> Proposal | None:
        """The open proposal of an entry."""

    async def list(
        self,
        states: Collection[State] = (),
        *,
        kind: str = "",
        key: str = "",
        author: str = "",
        source: str = "",
        limit: int = 500,
    ) -> Sequence[Proposal]:
        """The newest change first; no states: all of them. `source`: those that begin with it."""

    async def save(self, proposal: Proposal, now: datetime, **fields: Any) -> Proposal:
        """Set data, note, region, base, edition, editors, state, publish_on, approver, published, submitted_at or decided_at;
        one version more. Raises Conflict if `proposal.version` is not the newest."""

    async def say(self, proposal: str, what: str, text: str, actor: str, now: datetime) -> Comment: ...

    async def said(self, proposal: str) -> Sequence[Comment]:
        """Oldest first."""

    async def accept(self, edition: int, question: str, before: str, after: str, actor: str, now: datetime) -> None: ...

    async def accepted(self, edition: int) -> Sequence[Acceptance]: ...


class Seeker(Protocol):
    """Search over the wordings of one edition (`bot.desk.ports.Finder`)."""

    def find(self, text: str, programme: str = "", top: int = 10, closely: bool = True) -> Sequence[Candidate]: ...


class Meaning(Protocol):
    """Search by meaning where people edit: the encoders are opened by the first who needs them, in a thread, and never in
    an office that does not edit (docs/decisions/0025)."""

    async def keep(self, texts: Sequence[str]) -> int:
        """Make and store the vectors these wordings lack, so that publishing encodes nothing; how many were made."""

    async def lacking(self, texts: Sequence[str]) -> Sequence[str]:
        """Those without a vector yet. Opens no encoder."""

    async def over(self, edition: Edition) -> Seeker:
        """Search over an edition, also one that is not published; the newest few are kept ready."""

    @property
    def encoder(self) -> str:
        """The name of the fast encoder."""

    async def encode(self, texts: Sequence[str]) -> Array:
        """Rows of length 1 by the fast encoder, in blocks so that others get a turn. Nothing is kept of them."""

    async def near(self, edition: Edition, text: str, top: int = 5) -> Sequence[Candidate]:
        """The published answers a text comes nearest to, best first."""
