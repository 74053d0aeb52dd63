"""More of what an officer does in a conversation: photos, macros, a call or visit agreed, a line nobody answers."""

from __future__ import annotations

import base64

from aiohttp import web

from bot.desk.handoff import booking, macros, picturing, pressing
from bot.desk.handoff.theirs import theirs
from bot.errors import NotYours
from console.pages.talk_forms import REFUSALS, again, conversation_of, here, sent, then
from console.pages.talk_page import WATCHERS, Box, room
from console.security import DESK, staff_of

_ONE = "/conversations/{conversation}"


def routes() -> list[web.RouteDef]:
    return [
        web.post(f"{_ONE}/typing", typing),
        web.post(f"{_ONE}/pictures/{{picture}}", picture),
        web.post(f"{_ONE}/pictures/{{picture}}/adopt", adopt),
        web.post(f"{_ONE}/macro", macro),
        web.post(f"{_ONE}/book", book),
        web.post(f"{_ONE}/priority", priority),
    ]


async def typing(request: web.Request) -> web.StreamResponse:
    """Colleagues on the same conversation are told; nothing is kept. Only who may write there is heard."""
    desk, staff, conversation = request.app[DESK], staff_of(request), conversation_of(request)
    async with desk.store.reading() as work:
        try:
            talk = await theirs(desk, work, staff, conversation, "conversations.reply", lock=False)
        except NotYours as refused:
            raise web.HTTPNotFound from refused
    if talk.holder_name == staff.id:
        request.app[WATCHERS].writes(staff, conversation, desk.clock.now())
    return web.Response(status=204)


async def picture(request: web.Request) -> web.StreamResponse:
    """The photo stands on the page that answers, and nowhere after it."""
    which, reason = request.match_info["picture"][:64], await sent(request, "reason", 200)
    view, conversation = await sent(request, "view"), conversation_of(request)
    try:
        content = await picturing.picture(request.app[DESK], staff_of(request), conversation, which, reason)
    except REFUSALS as refused:
        return await again(request, refused)
    address = "data:image/jpeg;base64," + base64.b64encode(content).decode("ascii")
    return await room(request, conversation, Box(photo={which: address}), view)


async def adopt(request: web.Request) -> web.StreamResponse:
    """`to`: a case and a kind of paper, as one choice."""
    case, _, kind = (await sent(request, "to", 120)).partition(":")
    which = request.match_info["picture"][:64]
    done = picturing.adopt(request.app[DESK], staff_of(request), conversation_of(request), which, case, kind)
    return await then(request, done, await here(request))


async def macro(request: web.Request) -> web.StreamResponse:
    """First what would go is shown; it goes when it was seen, and only as it was seen."""
    desk, staff, conversation = request.app[DESK], staff_of(request), conversation_of(request)
    key, view = await sent(request, "macro"), await sent(request, "view")
    detail, shown, sure = (
        await sent(request, "detail", 200),
        await sent(request, "shown", 2000),
        await sent(request, "sure"),
    )
    if sure == "send":
        done = macros.run(desk, staff, conversation, key, detail, shown)
        return await then(request, done, await here(request))
    try:
        made = await macros.ready(desk, staff, conversation, key, detail)
    except REFUSALS as refused:
        return await again(request, refused)
    if sure == "reply":
        return await room(request, conversation, Box(reply=made.text), view)
    return await room(request, conversation, Box(macro=made), view)


async def book(request: web.Request) -> web.StreamResponse:
    keys = {"kind": 20, "day": 20, "hour": 20, "what": 300, "phone": 30}
    told = {key: await sent(request, key, longest) for key, longest in keys.items()}
    done = booking.book(request.app[DESK], staff_of(request), conversation_of(request), **told)
    return await then(request, done, await here(request), Box(booked=told))


async def priority(request: web.Request) -> web.StreamResponse:
    chosen = await sent(request, "priority")
    number = int(chosen) if chosen in {str(one) for one in pressing.PRIORITIES} else -1
    done = pressing.press(request.app[DESK], staff_of(request), conversation_of(request), number)
    return await then(request, done, await here(request))
