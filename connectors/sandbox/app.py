"""Puts the simulated platforms on a server: alone, or on the gateway's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web

from bot.clock import Clock
from connectors.sandbox.interfaces import Interfaces
from connectors.sandbox.page import Page, guard, harden
from connectors.sandbox.platform import Platform
from connectors.sandbox.settings import Phone, SandboxSettings
from connectors.sandbox.weibo.interfaces import WeiboInterfaces

PLATFORM: web.AppKey[Platform] = web.AppKey("platform", Platform)
"""The first one: where there is only one, it."""
PLATFORMS: web.AppKey[Mapping[Phone, Platform]] = web.AppKey("platforms", Mapping)
ROOMS: Mapping[Phone, tuple[str, str]] = {
    Phone.WECHAT: ("/sandbox", "/wx"),
    Phone.MINI: ("/sandbox/mini", "/wxm"),
    Phone.WEIBO: ("/sandbox/weibo", "/wb"),
}
"""Where each phone's page is, and the interfaces of its platform."""


@dataclass(frozen=True, slots=True)
class Simulated:
    """One account on one platform, and the webhook its pushes go to."""

    settings: SandboxSettings
    deliver_to: str


def mount_sandbox(app: web.Application, settings: SandboxSettings, deliver_to: str, clock: Clock) -> Platform:
    """One simulated account: its page and its platform's interfaces; `deliver_to` is the server's own webhook."""
    (platform,) = mount_phones(app, (Simulated(settings, deliver_to),), clock)
    return platform


def mount_phones(app: web.Application, simulated: Sequence[Simulated], clock: Clock) -> Sequence[Platform]:
    """Several, one of a kind, with a switch between their pages."""
    platforms = {one.settings.phone: Platform(one.settings, one.deliver_to, clock) for one in simulated}
    phones = {phone: ROOMS[phone][0] for phone in platforms}
    # The page of the first stands above those of the others: the server asks whoever was added first.
    for phone, platform in sorted(platforms.items(), key=lambda one: -len(ROOMS[one[0]][0])):
        page = web.Application(middlewares=[guard])
        page.add_routes(Page(platform, list(platforms.values()), phones).routes())
        page.on_response_prepare.append(harden)
        interfaces = web.Application(middlewares=[guard])
        made = WeiboInterfaces(platform) if phone is Phone.WEIBO else Interfaces(platform)
        interfaces.add_routes(made.routes())
        app.add_subapp(ROOMS[phone][0], page)
        app.add_subapp(ROOMS[phone][1], interfaces)
    app[PLATFORM] = next(iter(platforms.values()))
    app[PLATFORMS] = platforms
    app.on_shutdown.append(_say_goodbye)
    app.on_cleanup.append(_close)
    return list(platforms.values())


def build_sandbox(settings: SandboxSettings, deliver_to: str, clock: Clock) -> web.Application:
    """The simulated platform on a server of its own, for tests; `app[PLATFORM]` is its Platform."""
    app = web.Application()
    mount_sandbox(app, settings, deliver_to, clock)
    return app


async def _say_goodbye(app: web.Application) -> None:
    # Live pages hold their connection open; without this a stop would wait for them.
    for platform in app[PLATFORMS].values():
        platform.travel.end()


async def _close(app: web.Application) -> None:
    for platform in app[PLATFORMS].values():
        await platform.close()
