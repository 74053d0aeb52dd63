"""Rasa's Socket.IO convention, so that existing Rasa web widgets connect: session_request, session_confirm, user_uttered,
bot_uttered (https://rasa.com/docs/rasa/connectors/your-own-website).

The session id a widget keeps and shows again is a token of ours: it opens its own conversation and no other. An id that
is none of ours gets a new one.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import socketio
from aiohttp import web
from socketio.exceptions import ConnectionRefusedError as Refused

from bot.errors import Forged, TryAgain
from connectors.app import bodies, rasa_words
from connectors.app.entering import Entering
from connectors.app.guarding import Guard
from connectors.app.hearing import Ear, new_key
from connectors.app.problems import Problem, line
from connectors.app.sessions import Session
from connectors.app.talking import ALL_LINES, BEAT_SECONDS, LOOK_SECONDS, news

PATH = "app/socket.io"
_LONGEST, _TOKEN = 10_000, 4096
_REMEMBERED = 10_000
_PAGE = 50
_SHARE = 20

_quiet = logging.getLogger(f"{__name__}.wire")
"""The library's own words: they quote what came, and whoever is refused could fill a disk with them."""
_quiet.setLevel(logging.CRITICAL + 1)


Handler = Callable[..., Awaitable[None]]


@dataclass
class _Line:
    """One open socket: who it is, once that is known, and whether it is told what is new."""

    session: Session | None = None
    token: str = ""
    told: bool = False


