"""What operators ask, on loopback only: is it alive, is it ready, and the figures."""

from __future__ import annotations

import contextlib

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.desk.cases.lookup import ALARM, misses_of_the_hour
from bot.desk.desk import Desk
from bot.desk.turns import Breaker
from bot.errors import TryAgain
from connectors import metrics
from connectors.engine import HttpEngine


def ops_app(desk: Desk, engine: HttpEngine, breaker: Breaker) -> web.Application:
    async def alive(request: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def ready(request: web.Request) -> web.Response:
        """Ready to acknowledge: the database answers. The engine may be away; then messages wait, none is lost."""
        try:
            async with desk.store.reading() as work:
                states = dict(await work.messages.by_state())
        except TryAgain:
            return web.json_response({"ready": False, "database": "away"}, status=503)
        engine_up = await engine.alive()
        told = {
            "ready": True,
            "database": "ok",
            "engine": "ok" if engine_up else "away",
            "breaker": breaker.closed,
            "edition": desk.edition.number,
            "messages": {str(state): count for state, count in states.items()},
        }
        return web.json_response(told)

    async def figures(request: web.Request) -> web.Response:
        with contextlib.suppress(TryAgain):  # the other figures are wanted most while the database is away
            async with desk.store.reading() as work:
                for state, count in (await work.messages.by_state()).items():
                    metrics.ROWS.labels(str(state)).set(count)
                misses = await misses_of_the_hour(desk, work)
            metrics.MISSES.set(misses)
            metrics.MISSES_ALARM.set(misses >= ALARM)
        metrics.EDITION.set(desk.edition.number)
        metrics.ENGINE.set(1 if await engine.alive() else 0)
        metrics.BREAKER.set(0 if breaker.closed else 1)
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application()
    app.router.add_get("/health", alive)
    app.router.add_get("/ready", ready)
    app.router.add_get("/metrics", figures)
    return app
