"""Rasa's REST convention, for widgets and programs that exist: `{sender, message}` in, the replies to it out.

The sender is a token of ours or an assertion of the bureau's app: a name that a client chose would be anybody's.
"""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.desk.ports import Message
from bot.errors import Forged
from bot.messages import State
from connectors.app import bodies, rasa_words
from connectors.app.entering import Entering
from connectors.app.guarding import Guard, reply
from connectors.app.hearing import Ear, new_key
from connectors.app.problems import Problem
from connectors.app.sessions import Session
from connectors.app.talking import news
from connectors.app.watch import Follower

PATH = "/app/webhooks/rest/webhook"
WAIT_SECONDS = 15.0
"""How long the answer is waited for; a turn takes a tenth of a second, one that is repeated some seconds."""
_LONGEST = 10_000
_LOOK_SECONDS = 0.25


class RestDoor:
    def __init__(self, guard: Guard, ear: Ear, entering: Entering) -> None:
        self._guard, self._ear, self._entering, self._desk = guard, ear, entering, guard.desk

    async def receive(self, request: web.Request) -> web.StreamResponse:
        bodies.query(request, "stream", "token")
        if request.content_type != "application/json":
            raise Problem("wrong_type")
        told = bodies.parsed(await bodies.read(request))
        if not isinstance(told, dict):
            raise Problem("bad_request")
        message = told.get("message")
        session = await self._who(told.get("sender"))
        if not isinstance(message, str) or not 1 <= len(message) <= _LONGEST:
            raise Problem("bad_request")
        self._guard.take(f"say {session.sender}", 60 if session.named else 30)
        with self._ear.watch.follow(session.sender) as follower:
            taken = await self._ear.hear(session, new_key(), rasa_words.said(message))
            rows = await self._answered(session, taken.message, follower)
        told_back = [rasa_words.as_rest(row, session.id) for row in rows]
        if not told_back:
            # Existing widgets show nothing for nothing.
            words = self._desk.edition.words("busy").strip()
            told_back = [{"recipient_id": session.id, "text": words}]
        return reply(told_back)

    async def _who(self, sender: object) -> Session:
        if not isinstance(sender, str) or not 1 <= len(sender) <= 4096:
            raise Problem("unauthorized")
        try:
            return self._guard.sessions.read(sender, self._desk.clock.now())
        except Forged:
            return await self._entering.begin(sender)

    async def _answered(self, session: Session, inbound: Message, follower: Follower) -> list[Message]:
        """What was said since, once it was worked on and all of it may be shown."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + WAIT_SECONDS
        while True:
            async with self._desk.store.reading() as work:
                done = (await work.messages.get(inbound.id)).state is not State.RECEIVED
                settled = not await work.messages.pending(inbound.conversation)
            if (done and settled) or loop.time() >= deadline:
                told = await news(self._desk, session, inbound.seq, 200)
                return rasa_words.ours(told.rows)
            await follower.wait(min(_LOOK_SECONDS, deadline - loop.time()))


def mount(app: web.Application, guard: Guard, ear: Ear, entering: Entering) -> None:
    door = RestDoor(guard, ear, entering)
    app.router.add_post(PATH, guard.open(door.receive))
