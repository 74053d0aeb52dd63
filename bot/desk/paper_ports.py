"""What the desk needs to take in a photo: who fetches it from its platform, and who may look at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from bot.papers.card import Read
from bot.papers.picture import Picture


class Media(Protocol):
    async def fetch(self, channel: str, media: str) -> bytes:
        """The bytes a platform keeps under this id. Raises TryAgain when they may come later, Undeliverable when they
        never will."""


class Pictures(Protocol):
    async def settle(self, content: bytes) -> Picture:
        """The photo as it may be kept. Raises BadInput when it is none, TryAgain when it could not be worked on."""

    async def read(self, picture: bytes, today: date) -> Sequence[Read]:
        """Whose identity card or 户口簿 page it shows; nobody when it cannot be read."""


@dataclass(frozen=True, slots=True)
class Photos:
    """Only the gateway has them: it holds the platform's keys, and photos go no further than the store."""

    media: Media
    pictures: Pictures
