"""What the desk needs from the store for what people asked: the log, its groups by meaning, and what was made of them.

Every reading is by place: `regions` are the divisions somebody works for, with everything below them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.asking import Ended

FAILED, DISLIKED, UNHELPED, UNRESOLVED = "failed", "disliked", "unhelped", "unresolved"
"""No answer was found; the answer was said not to help; either of both; what came next within ten minutes was the same again,
a dislike, a question back, or the wish for a person."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, as it was kept."""

    id: str
    """The message that asked."""
    conversation: str
    region: str
    channel: str
    outcome: Ended
    reason: str
    entry: str
    programme: str
    score: float
    at: datetime
    words: str
    """Masked; empty where nothing was said in words of one's own."""
    team: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which questions are asked for."""

    regions: Sequence[str]
    since: date
    until: date
    """Its questions too."""
    place: str = ""
    """One division with everything below it, inside `regions`."""
    entry: str = ""
    programme: str = ""
    outcome: str = ""
    """An `Ended`, or FAILED, DISLIKED, UNHELPED, UNRESOLVED."""
    team: str = ""


@dataclass(frozen=True, slots=True)
class Team:
    """Questions of one meaning."""

    id: str
    asked: int
    failed: int
    disliked: int
    people: int
    first: str
    """The day the oldest of them was asked: 2026-11-25."""
    last: str


@dataclass(frozen=True, slots=True)
class Use:
    """How often an answer was given, and how often that did not settle the matter."""

    entry: str
    given: int
    unresolved: int
    disliked: int
    people: int


@dataclass(frozen=True, slots=True)
class Number:
    """One cell of a count."""

    key: tuple[str, ...]
    number: int
    people: int


@dataclass(frozen=True, slots=True)
class ToGroup:
    """A question as the grouping reads it."""

    id: str
    words: str
    vector: bytes | None
    """16-bit floats of the encoder asked for, or None."""
    team: str
    place: int
    """Its group by the grouping before, and how near it stood to the middle."""


@dataclass(frozen=True, slots=True)
class Run:
    """The newest grouping."""

    at: datetime
    questions: int
    teams: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What was made of a group: `draft` with its proposal, or `dropped`."""

    team: str
    state: str
    proposal: str
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Proposed:
    """A question an officer answered and hands on; its words are masked."""

    id: str
    conversation: str
    region: str
    question: str
    answer: str
    state: str
    """open, draft, dropped."""
    proposal: str
    actor: str
    at: datetime


class Questions(Protocol):
    async def add(self, asked: Asked) -> None: ...

    async def get(self, asked: str) -> Asked:
        """Raises BadInput if there is none (any more)."""

    async def ungrouped(self) -> int:
        """How many questions in words have no group yet."""

    async def unencoded(self, encoder: str, since: date, limit: int) -> Mapping[str, str]:
        """Words by id of questions without a vector of this encoder, the newest first."""

    async def keep_vectors(self, encoder: str, vectors: Mapping[str, bytes]) -> None:
        """Sealed; those of questions that were erased meanwhile are dropped."""

    async def to_group(self, encoder: str, since: date, after: str, limit: int) -> Sequence[ToGroup]:
        """By id, those that come after this one."""

    async def set_teams(self, teams: Iterable[tuple[str, str, int]]) -> None:
        """(question, group, how near it stands to its middle)."""

    async def ran(self, run: Run) -> None: ...

    async def last_run(self) -> Run | None: ...

    async def teams(self, wanted: Wanted, limit: int) -> Sequence[Team]:
        """Groups that have a question of this kind, the most of them first; decided ones too."""

    async def examples(self, wanted: Wanted, teams: Collection[str], each: int) -> Mapping[str, Sequence[str]]:
        """Different wordings of each group, the most typical first."""

    async def count(self, wanted: Wanted, *by: str) -> Sequence[Number]:
        """By team, week, day, region, channel, programme, outcome, entry or reason."""

    async def uses(self, wanted: Wanted) -> Sequence[Use]:
        """Of each answer, the most given first."""

    async def list(self, wanted: Wanted, limit: int) -> Sequence[Asked]:
        """The newest first."""

    async def decide(self, decision: Decision) -> None: ...

    async def decisions(self, teams: Collection[str] = ()) -> Sequence[Decision]:
        """Of these groups; of all without any."""

    async def judge(
        self, team: str, entry: str, wording: str, accepted: bool, proposal: str, actor: str, now: datetime
    ) -> bool:
        """Keep what was said of a wording for an answer; False if it was judged before."""

    async def judged(self, entry: str, wordings: Sequence[str]) -> Collection[str]:
        """Those of these wordings that were accepted or refused for this answer."""

    async def refused(self, teams: Collection[str]) -> Mapping[str, Collection[str]]:
        """The answers that were refused for a group."""

    async def propose(
        self, conversation: str, region: str, question: str, answer: str, actor: str, now: datetime
    ) -> Proposed: ...

    async def proposed(self, regions: Sequence[str], limit: int) -> Sequence[Proposed]:
        """Open ones, the oldest first."""

    async def proposed_one(self, proposed: str) -> Proposed:
        """Raises BadInput if there is none."""

    async def settle(self, proposed: str, state: str, proposal: str) -> bool:
        """False when it is not open any more."""

    async def ages(self, edition: int) -> Mapping[str, datetime]:
        """Since when each answer of an edition stands as it does."""

    async def forget(self, before: date, limit: int = 500) -> int:
        """Questions asked before this day, with their vectors; how many."""
