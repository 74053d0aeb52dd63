"""What the app's door is told at start."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.errors import BadInput
from connectors.app.assertions import AppKey

_ORIGIN = re.compile(r"https?://[a-z0-9.-]{1,253}(?::[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class AppSettings:
    secret: str = field(repr=False)
    """What sessions are signed with; the same in every gateway of a site."""
    keys: Sequence[AppKey] = ()
    origins: Sequence[str] = ()
    """Sites that may call from a browser."""
    per_address: int = 1200
    """Calls a minute from one address; 0: whoever stands in front counts."""


def read_origins(text: str) -> tuple[str, ...]:
    """The setting JIUZHUTONG_APP_ORIGINS: https://site.example https://other.example. Raises BadInput."""
    origins = tuple(text.split())
    for number, origin in enumerate(origins, 1):
        if not _ORIGIN.fullmatch(origin):
            raise BadInput(
                f"entry {number} of JIUZHUTONG_APP_ORIGINS is no origin; write https://name in small letters, without a path"
            )
    return origins
