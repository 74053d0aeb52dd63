"""The app's routes on the gateway's server: the API, Rasa's two conventions, and the resident's page."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable

from aiohttp import web

from bot.desk.desk import Desk
from bot.desk.turns import Breaker
from connectors.app import bodies, rasa_rest, rasa_socket
from connectors.app.affairs import Affairs
from connectors.app.channel import App
from connectors.app.entering import Entering
from connectors.app.guarding import Guard, reply
from connectors.app.hearing import Ear
from connectors.app.page import mount_page
from connectors.app.settings import AppSettings
from connectors.app.talking import Talking
from connectors.doorbell import Doorbell

API = "/app/api/v1"


def mount_app(
    app: web.Application, desk: Desk, channel: App, settings: AppSettings, bell: Doorbell, breaker: Breaker
) -> None:
    """Add /app to the gateway's server. `channel` is the one that the loops send by."""
    guard = Guard(desk, settings)
    ear = Ear(desk, bell, breaker, channel.watch)
    entering, talking, affairs = Entering(guard), Talking(guard, ear), Affairs(guard, ear)

    async def described(request: web.Request) -> web.StreamResponse:
        return reply(dict(bodies.description()))

    routes = (
        ("POST", "/sessions", guard.open(entering.open)),
        ("POST", "/sessions/renew", guard.session(entering.renew, "renew", 20, 20)),
        ("POST", "/messages", guard.session(talking.say, "say", 60, 30)),
        ("GET", "/messages", guard.session(talking.read)),
        ("GET", "/stream", guard.session(talking.stream, "stream", 60, 60)),
        ("POST", "/pictures", guard.session(affairs.picture, "picture", 20, 10)),
        ("GET", "/cases", guard.session(affairs.cases)),
        ("GET", "/cases/{id}", guard.session(affairs.case)),
        ("GET", "/signature", guard.session(affairs.to_sign)),
        ("POST", "/signatures", guard.session(affairs.sign, "sign", 10, 10)),
        ("GET", "/office", guard.open(entering.office)),
        ("GET", "/openapi.json", guard.open(described)),
    )
    for method, path, handler in routes:
        app.router.add_route(method, API + path, handler)
        guard.paths.add(re.escape(API) + path.replace("{id}", "[^/]+"))
    guard.paths.add(re.escape(rasa_rest.PATH))
    rasa_rest.mount(app, guard, ear, entering)
    app.router.add_route("*", "/app/{of:api|webhooks}/{tail:.*}", guard.open(guard.elsewhere))
    rasa_socket.mount(app, guard, ear, entering)
    mount_page(app, desk, settings.origins)
    app.cleanup_ctx.append(_watching(channel))
    app.on_shutdown.append(_closing(channel))


def _watching(channel: App) -> Callable[[web.Application], AsyncIterator[None]]:
    async def run(app: web.Application) -> AsyncIterator[None]:
        looking = asyncio.create_task(channel.watch.run())
        yield
        channel.watch.close()
        await looking  # not cancelled: a question to the database that was begun is ended

    return run


def _closing(channel: App) -> Callable[[web.Application], Awaitable[None]]:
    async def close(app: web.Application) -> None:
        channel.watch.close()

    return close
