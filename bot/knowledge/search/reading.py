"""The one form of a text that search compares, for phrasings and questions alike."""

from __future__ import annotations

from bot.language.normalise import tidy
from bot.language.plain import plain_words
from bot.language.typos import repair

FORM = "r1"
"""Raise it whenever the form changes: it is part of every vector's key, so old vectors are made again, never mixed."""


def readable(text: str) -> str:
    """Tidied, spelt right, in plain words."""
    return plain_words(repair(tidy(text)))
