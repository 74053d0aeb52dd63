"""The one form of a text that search compares, for phrasings and questions alike."""

from __future__ import annotations

from functools import lru_cache

from bot.language.normalise import match_key, tidy
from bot.language.plain import plain_words
from bot.language.typos import repair

FORM = "r1"
"""Raise it whenever the form changes: it is part of every vector's key, so old vectors are made again, never mixed."""

A_TURN = 16
"""What is asked several times in one turn is worked out once; of what residents write, no more is kept in memory than that."""


@lru_cache(maxsize=32768)
def readable_phrasing(text: str) -> str:
    """The same, remembered: content is read again at every publication. Never for what residents write."""
    return readable(text)


@lru_cache(maxsize=32768)
def phrasing_keys(text: str) -> tuple[str, str]:
    """By what an exact match finds a phrasing: as it is written, and as it reads."""
    return match_key(text), match_key(readable_phrasing(text))


@lru_cache(maxsize=A_TURN)
def readable(text: str) -> str:
    """Tidied, spelt right, in plain words."""
    return plain_words(repair(tidy(text)))
