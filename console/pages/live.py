"""What changed, told to open pages as it happens: server-sent events with counters and ids, nothing of any resident.

The database is the only witness: other processes write to it too. One look serves all pages of the same colleague.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from aiohttp import web

from bot.conversations import Conversation
from bot.desk.desk import Desk
from bot.desk.handoff import queue
from bot.desk.handoff.records import Shared
from bot.desk.handoff.theirs import COMPLAINT
from bot.desk.staff.signing_in import who
from bot.errors import NotYours, TryAgain
from bot.staff import Staff
from console.browser import address_of, session_token
from console.pages.talk_page import LISTED, WATCHERS, Seen, live_state, seen_of, view_of
from console.security import DESK, staff_of

_EVERY = 0.8
"""Seconds between two looks."""
_AGAIN = 4.0
"""Seconds after which an open conversation is looked at again though nothing was added: what leaves changes its state."""
_LISTS_AGAIN = 20.0
"""The same for lists and counters: time alone makes somebody overdue."""
_KEPT = 60.0
"""Seconds after which what was seen is forgotten."""
_PROOF_EVERY = 15.0
"""Seconds after which it is asked again whether they are still signed in."""
_LONGEST = 600.0
"""Seconds of one stream; the browser opens the next by itself."""


class Streams:
    """The open streams of this process, ended with it. One question to the database, a few times a second at most, tells
    all of them whether anything happened; only then is looked again, once for all who see the same."""

    def __init__(self) -> None:
        self.ending = asyncio.Event()
        self._pulse, self._asked = "", 0.0
        self._kept: dict[tuple[object, ...], tuple[str, float, Any]] = {}
        self._failed: dict[tuple[object, ...], float] = {}
        self._locks: WeakValueDictionary[tuple[object, ...], asyncio.Lock] = WeakValueDictionary()

    async def pulse(self, desk: Desk) -> str:
        if time.monotonic() - self._asked > _EVERY * 0.4:
            self._asked = time.monotonic()
            self._pulse = await queue.pulse(desk)
        return self._pulse

    async def look(self, desk: Desk, staff: Staff, view: str, pulse: str) -> dict[str, Any]:
        """Counters of one's own; a list is the same for all of the same places, but for one's own and for complaints of
        oneself."""
        mine = staff.id if view == "mine" else ""

        async def listed() -> Sequence[Conversation]:
            async with desk.store.reading() as work:
                return await work.talks.list(view, mine, staff.regions, desk.clock.now(), LISTED)

        seen: Shared = await self._once(
            ("shared", staff.regions), pulse, lambda: queue.shared(desk, staff.regions), _LISTS_AGAIN
        )
        counts = queue.counts_among(seen, staff)
        if counts is None:
            counts = await self._once(
                ("counts", staff.id, staff.version), pulse, lambda: queue.counts(desk, staff), _LISTS_AGAIN
            )
        talks = await self._once((view, mine, staff.regions), pulse, listed, _LISTS_AGAIN)
        return live_state(counts, [one.id for one in talks if one.reason != COMPLAINT + staff.id])

    async def mark(self, desk: Desk, staff: Staff, conversation: str, pulse: str) -> str:
        """Changes with the conversation; empty where it is not theirs."""
        seen: Seen | None = await self._once(("mark", conversation), pulse, lambda: seen_of(desk, conversation), _AGAIN)
        return seen.mark if seen and seen.theirs(desk, staff) else ""

    async def _once(self, key: tuple[object, ...], pulse: str, look: Callable[[], Awaitable[Any]], again: float) -> Any:
        """What was seen at this pulse, by whoever asked first. When the database does not answer, those who waited for the
        same do not ask it again one after the other."""
        lock = self._locks.setdefault(key, asyncio.Lock())
        async with lock:
            kept = self._kept.get(key)
            if kept is None or kept[0] != pulse or time.monotonic() - kept[1] > again:
                if time.monotonic() - self._failed.get(key, -_EVERY) < _EVERY:
                    raise TryAgain("the database did not answer a moment ago; look again", _EVERY)
                try:
                    kept = (pulse, time.monotonic(), await look())
                except TryAgain:
                    self._failed[key] = time.monotonic()
                    raise
                self._failed.pop(key, None)
                self._kept = {one: old for one, old in self._kept.items() if kept[1] - old[1] < _KEPT}
                self._kept[key] = kept
            return kept[2]


@dataclass
class _Told:
    """What one stream said last, and when it looked."""

    pulse: str = ""
    at: float = 0.0
    others: int = 0
    writing: tuple[str, ...] = ()
    text: str = ""


STREAMS: web.AppKey[Streams] = web.AppKey("streams", Streams)


def routes() -> list[web.RouteDef]:
    return [web.get("/live", live, allow_head=False)]


async def stop(app: web.Application) -> None:
    app[STREAMS].ending.set()


async def live(request: web.Request) -> web.StreamResponse:
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise NotYours("这个请求不是从本页面发出的，没有执行。")
    desk, staff, streams = request.app[DESK], staff_of(request), request.app[STREAMS]
    view, conversation = view_of(request.query.get("view", "")), request.query.get("conversation", "")[:64]
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
    await response.prepare(request)
    agent, token, address = request.headers.get("User-Agent", ""), session_token(request), address_of(request)
    began = proved = time.monotonic()
    told = _Told()
    try:
        with suppress(ConnectionResetError):
            await response.write(b"retry: 2000\n\n")
            while not streams.ending.is_set() and not _gone(request) and time.monotonic() - began < _LONGEST:
                if time.monotonic() - proved > _PROOF_EVERY:
                    proved = time.monotonic()
                    if await who(desk, token, agent, address, counts=False) is None:
                        break
                    # Something to write, or a line that was cut is never noticed.
                    await response.write(b": here\n\n")
                await _tell(request, response, view, conversation, told)
                with suppress(TimeoutError):
                    await asyncio.wait_for(streams.ending.wait(), _EVERY)
    finally:
        request.app[WATCHERS].left(staff, conversation)
    return response


async def _tell(request: web.Request, response: web.StreamResponse, view: str, conversation: str, told: _Told) -> None:
    """Write what is new."""
    desk, staff, watchers = request.app[DESK], staff_of(request), request.app[WATCHERS]
    streams = request.app[STREAMS]
    now = desk.clock.now()
    if conversation:
        watchers.looks(staff, conversation, now, 10)
    others = len(watchers.others(staff, conversation, now)) if conversation else 0
    writing = tuple(watchers.writing(staff, conversation, now)) if conversation else ()
    try:
        pulse = await streams.pulse(desk)
        same = (others, writing) == (told.others, told.writing)
        if pulse == told.pulse and time.monotonic() - told.at < _AGAIN and same:
            return
        state = await streams.look(desk, staff, view, pulse)
        mark = await streams.mark(desk, staff, conversation, pulse) if conversation else ""
    except TryAgain:
        return
    told.pulse, told.at, told.others, told.writing = pulse, time.monotonic(), others, writing
    # Who is writing is told only to whom the conversation is shown at all.
    more = {"mark": mark, "watching": others, "writing": list(writing) if mark else []}
    text = json.dumps(state | more, separators=(",", ":"), ensure_ascii=False)
    if text != told.text:
        told.text = text
        await response.write(f"data: {text}\n\n".encode())


def _gone(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()
