"""Pictures that a client of ours lays down, to be named by a message: harmless before they are kept, and each once."""

from __future__ import annotations

from bot.conversations import Conversation
from bot.desk.desk import Desk
from bot.desk.ports import Store
from bot.errors import BadInput, Undeliverable

_SCOPE = "app picture"


class UsedUp(BadInput):
    """Another picture came under this key before; that one stands."""


async def lay(desk: Desk, channel: str, account: str, sender: str, key: str, body_hash: str, content: bytes) -> str:
    """The id of the picture; the same key and body again, the same id. Raises BadInput (also `UsedUp`) when it is none that
    may be kept, TryAgain when it could not be worked on."""
    assert desk.photos is not None
    async with desk.store.reading() as work:
        before = await work.requests.get(_SCOPE, key)
    if before is None:
        picture = await desk.photos.pictures.settle(content)
        async with desk.store.writing() as work:
            now = desk.clock.now()
            before = await work.requests.get(_SCOPE, key)
            if before is None:
                conversation = await work.conversations.open(channel, account, sender, now, "resident")
                laid = await work.talk_pictures.lay(conversation.id, picture.content, now)
                if await work.requests.put(_SCOPE, key, body_hash, 201, laid, now):
                    await work.commit()
                    return laid
    if before is None:  # another process was faster, between our look and our word
        async with desk.store.reading() as work:
            before = await work.requests.get(_SCOPE, key)
        assert before is not None
    if before.body_hash != body_hash:
        raise UsedUp("another picture came under this key before; that one stands")
    return before.body


async def is_laid(desk: Desk, conversation: Conversation | None, picture: str) -> bool:
    """Whether this conversation may name it."""
    if conversation is None:
        return False
    async with desk.store.reading() as work:
        return await work.talk_pictures.is_laid(conversation.id, picture)


async def fetch(store: Store, picture: str) -> bytes:
    """Raises Undeliverable when it is gone."""
    async with store.reading() as work:
        try:
            return await work.talk_pictures.laid(picture)
        except BadInput as gone:
            raise Undeliverable(f"picture {picture} was laid down too long ago", "gone") from gone