class SocketDoor:
    def __init__(self, guard: Guard, ear: Ear, entering: Entering) -> None:
        self._guard, self._ear, self._entering, self._desk = guard, ear, entering, guard.desk
        self._lines: dict[str, _Line] = {}
        self._at_work: set[asyncio.Task[Any]] = set()
        self._told: OrderedDict[str, int] = OrderedDict()
        self.server = socketio.AsyncServer(
            async_mode="aiohttp",
            cors_allowed_origins=self._allowed,
            max_http_buffer_size=bodies.SMALL_BYTES,
            http_compression=False,
            logger=_quiet,
            engineio_logger=_quiet,
        )
        for name, handler in (
            ("connect", self._connect),
            ("disconnect", self._disconnect),
            ("session_request", self._request),
            ("user_uttered", self._uttered),
        ):
            self.server.on(name, self._awaited(handler))

    def _allowed(self, origin: str | None, environ: dict[str, Any]) -> bool:
        """A page of ours, or of a site that was named; who is no browser says nothing."""
        if origin is None:
            return True
        return self._guard.allowed(origin) or origin.partition("://")[2] == environ.get("HTTP_HOST", "")

    async def _connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        request = environ.get("aiohttp.request")
        try:
            self._guard.address(request.remote if request is not None else None, _SHARE)
            if self._ear.watch.all >= ALL_LINES:
                raise Problem("busy")
            token = auth.get("token") if isinstance(auth, dict) else None
            made = _Line()
            if token is not None:
                if not isinstance(token, str) or not 1 <= len(token) <= _TOKEN:
                    raise Problem("unauthorized")
                made.session = self._known(token) or await self._entering.begin(token)
                made.token = self._guard.sessions.token(made.session)
        except (Problem, TryAgain) as refused:
            raise Refused("unauthorized" if getattr(refused, "code", "") == "unauthorized" else "busy") from refused
        self._lines[sid] = made

    async def _disconnect(self, sid: str, reason: str = "") -> None:
        gone = self._lines.pop(sid, None)
        if gone is not None and gone.session is not None:
            self._ear.watch.ring(gone.session.sender)  # its task looks round and ends

    async def _request(self, sid: str, data: Any = None) -> None:
        here = self._lines.get(sid)
        if here is None:
            return
        shown = data.get("session_id") if isinstance(data, dict) else None
        self._bind(here, shown)
        await self.server.emit("session_confirm", here.token, to=sid)
        if not here.told:
            here.told = True
            task = asyncio.create_task(self._follow(sid, here))
            self._at_work.add(task)
            task.add_done_callback(self._at_work.discard)

    async def end(self, app: web.Application) -> None:
        """What has begun is finished; then all lines are closed."""
        self._ear.watch.close()
        while self._at_work:
            await asyncio.wait(self._at_work)

    def _awaited(self, handler: Handler) -> Handler:
        """The library runs handlers as tasks that nobody waits for; nothing new begins once it is time to go."""

        async def handled(sid: str, *data: Any) -> None:
            task = asyncio.current_task()
            assert task is not None
            if self._ear.watch.closing and handler != self._disconnect:
                return
            self._at_work.add(task)
            try:
                await handler(sid, *data)
            finally:
                self._at_work.discard(task)

        return handled

    async def _uttered(self, sid: str, data: Any = None) -> None:
        here = self._lines.get(sid)
        message = data.get("message") if isinstance(data, dict) else None
        if here is None or not isinstance(message, str) or not 1 <= len(message) <= _LONGEST:
            return
        if here.session is None:
            await self._request(sid, data)
        session = here.session
        assert session is not None
        try:
            if session.ends <= self._desk.clock.now().timestamp():
                raise Problem("unauthorized")
            self._guard.take(f"say {session.sender}", 60 if session.named else 30)
            whole = message.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            await self._ear.hear(session, new_key(), rasa_words.said(whole))
        except Problem as problem:
            await self.server.emit("bot_uttered", {"text": line(self._desk, problem.code)}, to=sid)
        except TryAgain:
            await self.server.emit("bot_uttered", {"text": line(self._desk, "busy")}, to=sid)

    def _bind(self, here: _Line, shown: Any) -> None:
        """Whose socket this is, from here on: it does not change any more."""
        if here.session is not None:
            return
        known = self._known(shown) if isinstance(shown, str) and len(shown) <= _TOKEN else None
        if known is not None:
            here.session, here.token = known, str(shown)
        else:
            here.session = self._guard.sessions.anonymous(self._desk.clock.now())
            here.token = self._guard.sessions.token(here.session)

    def _known(self, token: str) -> Session | None:
        try:
            return self._guard.sessions.read(token, self._desk.clock.now())
        except Forged:
            return None

    async def _follow(self, sid: str, here: _Line) -> None:
        """Tell it what is new. After a break: what it was not told; on a gateway that does not know how far it was told, what
        was said since the resident spoke last, rather twice than never."""
        session = here.session
        assert session is not None
        after = self._told.get(session.sender)
        with self._ear.watch.follow(session.sender) as follower:
            while not self._ear.watch.closing and self._lines.get(sid) is here:
                try:
                    told = await news(self._desk, session, after, _PAGE)
                except TryAgain:
                    await asyncio.sleep(1.0)
                    continue
                follower.conversation = told.conversation
                rows = told.rows
                if after is None:
                    rows = _since_they_spoke(rows)
                for row in rasa_words.ours(rows):
                    await self.server.emit("bot_uttered", rasa_words.as_socket(row), to=sid)
                if self._lines.get(sid) is not here:
                    break  # it may not have heard them: they are said when it comes back
                after = told.seen
                self._remember(session.sender, after)
                if session.ends <= self._desk.clock.now().timestamp():
                    break
                if not told.more:
                    await follower.wait(BEAT_SECONDS if follower.conversation else LOOK_SECONDS)
        with contextlib.suppress(Exception):  # it may be gone already
            await self.server.disconnect(sid)

    def _remember(self, sender: str, seq: int) -> None:
        self._told[sender] = seq
        self._told.move_to_end(sender)
        if len(self._told) > _REMEMBERED:
            self._told.popitem(last=False)


def _since_they_spoke(rows: Any) -> Any:
    last = max((n for n, row in enumerate(rows) if row not in rasa_words.ours([row])), default=-1)
    return rows[last + 1 :]


def mount(app: web.Application, guard: Guard, ear: Ear, entering: Entering) -> None:
    door = SocketDoor(guard, ear, entering)
    door.server.attach(app, PATH)
    app.on_shutdown.append(door.end)
