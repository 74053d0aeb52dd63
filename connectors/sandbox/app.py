"""Puts the simulated platform on a server: alone, or on the gateway's own."""

from __future__ import annotations

from aiohttp import web

from bot.clock import Clock
from connectors.sandbox.interfaces import Interfaces
from connectors.sandbox.page import Page, guard, harden
from connectors.sandbox.platform import Platform
from connectors.sandbox.settings import SandboxSettings

PLATFORM: web.AppKey[Platform] = web.AppKey("platform", Platform)


def mount_sandbox(app: web.Application, settings: SandboxSettings, deliver_to: str, clock: Clock) -> Platform:
    """Add /sandbox (the page) and /wx (the platform's interfaces) to a server; `deliver_to` is its own webhook."""
    platform = Platform(settings, deliver_to, clock)
    page = web.Application(middlewares=[guard])
    page.add_routes(Page(platform).routes())
    page.on_response_prepare.append(harden)
    interfaces = web.Application(middlewares=[guard])
    interfaces.add_routes(Interfaces(platform).routes())
    app.add_subapp("/sandbox", page)
    app.add_subapp("/wx", interfaces)
    app[PLATFORM] = platform
    app.on_shutdown.append(_say_goodbye)
    app.on_cleanup.append(_close)
    return platform


def build_sandbox(settings: SandboxSettings, deliver_to: str, clock: Clock) -> web.Application:
    """The simulated platform on a server of its own, for tests; `app[PLATFORM]` is its Platform."""
    app = web.Application()
    mount_sandbox(app, settings, deliver_to, clock)
    return app


async def _say_goodbye(app: web.Application) -> None:
    # Live pages hold their connection open; without this a stop would wait for them.
    app[PLATFORM].travel.end()


async def _close(app: web.Application) -> None:
    await app[PLATFORM].close()
