"""Conversations: what waits, one of them opened, and what an officer does with it.

Nothing here needs a script: every deed is a form, every list a page. What was typed comes back whenever it was refused.
"""

from __future__ import annotations

from collections.abc import Awaitable

from aiohttp import web

from bot.desk.handoff import holding, revealing
from bot.errors import BadInput, Conflict, NotYours, TryAgain
from console.pages.talk_page import Box, room, view_of
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
    return await room(request, box=Box(q=await _sent(request, "q")), view=await _sent(request, "view"))


async def one(request: web.Request) -> web.StreamResponse:
    return await room(request, _conversation(request))


async def claim(request: web.Request) -> web.StreamResponse:
    done = holding.claim(request.app[DESK], staff_of(request), _conversation(request))
    return await _then(request, done, f"/conversations/{_conversation(request)}?view=mine")


async def reply(request: web.Request) -> web.StreamResponse:
    text = await _sent(request, "text", _LONGEST)
    done = holding.reply(request.app[DESK], staff_of(request), _conversation(request), text)
    return await _then(request, done, await _here(request), Box(reply=text))


async def note(request: web.Request) -> web.StreamResponse:
    """A note that reads like words for the resident is kept only when its writer says again that it is one."""
    text, sure = await _sent(request, "text", _LONGEST), await _sent(request, "sure")
    view = await _sent(request, "view")
    if sure == "reply":
        return await room(request, _conversation(request), Box(reply=text), view)
    if sure != "note" and reads_like_a_reply(text):
        return await room(request, _conversation(request), Box(note=text, note_question=_LIKE_A_REPLY), view)
    done = holding.note(request.app[DESK], staff_of(request), _conversation(request), text)
    return await _then(request, done, await _here(request), Box(note=text))


async def wait(request: web.Request) -> web.StreamResponse:
    done = holding.wait_for_resident(request.app[DESK], staff_of(request), _conversation(request))
    return await _then(request, done, await _here(request))


async def give_back(request: web.Request) -> web.StreamResponse:
    done = holding.give_back(request.app[DESK], staff_of(request), _conversation(request))
    return await _then(request, done, "/conversations?view=mine")


async def transfer(request: web.Request) -> web.StreamResponse:
    to, reason = await _sent(request, "to"), await _sent(request, "reason", 200)
    done = holding.transfer(request.app[DESK], staff_of(request), _conversation(request), to, reason)
    return await _then(request, done, "/conversations?view=mine")


async def close(request: web.Request) -> web.StreamResponse:
    done = holding.close(request.app[DESK], staff_of(request), _conversation(request), await _sent(request, "outcome"))
    return await _then(request, done, "/conversations?view=mine")


async def label(request: web.Request) -> web.StreamResponse:
    name, off = await _sent(request, "name", 20), await _sent(request, "off")
    done = holding.label(request.app[DESK], staff_of(request), _conversation(request), name, not off)
    return await _then(request, done, await _here(request))


async def reveal(request: web.Request) -> web.StreamResponse:
    """The value stands on the page that answers, and nowhere after it."""
    path, reason = await _sent(request, "field", 100), await _sent(request, "reason", 200)
    view, conversation = await _sent(request, "view"), _conversation(request)
    try:
        value = await revealing.reveal(request.app[DESK], staff_of(request), conversation, path, reason)
    except (BadInput, NotYours, Conflict, TryAgain) as refused:
        status, said = _refusal(refused)
        return await room(request, conversation, Box(problem=said, status=status), view)
    return await room(request, conversation, Box(revealed={path: value}), view)


async def _then(
    request: web.Request, deed: Awaitable[object], after: str, box: Box | None = None
) -> web.StreamResponse:
    """Do it and go on; refused, the same page says why, with what was typed."""
    box = box or Box()
    try:
        await deed
    except (BadInput, NotYours, Conflict, TryAgain) as refused:
        status, said = _refusal(refused)
        kept = Box(problem=said, status=status, reply=box.reply, note=box.note)
        return await room(request, _conversation(request), kept, await _sent(request, "view"))
    raise web.HTTPSeeOther(after)


def _refusal(refused: Exception) -> tuple[int, str]:
    match refused:
        case TryAgain():
            return 503, "系统正忙，刚才没有保存。您写的还在，请过一会儿再试。"
        case Conflict():
            return 409, str(refused)
        case NotYours():
            return 403, str(refused)
        case _:
            return 400, str(refused)


def _conversation(request: web.Request) -> str:
    return request.match_info["conversation"][:64]


async def _here(request: web.Request) -> str:
    return f"/conversations/{_conversation(request)}?view={view_of(await _sent(request, 'view'))}"


async def _sent(request: web.Request, name: str, longest: int = 60) -> str:
    """A field of the form. Raises BadInput for one that is too long: nothing is cut off unseen."""
    value = str((await request.post()).get(name, "")).replace("\r\n", "\n").strip()
    if len(value) > longest + 2:
        raise BadInput(f"写得太长了，最多{longest}个字。请返回上一页，分成几次。")
    return value
