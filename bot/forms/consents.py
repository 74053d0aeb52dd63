"""What a resident agrees to before and while a form is filled in, word for word and by version. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bot.forms.model import Clause


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One text. A field of kind `agree` has the key of its text; what is kept of an agreement is `version`."""

    id: str
    version: str
    """The day the text was written; a changed text is another version."""
    title: str
    text: str
    clauses: tuple[Clause, ...]
