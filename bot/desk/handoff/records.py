"""What an officer sees of a conversation. Everything here is masked: `revealing.reveal` alone shows what was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.conversations import Conversation
from bot.desk.case_records import Case
from bot.desk.handoff_ports import VIEWS as VIEWS
from bot.desk.handoff_ports import Closing
from bot.desk.handoff_ports import Note as Note
from bot.desk.handoff_ports import Shared as Shared
from bot.desk.officer_ports import TalkPicture
from bot.desk.ports import Message


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list."""

    conversation: str
    channel: str
    region: str
    place: str
    """What the region is called, or 地区未知."""
    holder: str
    holder_id: str
    holder_name: str
    """The officer's name; empty where nobody holds it."""
    reason: str
    """asked, distress:<danger>, unclear, complaint:<staff id> …"""
    why: str
    """The same in words: 想找人工."""
    distress: bool
    priority: int
    preview: str
    """What the resident said last, masked and cut."""
    labels: Sequence[str]
    since: datetime
    """Since when it waits: queued, or last changed."""
    answer_by: datetime | None
    """By when somebody should have answered; None: nobody owes an answer."""
    overdue: bool
    quota_left: int
    window_until: datetime | None
    version: str
    """Changes with everything that is shown: for live updates."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One answer of a form, and the message it came from."""

    path: str
    """`members.2.name`: what `revealing.reveal` asks for."""
    label: str
    shown: str
    """Masked where the field is personal."""
    masked: bool
    state: str
    message: str
    """The id of the message it came from; empty: not from a message."""
    seq: int
    """That message's number in the transcript; 0: not in it."""
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation opened."""

    row: Row
    conversation: Conversation
    messages: Sequence[Message]
    """The transcript, in order; `about` says what the bot understood and which answer it gave (entry, outcome, sources)."""
    leaving: Sequence[Message]
    """Rows of the bot that are `sending` now: they left before the claim."""
    form: str
    """What is being filled in, in words; empty: nothing."""
    facts: Sequence[Fact]
    missing: Sequence[str]
    """The labels of what is still to be asked."""
    cases: Sequence[Case]
    """Of the same person, newest first, without answers."""
    notes: Sequence[Note]
    pictures: Sequence[TalkPicture]
    """What was sent while people had it, as far as it could be fetched; none of them is loaded."""
    closing: Closing | None
    """How it ended last, and what the resident said to that."""
    may_reply: bool
    """Whether it is theirs to answer now."""
    open_window: bool
    """Whether the platform lets a message out now; else a reply waits for the resident's next message, and becomes a call."""
