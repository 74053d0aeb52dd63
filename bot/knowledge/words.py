"""Fixed words the bot says around the answers: greetings, distress words, what it says when nothing is on file."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.knowledge.fields import Fields

MARKS = (
    *("place", "hotline", "office", "day", "programme", "number", "minutes", "name"),
    *("state", "next", "list", "text", "until", "government", "office_name"),
    *("all", "applicant", "code", "codes", "done", "example", "facts", "names", "now", "on", "papers", "title", "told"),
    *("version", "what"),
    *("amount", "behind", "formula"),
    *("ahead", "wait", "when", "hours"),
)
"""What the program fills in. Anything else between braces would be read out to a resident."""


@dataclass(frozen=True, slots=True)
class Words:
    """One fixed text and, where it is long, its short form."""

    key: str
    text: str
    short: str

    @classmethod
    def read(cls, key: str, fields: Fields) -> Words:
        words = cls(key, fields.text("text"), fields.text("short", required=False))
        fields.end()
        for mark in re.findall(r"\{([^{}]*)\}", words.text + words.short):
            if mark not in MARKS:
                fields.complain("text", f"里的“{{{mark}}}”不认识", f"只能用：{'、'.join(f'{{{m}}}' for m in MARKS)}")
        return words
