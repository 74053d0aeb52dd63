"""Names of rows: 26 characters, in order of time, impossible to guess."""

from __future__ import annotations

import secrets
from datetime import datetime

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_id(now: datetime) -> str:
    """A ULID (github.com/ulid/spec): 48 bits of milliseconds, 80 bits of chance. New rows lie together in the index."""
    value = int(now.timestamp() * 1000) << 80 | secrets.randbits(80)
    return "".join(_ALPHABET[value >> shift & 31] for shift in range(125, -1, -5))
