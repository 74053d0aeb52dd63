"""What the forms of the room of conversations share: a deed, and the same page again with what was typed where it was refused."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import replace

from aiohttp import web

from bot.errors import BadInput, Conflict, NotYours, TryAgain
from console.pages.forms import status_of
from console.pages.talk_page import Box, room, view_of

REFUSALS = (BadInput, NotYours, Conflict, TryAgain)
_BUSY = "系统正忙，刚才没有保存。您写的还在，请过一会儿再试。"


async def then(request: web.Request, deed: Awaitable[object], after: str, box: Box | None = None) -> web.StreamResponse:
    """Do it and go on; refused, the same page says why, with what was typed."""
    box = box or Box()
    try:
        await deed
    except REFUSALS as refused:
        return await again(request, refused, box)
    if request.headers.get("X-Stays") == "1":  # the page sent it by itself, and looks again by itself
        return web.Response(status=204)
    raise web.HTTPSeeOther(after)


async def again(request: web.Request, refused: Exception, box: Box | None = None) -> web.Response:
    """The same page, with why it was refused."""
    said = _BUSY if isinstance(refused, TryAgain) else str(refused)
    kept = replace(box or Box(), problem=said, status=status_of(refused))
    return await room(request, conversation_of(request), kept, await sent(request, "view"))


def conversation_of(request: web.Request) -> str:
    return request.match_info["conversation"][:64]


async def here(request: web.Request) -> str:
    return f"/conversations/{conversation_of(request)}?view={view_of(await sent(request, 'view'))}"


async def sent(request: web.Request, name: str, longest: int = 60) -> str:
    """A field of the form. Raises BadInput for one that is too long: nothing is cut off unseen."""
    value = str((await request.post()).get(name, "")).replace("\r\n", "\n").strip()
    if len(value) > longest + 2:
        raise BadInput(f"写得太长了，最多{longest}个字。请返回上一页，分成几次。")
    return value
