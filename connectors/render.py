"""Stored rows as the replies they were; how a reply becomes texts is `bot.pages`, which the editors' previews share."""

from __future__ import annotations

from bot.desk.ports import Message
from bot.errors import BadInput
from bot.messages import Outcome, Reply, Source
from bot.pages import Tap, cut, footing, merged, option_lines, pages, source_line, texts


def reply_of(said: Message | Reply) -> Reply:
    """A stored row as the reply it was, with its sources: rows and fixed words render alike."""
    if isinstance(said, Reply):
        return said
    about = said.about
    try:
        sources = tuple(
            Source(**source) if not isinstance(source, Source) else source for source in about.get("sources", ())
        )
        outcome = Outcome(about.get("outcome", Outcome.SMALLTALK))
    except (TypeError, ValueError) as error:
        raise BadInput(f"message {said.id} has sources or an outcome that cannot be read; look at its row") from error
    entry, place, as_of = (str(about.get(name, "")) for name in ("entry", "place", "as_of"))
    return Reply(said.text, said.choices, outcome, entry=entry, sources=sources, place=place, as_of=as_of)


__all__ = ["Tap", "cut", "footing", "merged", "option_lines", "pages", "reply_of", "source_line", "texts"]
