"""Eight digits that people carry from one chat to another: made, shown in two halves, and read back. Pure."""

from __future__ import annotations

import re
import secrets
import unicodedata

DIGITS = r"(\d{4})[\s\-]?(\d{4})"
"""How people write them; for patterns that `read` reads."""
ALONE = re.compile(rf"\W*{DIGITS}\W*")
_DATE = re.compile(r"(?:19|20)\d{6}")


def new() -> str:
    while looks_like_a_date(code := f"{secrets.randbelow(10**8):08d}"):
        continue
    return code


def show(code: str) -> str:
    return f"{code[:4]} {code[4:]}"


def read(found: re.Match[str] | None) -> str:
    """The eight digits; empty where nothing was found."""
    return "".join(found.groups()) if found else ""


def alone(text: str) -> str:
    """Eight digits and nothing else."""
    return read(ALONE.fullmatch(unicodedata.normalize("NFKC", text)))


def looks_like_a_date(digits: str) -> bool:
    """Eight digits that look like a birth date are one; no code is made that looks so."""
    return _DATE.fullmatch(digits) is not None
