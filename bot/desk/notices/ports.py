"""What notices need from outside: the routes an office has, as data; a sender for each; the store that keeps them.

The console knows the routes and queues notices; only the gateway has senders. A sender is handed a finished letter: it
cuts each value to what its platform takes, sends, and says what became of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

SUBSCRIPTION, MESSAGE, TEMPLATE, SMS, CALL = "subscription", "message", "template", "sms", "call"
ORDER = (SUBSCRIPTION, MESSAGE, TEMPLATE, SMS, CALL)
"""The best first: what was asked for, what the open window lets out, what the platform lets out, a text message, a call."""
REFUSED = "refused"
"""The reason of an `Undeliverable` when the resident takes no such notice (43101): none of this template is tried again
before they agree anew."""
UNCONFIRMED = "unconfirmed"
"""The reason of an `Undeliverable` when nobody knows whether it went out."""
NO_REPORT = "no_report"
"""Why a notice counts as unconfirmed: no answer, and no report of it either."""
VALUES = ("programme", "state", "number", "office", "day", "next", "title")
"""What a field of a template can be filled with: the programme, where the case stands, the end of its number, the office,
today's date (2026年11月26日), the next step, what the notice is about. No name, no amount, no identity number."""


@dataclass(frozen=True, slots=True)
class Template:
    """One template of a platform, as the office had it approved there."""

    id: str
    fields: Mapping[str, str]
    """The platform's field (thing1, time2, keyword1 …; of a text message its parameter) and which of `VALUES` fills it."""
    page: str = ""
    """The page or address a tap opens; empty: none."""
    lasting: bool = False
    """One agreement holds for every notice (长期订阅); else each agreement lets one out."""


@dataclass(frozen=True, slots=True)
class Route:
    """One way out that this office has."""

    name: str
    """One of `ORDER` that is not MESSAGE or CALL."""
    channel: str
    """The channel whose conversations it reaches (wechat, mini …); empty: telephones."""
    consent: bool
    """Whether only who agreed to the very template gets it."""
    templates: Mapping[str, Template] = field(default_factory=dict)
    """By the key of the notice (notice_supplement …); `*`: for those not named."""

    def template(self, key: str) -> Template | None:
        return self.templates.get(key) or self.templates.get("*")


@dataclass(frozen=True, slots=True)
class Letter:
    """One notice to one address, ready for a sender. Nothing of it may be logged."""

    token: str
    """The same for a repeat, other for every other letter; letters and digits, at most 32. For platforms that know repeats
    by one (`client_msg_id`)."""
    account: str
    """Which account of ours sends it; empty for telephones."""
    to: str
    """The openid, or the telephone number."""
    template: Template
    values: Mapping[str, str]
    """By the template's fields: filled, not cut."""


class NoticeSender(Protocol):
    """One route's way out; a connector implements it. Known by the name of the route."""

    async def send(self, letter: Letter) -> str:
        """Send once, and return the platform's id of it (for the receipt that follows), or empty.

        Raises TryAgain (also Paused, Misconfigured) when it surely did not go out and may later; Undeliverable with the
        platform's reason when it never will (`REFUSED`, or its own word) or, with `UNCONFIRMED`, when nobody knows."""


class Stage(StrEnum):
    """Where a notice stands. It ends as TOLD or TASK; bad news of one that was told moves it on, never back."""

    WAITING = "waiting"
    """For its moment, and for the sender."""
    SENDING = "sending"
    TOLD = "told"
    """As far as anybody knows: the platform took it, or its message is on the way."""
    TASK = "task"
    """Somebody calls, or goes there."""
    NOBODY = "nobody"
    """Whom it was for had themselves forgotten on the way."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One notice as it is kept."""

    id: str
    case: str
    person: str
    key: str
    route: str
    stage: Stage
    conversation: str
    message: str
    """Its row in the chat, where that is its route."""
    held: str
    """The row that waits in the chat for the resident's next message."""
    task: str
    platform_id: str
    attempts: int
    """On this route."""
    due_at: datetime | None
    route_at: datetime
    """Since when it may leave on this route."""
    text: str
    """The officer's words in it."""
    offers: tuple[str, ...]
    values: Mapping[str, str]
    """What a template's fields can be filled with (`VALUES`), as it was when the notice was made."""
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Try:
    """What became of a notice on one route."""

    notice: str
    route: str
    outcome: str
    """passed: this way was not there; queued, sent: it left; delivered, undelivered: the platform's receipt; refused, later,
    unconfirmed: what the platform said; call: a person."""
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Agreement:
    """What somebody said about one template."""

    left: int
    refused: bool


class Notices(Protocol):
    async def add(
        self,
        case: str,
        person: str,
        key: str,
        text: str,
        offers: Sequence[str],
        values: Mapping[str, str],
        now: datetime,
        task: str = "",
    ) -> Kept:
        """Made WAITING, on no route yet; its words are sealed under the case's key. `task`: the one that stands already
        for whoever would call."""

    async def get(self, notice: str) -> Kept:
        """Raises BadInput if there is none."""

    async def hold(self, notice: Kept) -> bool:
        """Lock it until the transaction ends; whether it still stands as in `notice` (stage, route and attempts)."""

    async def move(self, notice: Kept, to: Stage, now: datetime, **fields: Any) -> bool:
        """Set stage, route, conversation, message, held, task, platform_id, attempts, due_at or route_at. False, and
        nothing changed, where it does not stand as in `notice` any more."""

    async def tried(self, notice: Kept, route: str, outcome: str, reason: str, now: datetime) -> None: ...

    async def tries(self, case: str) -> Sequence[Try]:
        """Oldest first."""

    async def of_message(self, message: str) -> Kept | None:
        """The one whose row in the chat this is."""

    async def of_platform(self, conversation: str, platform_id: str) -> Kept | None: ...

    async def sending_to(self, conversation: str) -> Sequence[Kept]: ...

    async def due(self, now: datetime, limit: int) -> Sequence[Kept]: ...

    async def stuck(self, before: datetime) -> Sequence[Kept]:
        """SENDING since before this moment: nobody said what became of them."""

    async def agreed(self, conversation: str, template: str, yes: bool, now: datetime) -> None:
        """One agreement more, or none any more."""

    async def agreement(self, conversation: str, template: str) -> Agreement: ...

    async def spend(self, conversation: str, template: str, now: datetime) -> bool:
        """Use one agreement up; False where none was left."""

    async def spare(self, conversation: str, template: str, now: datetime) -> None:
        """Nothing went out: the agreement is there again."""
