"""Take a photo in while a form is open: fetch it, make it harmless, seal it beside the draft, and read it where that saves
typing. The gateway does this, because it can fetch; what goes on to the form's turn is the id of the paper.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from bot.conversations import Conversation
from bot.desk import papers
from bot.desk.case_ports import Draft
from bot.desk.desk import Desk
from bot.desk.kinds import KINDS
from bot.desk.paper_ports import Photos
from bot.desk.ports import Message
from bot.errors import BadInput, TryAgain, Undeliverable
from bot.forms.model import split_path
from bot.papers.card import Read
from bot.papers.picture import Picture

MOST = 30
"""Photos in one form."""
FETCH_SECONDS, READ_SECONDS = 10.0, 8.0
"""Together with the engine's own deadline (9 s) less than the lease of a turn (`turns.LEASE_SECONDS`)."""


async def receive(desk: Desk, conversation: Conversation, message: Message) -> Mapping[str, Any]:
    """What the turn of this photo means: {"paper": id} when it is kept, {"picture": key of words} when it is not.

    The same message again means the same, and nothing is kept twice. It asks a platform twice at most and raises nothing
    of its own: the resident is told to send it again (A-68).
    """
    assert desk.photos is not None
    async with desk.store.reading() as work:
        draft = await work.drafts.get(conversation.form)
        kept = len(await work.papers.of_draft(draft.id))
    if earlier := draft.about.get(papers.HANDLED, {}).get(message.id):
        return dict(earlier)
    form = KINDS[draft.kind].form(desk, draft)
    path = papers.wanted(form, draft.sheet, desk.today())
    if not path:
        return _refused(draft, "picture_not_now")
    if kept >= MOST:
        return _refused(draft, "picture_enough")
    try:
        async with asyncio.timeout(FETCH_SECONDS):
            content = await _fetched(desk.photos, conversation.channel, str(message.about.get("media", "")))
            picture = await desk.photos.pictures.settle(content)
    except BadInput:
        return _refused(draft, "picture_refused")
    except (TryAgain, Undeliverable, TimeoutError):
        return _refused(draft, "picture_gone")
    kind = papers.paper_kind(form, path)
    people = await _people(desk, desk.photos, picture) if kind in papers.CARDS else ()
    return await _keep(desk, conversation, message, picture, people, path, kind)


def _refused(draft: Draft, key: str) -> dict[str, Any]:
    return {"picture": key, "draft": draft.id}


async def _fetched(photos: Photos, channel: str, media: str) -> bytes:
    try:
        return await photos.media.fetch(channel, media)
    except TryAgain:
        return await photos.media.fetch(channel, media)


async def _people(desk: Desk, photos: Photos, picture: Picture) -> Sequence[Read]:
    try:
        async with asyncio.timeout(READ_SECONDS):
            return await photos.pictures.read(picture.content, desk.today())
    except TimeoutError:
        return ()


async def _keep(
    desk: Desk,
    conversation: Conversation,
    message: Message,
    picture: Picture,
    people: Sequence[Read],
    path: str,
    kind: str,
) -> Mapping[str, Any]:
    now = desk.clock.now()
    # A number that holds proves that it can be read.
    blurred = picture.blurred and not people
    async with desk.store.writing() as work:
        draft = await work.drafts.get(conversation.form)
        if earlier := draft.about.get(papers.HANDLED, {}).get(message.id):
            return dict(earlier)
        about = dict(draft.about)
        if blurred and about.get(papers.BLURRED) != path:
            # The second one is kept as it is: a shaking hand must not be the end of an application.
            means: dict[str, Any] = {"picture": "picture_blurred", "draft": draft.id}
            about[papers.BLURRED] = path
        else:
            member = max(1, split_path(path)[0])
            said = {given.value for given in draft.sheet.answers.values() if isinstance(given.value, str)}
            proved = any(one.identity in said for one in people)
            state = "blurred" if blurred else "checked" if proved else "kept"
            paper = await work.papers.add(draft.id, draft.person, member, kind, state, picture.content, now)
            means = {"paper": paper.id, "draft": draft.id}
            if people:
                about[papers.READ] = {
                    **about.get(papers.READ, {}),
                    paper.id: [{"name": one.name, "identity": one.identity} for one in people],
                }
        about[papers.HANDLED] = {**about.get(papers.HANDLED, {}), message.id: means}
        await work.drafts.save(draft, now, about=about)
        await work.commit()
    return means
