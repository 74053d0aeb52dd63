"""The public door: every channel's webhook, in front of everything and outliving it.

POST → size limit → prove → store once (one transaction) → acknowledge. The acknowledgement may wait a little for the
answer, so that it goes back in the same exchange; it never waits for an engine that is away.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

from aiohttp import web

from bot.desk.desk import Desk
from bot.desk.intake import take_in
from bot.desk.outbox import came_back, claim_passive, left_passively, passive_again, tell_busy
from bot.desk.ports import Message, TakenIn
from bot.desk.turns import Breaker
from bot.errors import Forged, TryAgain
from bot.messages import State
from connectors import metrics
from connectors.channel import Callback, Channel
from connectors.doorbell import Doorbell

BODY_BYTES = 64 * 1024
READ_SECONDS = 5.0
"""A push is small and comes from the next data centre: who takes longer is holding a connection open."""
POLL_SECONDS = 0.25
"""How often another process's work is looked for while a platform waits."""

_log = logging.getLogger(__name__)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Gateway:
    """Webhooks of the channels it is handed, each at its own path."""

    def __init__(self, desk: Desk, channels: Mapping[str, Channel], breaker: Breaker, bell: Doorbell) -> None:
        self._desk, self._channels, self._breaker, self._bell = desk, channels, breaker, bell

    def app(self) -> web.Application:
        app = web.Application(client_max_size=BODY_BYTES)
        for name, channel in self._channels.items():
            app.router.add_get(f"/{channel.path}", _plain(partial(self._verify, channel), name), allow_head=False)
            app.router.add_post(f"/{channel.path}", _plain(partial(self._receive, channel), name))
        return app

    async def _verify(self, channel: Channel, request: web.Request) -> web.Response:
        echo = channel.verify_url(request.query.items(), self._desk.clock.now())
        return web.Response(text=echo, content_type="text/plain")

    async def _receive(self, channel: Channel, request: web.Request) -> web.StreamResponse:
        started = time.monotonic()
        if request.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise web.HTTPUnsupportedMediaType
        try:
            body = await asyncio.wait_for(request.read(), READ_SECONDS)
        except TimeoutError as late:
            raise web.HTTPRequestTimeout from late
        callback = channel.read(request.query.items(), request.headers, body, self._desk.clock.now())
        wait = channel.capabilities.passive_seconds if callback.passive else 0.0
        taken = [
            await take_in(
                self._desk,
                inbound,
                passive_seconds=wait,
                engine_away=not self._breaker.closed,
                proof=(callback.signature, callback.body_hash),
            )
            for inbound in callback.inbounds
        ]
        metrics.TAKEN.labels(channel.name, "fresh" if any(one.fresh for one in taken) else "again").inc()
        self._bell.work.ring()
        response = await self._answer(request, channel, callback, taken, started)
        metrics.ACKNOWLEDGED.labels(channel.name).observe(time.monotonic() - started)
        return response

    async def _answer(
        self, request: web.Request, channel: Channel, callback: Callback, taken: Sequence[TakenIn], started: float
    ) -> web.StreamResponse:
        """The answer itself if it is ready in time, else words that it will come, else the bare acknowledgement."""
        if len(taken) != 1 or not callback.passive or not channel.capabilities.passive_seconds:
            return await _send(request, callback, [])
        try:
            rows = await self._ready(channel, callback, taken[0], started)
        except TryAgain as trouble:
            # It is stored, so it is acknowledged; refused, the platform would only deliver it once more.
            _log.warning("an answer did not go in the same exchange: %s", trouble)
            rows = []
        try:
            response = await _send(request, callback, rows)
        except ConnectionError:
            await came_back(self._desk, rows)
            raise
        leaving = [row for row in rows if row.state is not State.SENT]
        if leaving:
            metrics.SENT.labels(channel.name, "passive").inc(len(leaving))
            with contextlib.suppress(TryAgain):  # the sweeper ends what stays `sending`
                await left_passively(self._desk, leaving, taken[0].message.id)
            self._bell.mail.ring()  # for what did not fit
        return response

    async def _ready(self, channel: Channel, callback: Callback, taken: TakenIn, started: float) -> Sequence[Message]:
        """What may be said in this exchange: the turn's replies, those of an earlier delivery, or that it takes longer."""
        fresh, message, conversation = taken.fresh, taken.message, taken.conversation.id
        answered = message.state is not State.RECEIVED
        if fresh and not answered and self._breaker.closed:
            seconds = channel.capabilities.passive_seconds - (time.monotonic() - started)
            answered = await self._wait(message, seconds)
        rows: Sequence[Message] = []
        if not (fresh and answered):
            # What an earlier delivery was answered with, or what the intake said while the engine is away.
            rows = await passive_again(self._desk, conversation, message.id)
        if not rows:
            rows = await claim_passive(
                self._desk,
                conversation,
                message.id,
                lambda rows: callback.respond(rows).carried >= len(rows),
                message.created_at,
            )
        if not rows and fresh and not answered:
            rows = await tell_busy(self._desk, conversation, message.id)
        return rows

    async def _wait(self, message: Message, seconds: float) -> bool:
        """Wait for the turn; False when it did not come in time, and at once when the engine is away."""
        deadline = time.monotonic() + seconds
        while True:
            async with self._desk.store.reading() as work:
                if (await work.messages.get(message.id)).state is not State.RECEIVED:
                    return True
            left = deadline - time.monotonic()
            if left <= 0 or not self._breaker.closed:
                return False
            await self._bell.wait_answered(message.id, min(POLL_SECONDS, left))


async def listen(app: web.Application, host: str, port: int) -> web.AppRunner:
    """Serve the app; the caller ends it with `cleanup`, which lets what has begun finish. Raises OSError.

    Bodies stay as they came: nobody who may speak here compresses, and a bomb is refused before it is opened.
    """
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=10.0, auto_decompress=False)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    return runner


async def _send(request: web.Request, callback: Callback, rows: Sequence[Message]) -> web.StreamResponse:
    """Write the answer out; returns only when the operating system has it."""
    answer = callback.respond(rows)
    response = web.Response(body=answer.body, headers={"Content-Type": answer.content_type})
    await response.prepare(request)
    await response.write_eof()
    return response


def _plain(handler: Handler, channel: str) -> Handler:
    """Whoever cannot prove themselves learns nothing: one status, one body, whatever was wrong."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        try:
            response = await handler(request)
        except Forged:
            metrics.REFUSED.labels(channel).inc()
            response = web.Response(status=403, text="forbidden")
        except TryAgain:
            response = web.Response(status=503, text="try again")
        except ConnectionError:
            # Whoever asked hung up. What was stored is answered another way, so this is nobody's fault to log.
            response = web.Response(status=499, text="gone")
        except web.HTTPException as error:
            response = web.Response(status=error.status, text=error.reason)
            response.force_close()  # its body was not read, and will not be
        except Exception as error:
            _log.error("a callback failed: %s", type(error).__name__, exc_info=error)
            response = web.Response(status=500, text="error")
        if not response.prepared:
            response.headers.update({"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"})
        return response

    return guarded
