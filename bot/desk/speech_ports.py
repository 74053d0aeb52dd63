"""What the desk needs to hear a voice message: who fetches it from its platform, and who writes down what is said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.desk.paper_ports import Media


class Transcriber(Protocol):
    """Speech to text; a connector implements it."""

    async def write_down(self, sound: bytes) -> str:
        """What is said, empty where nothing was understood. `sound` is what the platform keeps (AMR from WeChat), as it
        is. Raises TryAgain when the server is away or slow, Undeliverable when it cannot read this."""


@dataclass(frozen=True, slots=True)
class Speech:
    """Only the gateway has it, and only where an office set one up."""

    media: Media
    transcriber: Transcriber
