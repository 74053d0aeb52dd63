"""A picture sent while a form is open: it is a paper that was asked for, or holds the name and number asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.desk import papers
from bot.desk.filling import moves
from bot.desk.filling.effect import Effect, Here
from bot.desk.words import say
from bot.forms import readers
from bot.forms.model import split_path
from bot.forms.moves import Answer

_CARD = "paper_identity"


def pictured(here: Here, meaning: Mapping[str, Any]) -> Effect:
    """What the gateway made of a picture: kept (`paper`), read and now agreed to (`use`), or of no use (`picture`)."""
    if meaning.get("draft", here.draft.id) != here.draft.id:
        return here.effect(note=here.note("form_old_option"))
    if "picture" in meaning:
        return here.effect(before=(say(here.desk, str(meaning["picture"])),))
    paper = str(meaning["paper"])
    asked = [(path, one.field) for path, one in here.at.fields.items()] if here.at else []
    if meaning.get("use") is True:
        return _read(here, papers.proposed(here.draft, asked, paper), paper)
    if meaning.get("use") is False:
        return here.effect(before=(say(here.desk, "picture_type_it"),))
    taken = papers.taken(here.desk, here.draft, asked, paper, here.form)
    sheet = here.put(taken.values) if taken.values else here.sheet
    return here.effect(sheet=sheet, before=tuple(taken.replies), stored=bool(taken.values), silent=taken.asks)


def _read(here: Here, proposed: Mapping[str, str], paper: str) -> Effect:
    """What was read from the card counts as if it had been typed: the readers prove it."""
    values: dict[str, Any] = {}
    refused: dict[str, readers.Refused] = {}
    for path, text in proposed.items():
        field = here.asked(path)
        if field is None:
            continue
        result = readers.read(field.field, text, here.context(split_path(path)[0]))
        if isinstance(result, readers.Said):
            values[path] = result.value
        elif isinstance(result, readers.Refused):
            refused[path] = result
    if not values and not refused:
        return replace(here.effect(), before=(say(here.desk, "picture_type_it"),))
    if _CARD not in here.sheet.answers and here.asked(_CARD):
        values[_CARD] = [paper]  # the same photo is the paper that would be asked for later
    return moves.act(here, Answer(values, refused))
