"""Conversations: what waits, one of them opened, and what an officer does with it.

Nothing here needs a script: every deed is a form, every list a page. What was typed comes back whenever it was refused.
"""

from __future__ import annotations

from aiohttp import web

from bot.desk.handoff import holding, revealing, transferring
from console.pages.talk_forms import REFUSALS, again, conversation_of, here, sent, then
from console.pages.talk_page import WATCHERS, Box, room
from console.security import DESK, staff_of
from console.talks.noting import reads_like_a_reply

_ONE = "/conversations/{conversation}"
_LONGEST = 2000
"""Signs of a reply or a note."""
_LIKE_A_REPLY = "这像是写给居民的话。便签居民看不到，要存成便签吗？"


def routes() -> list[web.RouteDef]:
    return [
        web.get("/conversations", show, allow_head=False),
        web.post("/conversations", find),
        web.get(_ONE, one, allow_head=False),
        web.post(f"{_ONE}/claim", claim),
        web.post(f"{_ONE}/reply", reply),
        web.post(f"{_ONE}/note", note),
        web.post(f"{_ONE}/wait", wait),
        web.post(f"{_ONE}/give-back", give_back),
        web.post(f"{_ONE}/transfer", transfer),
        web.post(f"{_ONE}/close", close),
        web.post(f"{_ONE}/label", label),
        web.post(f"{_ONE}/reveal", reveal),
    ]


async def show(request: web.Request) -> web.StreamResponse:
    return await room(request)


async def find(request: web.Request) -> web.StreamResponse:
    """Somebody's number is sent as a form, so that it stands in no address, no history and no log."""
    return await room(request, box=Box(q=await sent(request, "q")), view=await sent(request, "view"))


async def one(request: web.Request) -> web.StreamResponse:
    return await room(request, conversation_of(request))


async def claim(request: web.Request) -> web.StreamResponse:
    done = holding.claim(request.app[DESK], staff_of(request), conversation_of(request))
    return await then(request, done, f"/conversations/{conversation_of(request)}?view=mine")


async def reply(request: web.Request) -> web.StreamResponse:
    text, seen = await sent(request, "text", _LONGEST), await sent(request, "seen")
    number = int(seen) if seen.isascii() and seen.isdigit() else None
    request.app[WATCHERS].stops(staff_of(request), conversation_of(request))
    done = holding.reply(request.app[DESK], staff_of(request), conversation_of(request), text, number)
    return await then(request, done, await here(request), Box(reply=text))


async def note(request: web.Request) -> web.StreamResponse:
    """A note that reads like words for the resident is kept only when its writer says again that it is one."""
    text, sure = await sent(request, "text", _LONGEST), await sent(request, "sure")
    view = await sent(request, "view")
    if sure == "reply":
        return await room(request, conversation_of(request), Box(reply=text), view)
    if sure != "note" and reads_like_a_reply(text):
        return await room(request, conversation_of(request), Box(note=text, note_question=_LIKE_A_REPLY), view)
    done = holding.note(request.app[DESK], staff_of(request), conversation_of(request), text)
    return await then(request, done, await here(request), Box(note=text))


async def wait(request: web.Request) -> web.StreamResponse:
    done = holding.wait_for_resident(request.app[DESK], staff_of(request), conversation_of(request))
    return await then(request, done, await here(request))


async def give_back(request: web.Request) -> web.StreamResponse:
    done = holding.give_back(request.app[DESK], staff_of(request), conversation_of(request))
    return await then(request, done, "/conversations?view=mine")


async def transfer(request: web.Request) -> web.StreamResponse:
    keys = {"to": 60, "reason": transferring.LONGEST_REASON, "place": 60}
    told = {key: await sent(request, key, longest) for key, longest in keys.items()}
    done = transferring.transfer(request.app[DESK], staff_of(request), conversation_of(request), **told)
    return await then(request, done, "/conversations?view=mine", Box(transfer=told))


async def close(request: web.Request) -> web.StreamResponse:
    done = holding.close(request.app[DESK], staff_of(request), conversation_of(request), await sent(request, "outcome"))
    return await then(request, done, "/conversations?view=mine")


async def label(request: web.Request) -> web.StreamResponse:
    name, off = await sent(request, "name", 20), await sent(request, "off")
    done = holding.label(request.app[DESK], staff_of(request), conversation_of(request), name, not off)
    return await then(request, done, await here(request))


async def reveal(request: web.Request) -> web.StreamResponse:
    """The value stands on the page that answers, and nowhere after it."""
    path, reason = await sent(request, "field", 100), await sent(request, "reason", 200)
    view, conversation = await sent(request, "view"), conversation_of(request)
    try:
        value = await revealing.reveal(request.app[DESK], staff_of(request), conversation, path, reason)
    except REFUSALS as refused:
        return await again(request, refused)
    return await room(request, conversation, Box(revealed={path: value}), view)
