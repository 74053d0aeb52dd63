"""What officers at work need from the store, as Protocols beside those of `handoff_ports`: pictures residents send while a
person has the conversation, what they report of an office, telephone lines that nobody answers, and what was handed to other
offices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.desk.case_records import Case, Referral, Tally

WANTED, KEPT, REFUSED, GONE = "wanted", "kept", "refused", "gone"
"""Where a picture stands: not fetched yet; kept; no photo; the platform does not have it any more."""
LAID = "laid"
"""Laid down by a client of ours, to be named by a message; nobody at the office sees it."""


@dataclass(frozen=True, slots=True)
class TalkPicture:
    """A photo sent while people had the conversation; a list of them never loads one."""

    id: str
    conversation: str
    message: str
    state: str
    attempts: int
    """How often it was asked for."""
    size: int
    at: datetime


class TalkPictures(Protocol):
    async def want(self, conversation: str, message: str, now: datetime) -> None:
        """To be fetched; once for a message."""

    async def due(self, now: datetime) -> bool:
        """Whether one is to be fetched: a cheap look, asked again and again."""

    async def lease(self, now: datetime, until: datetime) -> TalkPicture | None:
        """One that is due, for this worker alone until `until`; counts an attempt."""

    async def keep(self, picture: str, content: bytes, now: datetime) -> None:
        """Sealed under a key of its own, so that forgetting it forgets it in backups too."""

    async def put_off(self, picture: str, until: datetime) -> None: ...

    async def give_up(self, picture: str, state: str) -> None:
        """REFUSED or GONE: it is not asked for again."""

    async def of_conversation(self, conversation: str) -> Sequence[TalkPicture]:
        """Oldest first, without those laid down."""

    async def lay(self, conversation: str, content: bytes, now: datetime) -> str:
        """Keep a picture, sealed under a key of its own, until a message names it; its id."""

    async def is_laid(self, conversation: str, picture: str) -> bool:
        """Whether this conversation has laid it down, and it is still there."""

    async def laid(self, picture: str) -> bytes:
        """Raises BadInput where there is none (any more)."""

    async def clear(self, before: datetime) -> int:
        """Delete those laid down before this moment; how many."""

    async def read(self, picture: str) -> bytes:
        """The photo, opened. Raises BadInput where none is kept."""

    async def forget(self, before: datetime) -> int:
        """Delete those that came before this moment; how many."""


@dataclass(frozen=True, slots=True)
class Tip:
    """What somebody reports of an office or of a person who draws benefits without a right to them."""

    id: str
    about: str
    """cadre, fraud, money, other: the option that was chosen."""
    region: str
    """The division it happened in."""
    level: str
    """The division whose people read it: always above the office complained of."""
    named: bool
    conversation: str
    """Where a named one can be answered; empty for an anonymous one, which nothing leads back from."""
    who: str
    what: str
    contact: str
    state: str
    """new, taken, done."""
    actor: str
    """The staff id of who moved it last."""
    outcome: str
    created_at: datetime
    updated_at: datetime


class Tips(Protocol):
    async def add(
        self,
        about: str,
        region: str,
        level: str,
        who: str,
        what: str,
        now: datetime,
        *,
        conversation: str = "",
        contact: str = "",
    ) -> Tip:
        """Named where it has a conversation. Sealed under a key of its own."""

    async def get(self, tip: str) -> Tip:
        """Raises BadInput if there is none."""

    async def list(self, levels: Sequence[str], state: str = "", limit: int = 100) -> Sequence[Tip]:
        """Those that people of these divisions read, which are at or below them; the oldest open one first."""

    async def change(self, tip: str, state: str, actor: str, outcome: str, now: datetime) -> Tip:
        """Raises Conflict where it is done already."""


@dataclass(frozen=True, slots=True)
class LineReport:
    """One person tried a published line and nobody answered."""

    id: str
    hotline: str
    """The entry's id."""
    number: str
    region: str
    """Where they tried it for; empty: not known."""
    actor: str
    """A staff id, or `resident:<conversation>`: two of the same are one report."""
    at: datetime


class LineReports(Protocol):
    async def add(self, hotline: str, number: str, region: str, actor: str, now: datetime) -> None: ...

    async def since(self, moment: datetime) -> Sequence[LineReport]:
        """Those not settled since, the newest first."""

    async def settle(self, hotline: str, actor: str, now: datetime) -> int:
        """It answers again: how many reports that ends."""

    async def forget(self, before: datetime) -> int: ...


class Referrals(Protocol):
    async def add(
        self,
        case: str,
        office: str,
        what: str,
        papers: Sequence[str],
        due: date | None,
        now: datetime,
        task: str = "",
        state: str = "open",
    ) -> Referral: ...

    async def change(self, referral: str, state: str, outcome: str, now: datetime) -> Referral: ...

    async def get(self, referral: str) -> Referral: ...

    async def open(self, regions: Sequence[str]) -> Sequence[tuple[Referral, Case]]:
        """Those no office answered for good, with their cases, the follow-up day that comes first first."""

    async def of_case(self, case: str) -> Sequence[Referral]: ...

    async def to_ask(self, first: date, last: date, limit: int) -> Sequence[Referral]:
        """Those to be followed up on one of these days of which nobody was asked yet, whose reminder stands, and
        that went there and did not come back."""

    async def asked(self, referral: str, now: datetime) -> bool:
        """Mark it; False when it was asked before: of two processes one asks."""

    async def helped(self, referral: Referral, said: str, state: str, task: str, now: datetime) -> Referral:
        """What the resident said, where that leaves it, and the reminder that stands for it now."""

    async def settle(self, referral: Referral, state: str, task: str, due: date | None, now: datetime) -> Referral:
        """Whether the person agrees is known: its state, the reminder that stands for it, and the day of the follow-up."""

    async def tally(self, regions: Sequence[str], since: datetime) -> Sequence[Tally]:
        """Of those asked about since, by office and what was said."""

    async def told(
        self, regions: Sequence[str], since: datetime, office: str, said: str, limit: int
    ) -> Sequence[tuple[Referral, Case]]:
        """Those behind one number of the tally, the newest first. `said`: `asked` for all that were asked about."""
