"""Saying something, reading what was said, and following it as it happens."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.conversations import Conversation
from bot.desk.desk import Desk
from bot.desk.handwriting import to_sign
from bot.desk.ports import Message, Work
from bot.desk.showing import Standing, shown, standing
from bot.errors import TryAgain
from bot.messages import Kind
from connectors.app import bodies
from connectors.app.answers import message as message_json
from connectors.app.answers import state as state_json
from connectors.app.channel import ACCOUNT, NAME
from connectors.app.guarding import HEADERS, Guard, reply
from connectors.app.hearing import ENTERED, Ear, Said
from connectors.app.problems import Problem
from connectors.app.sessions import Session
from connectors.app.watch import Follower

BEAT_SECONDS, LOOK_SECONDS = 15.0, 2.0
"""A sign of life; and how often somebody is looked for who has said nothing yet."""
WRITE_SECONDS = 30.0
"""Who does not read for so long has gone."""
LINES, ALL_LINES = 5, 2000
"""Streams of one person, the oldest of which ends for a sixth; and of one gateway."""
_PAGE = 50
_NOTHING = Standing("bot", None, None, False)


@dataclass(frozen=True, slots=True)
class News:
    rows: Sequence[Message]
    more: bool
    state: Mapping[str, Any]
    conversation: str
    """Empty while they have said nothing yet."""
    seen: int
    """The number to go on from."""


async def news(desk: Desk, session: Session, after: int | None, limit: int) -> News:
    async with desk.store.reading() as work:
        talk = await work.conversations.by_sender(NAME, ACCOUNT, session.sender)
        if talk is None:
            return News((), False, state_json(_NOTHING, False), "", 0)
        if after is not None and after > await _newest(work, talk):
            after = 0  # a number from before they had themselves forgotten
        told = await shown(work, talk.id, after, limit)
        now = await standing(desk, work, talk)
        sign = await to_sign(desk, work, talk) is not None
        seen = max([after or 0, *(row.seq for row in told.rows)])
        return News(told.rows, told.more, state_json(now, sign), talk.id, seen)


async def _newest(work: Work, talk: Conversation) -> int:
    rows = await work.messages.history(talk.id, 1)
    return rows[0].seq if rows else 0


class Talking:
    def __init__(self, guard: Guard, ear: Ear) -> None:
        self._guard, self._ear, self._desk = guard, ear, guard.desk

    async def say(self, request: web.Request, session: Session) -> web.StreamResponse:
        key = bodies.key_of(request)
        told = bodies.document(request, await bodies.read(request), "sendMessage")
        taken = await self._ear.hear(session, key, _said(told))
        return reply({"id": taken.message.id, "seq": taken.message.seq}, 202)

    async def read(self, request: web.Request, session: Session) -> web.StreamResponse:
        asked = bodies.query(request, "after", "limit")
        after, limit = bodies.number(asked.get("after")), bodies.number(asked.get("limit"), 1, 200)
        told = await news(self._desk, session, after, limit or _PAGE)
        return reply({"messages": [message_json(row) for row in told.rows], "more": told.more, "state": told.state})

    async def stream(self, request: web.Request, session: Session) -> web.StreamResponse:
        asked = bodies.query(request, "after")
        given = request.headers.getall("Last-Event-ID", [])
        if len(given) > 1:
            raise Problem("bad_request")
        asked_after, last = bodies.number(asked.get("after")), bodies.number(given[0] if given else None)
        after = asked_after if last is None else last
        watch = self._ear.watch
        if watch.all >= ALL_LINES:
            raise Problem("busy", 5)
        with watch.follow(session.sender) as follower:
            watch.at_most(session.sender, LINES)
            told = await news(self._desk, session, after, _PAGE)  # before the first byte, so that trouble has a status
            if after is None:
                told = _only_state(told)
            line = web.StreamResponse(headers={**HEADERS, **self._guard.headers(request), "X-Accel-Buffering": "no"})
            line.content_type = "text/event-stream"
            await line.prepare(request)
            # When they went, what they missed waits under its number.
            with contextlib.suppress(ConnectionError, TimeoutError):
                await self._follow(line, session, follower, told)
            return line

    async def _follow(self, line: web.StreamResponse, session: Session, follower: Follower, told: News) -> None:
        state: Mapping[str, Any] | None = None
        loop = asyncio.get_running_loop()
        beat = loop.time() + BEAT_SECONDS
        while True:
            follower.conversation = told.conversation
            for row in told.rows:
                await _event(line, "message", message_json(row), row.seq)
            if told.state != state:
                state = told.state
                await _event(line, "state", state)
            left = session.ends - self._desk.clock.now().timestamp()
            if left <= 0 or self._ear.watch.closing or follower.ended:
                code = "token_expired" if left <= 0 else "closing"
                await _event(line, "end", {"code": code})
                return
            if not told.more:
                patience = beat - loop.time() if follower.conversation else LOOK_SECONDS
                await follower.wait(min(patience, left))
            if loop.time() >= beat:
                beat = loop.time() + BEAT_SECONDS
                await _write(line, b": beat\n\n")
            try:
                told = await news(self._desk, session, told.seen, _PAGE)
            except TryAgain as away:
                await asyncio.sleep(away.after)
                told = _only_state(told)


def _only_state(told: News) -> News:
    return News((), False, told.state, told.conversation, told.seen)


def _said(told: Mapping[str, Any]) -> Said:
    match told["type"]:
        case "text":
            return Said(Kind.TEXT, text=told["text"])
        case "choice":
            return Said(Kind.TEXT, choice=told["choice"])
        case "image":
            return Said(Kind.IMAGE, picture=told["picture"])
        case "location":
            return Said(Kind.LOCATION, place=told["place"])
    return ENTERED


async def _event(line: web.StreamResponse, name: str, data: Mapping[str, Any], number: int = 0) -> None:
    head = f"id: {number}\n" if number else ""
    text = json.dumps(data, ensure_ascii=False)  # no line end is left in it
    await _write(line, f"{head}event: {name}\ndata: {text}\n\n".encode("utf-8", "replace"))


async def _write(line: web.StreamResponse, data: bytes) -> None:
    await asyncio.wait_for(line.write(data), WRITE_SECONDS)
