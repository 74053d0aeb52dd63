"""The words all channels share: what came in, what goes out, and what a channel can show."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

WITHHELD = "withheld"
"""How a message is marked (in its `about`) that reports an office: only those above it may read its words."""


class Kind(StrEnum):
    TEXT = "text"
    IMAGE = "image"
    VOICE = "voice"
    VIDEO = "video"
    LOCATION = "location"
    LINK = "link"
    EVENT = "event"
    UNKNOWN = "unknown"


class Author(StrEnum):
    RESIDENT = "resident"
    BOT = "bot"
    OFFICER = "officer"
    SYSTEM = "system"


class State(StrEnum):
    """Where a message stands. Inbound: received → handled. Outbound: queued → sending → sent | failed; held waits
    for the resident's next message, because the platform lets nothing out before it."""

    RECEIVED = "received"
    HANDLED = "handled"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    HELD = "held"
    FAILED = "failed"


class Outcome(StrEnum):
    """How a turn ended; every one of them offers the resident a next step."""

    ANSWERED = "answered"
    CLARIFIED = "clarified"
    DECLINED = "declined"
    REDIRECTED = "redirected"
    DISTRESS = "distress"
    PERSON = "person"
    SMALLTALK = "smalltalk"
    BUSY = "busy"
    ASKED = "asked"
    """A question of a form."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a platform reports of a notice it took (TEMPLATESENDJOBFINISH, subscribe_msg_sent_event)."""

    id: str
    """The platform's id, as the sender returned it."""
    ok: bool
    reason: str = ""
    """The platform's word for why not: user block, 43101 …"""


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a resident said to a platform's question whether it may send them notices (subscribe_msg_popup_event, or
    subscribe_msg_change_event, which only takes back)."""

    template: str
    yes: bool


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message or event as a channel delivered it, proved and read, before anything is stored."""

    channel: str
    """The connector's name, e.g. `wechat`."""
    account: str
    """Which account of ours received it, e.g. the `gh_…` id."""
    sender: str
    """The platform's id of the person, e.g. an openid: personal data, stored encrypted."""
    message_id: str
    """Unique per channel and account: the same id again is the same message delivered again."""
    kind: Kind
    sent_at: datetime
    text: str = ""
    choice: str = ""
    """The id of the option that was tapped, if the platform says so."""
    event: str = ""
    """The platform's event name (`subscribe`, `SCAN`, …) when kind is EVENT."""
    event_key: str = ""
    media: str = ""
    """The platform's id of a picture or voice."""
    place: str = ""
    """The words of a shared location; coordinates are never kept."""
    may_send: int = 0
    """How many messages the platform lets us send on our own because of this one; 0: it changes nothing."""
    may_send_seconds: float = 0.0
    """For how long it lets us."""
    receipts: tuple[Receipt, ...] = ()
    """With an event: what became of notices."""
    agreed: tuple[Agreed, ...] = ()
    """With an event: which notices they want."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One option under a reply. `meaning` stays on the server; the resident sees and sends only label or number."""

    label: str
    meaning: dict[str, Any] = field(default_factory=dict)
    """One of {"answer": entry id}, {"region": code}, {"person": true}, {"say": text}, {"more": true}, {"form": kind,
    "programme": id} to begin a form, {"heard": text} for what was spoken (`bot.desk.listening`), {"draft": id, …} for an
    option of a form's question (`bot.desk.filling.asking`), {"helped" or "share": yes, …, "referral": id} for what is said
    to a question about a referral (`bot.desk.casework.tapped`)."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where an answer stands: shown to the resident and checked before publication."""

    number: str
    title: str
    clause: str
    date: str


@dataclass(frozen=True, slots=True)
class Reply:
    """One thing the bot says. `text` is approved text or fixed words: it is never a template."""

    text: str
    choices: tuple[Choice, ...] = ()
    outcome: Outcome = Outcome.SMALLTALK
    entry: str = ""
    title: str = ""
    short: str = ""
    sources: tuple[Source, ...] = ()
    region: str = ""
    place: str = ""
    """What the region is called: 湖北省武汉市."""
    as_of: str = ""
    """The day the answer was read for: 2026-11-25."""
    score: float = 0.0
    reason: str = ""
    """Why it was declined, clarified or redirected: for reports, never for the resident."""
    form: str | None = None
    """The draft that is open in the conversation from here on, "" for none; None: it stays as it is."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can carry; rendering reads this, so no use case needs to know a channel by name."""

    text_bytes: int
    """The longest text in UTF-8 bytes."""
    options: int
    """How many tappable options one message can hold; 0 means numbers only."""
    passive_seconds: float
    """How long the platform waits for an answer in the same exchange; 0 means it does not."""
    personal: bool
    """Whether anything personal may be said on it."""
    characters: int = 0
    """The longest text in characters (UTF-16 units), where a platform counts so; 0: it counts bytes."""

    @property
    def longest(self) -> int:
        return self.characters or self.text_bytes

    def size(self, text: str) -> int:
        """The size of a text as this platform counts it."""
        return len(text.encode("utf-16-le", "surrogatepass")) // 2 if self.characters else size_in_bytes(text)


def size_in_bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
