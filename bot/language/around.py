"""The words around something that was heard in a text."""

from __future__ import annotations

import re


def around(found: re.Match[str], plain: str, reach: int) -> tuple[str, str, str]:
    """So many characters before it, itself, and so many after it."""
    before = plain[max(0, found.start() - reach) : found.start()]
    return before, found.group(), plain[found.end() : found.end() + reach]
