"""Entries and proposals as several parts of the publicity desk look at them."""

from __future__ import annotations

from collections.abc import Mapping

from bot.desk.ports import Work
from bot.desk.publicity_ports import Proposal
from bot.knowledge.entry import FILE, Entry


def wordings_of(proposal: Proposal) -> tuple[str, ...]:
    """The texts search compares questions with: an answer's title and phrasings."""
    if proposal.kind != "answer" or not proposal.data:
        return ()
    said = [proposal.data.get("title"), *(proposal.data.get("phrasings") or ())]
    return tuple(text.strip() for text in said if isinstance(text, str) and text.strip())


async def published_entries(work: Work, head: int) -> Mapping[tuple[str, str], Entry]:
    """The entries of an edition by kind and key."""
    entries = await work.editions.read(head) if head else ()
    return {(entry.kind, entry.key): entry for entry in entries if entry.kind != FILE}
