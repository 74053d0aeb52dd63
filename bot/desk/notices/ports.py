"""What notices need from outside: the routes an office has, as data; a sender for each; the store that keeps them.

The console knows the routes and queues notices; only the gateway has senders. A sender is handed a finished letter: it
cuts each value to what its platform takes, sends, and says what became of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

SUBSCRIPTION, MESSAGE, TEMPLATE, SMS, CALL = "subscription", "message", "template", "sms", "call"
ORDER = (SUBSCRIPTION, MESSAGE, TEMPLATE, SMS, CALL)
"""The best first: what was asked for, what the open window lets out, what the platform lets out, a text message, a call."""
UNCONFIRMED = "unconfirmed"
"""The reason of an `Undeliverable` when nobody knows whether it went out."""
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
    """The same for a repeat, other for every other letter; 26 characters. For platforms that know repeats by one
    (`client_msg_id`)."""
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
        platform's reason when it never will (43101: refused) or, with `UNCONFIRMED`, when nobody knows."""
