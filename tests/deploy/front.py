"""Every way into the gateway's port in the service, and those that must not be reached from outside."""

from __future__ import annotations

import re
from typing import cast

from aiohttp import web

from bot.cli.platforms import open_platforms
from bot.clock import SystemClock
from bot.desk.cases.signing import read_keys
from bot.desk.desk import Desk
from bot.desk.turns import Breaker
from bot.settings import Settings
from bot.wiring import House
from connectors.app import App, AppSettings, mount_app
from connectors.doorbell import Doorbell
from connectors.engine import HttpEngine
from connectors.gateway import Gateway
from connectors.office import mount_office
from connectors.ops import ops_app

WECHAT = {"secret": "s" * 32, "token": "token", "aes_key": "k" * 43}
SECRET = "5e" * 32


class _House:
    store, clock = None, SystemClock()


def ways_in() -> list[str]:
    """With every account and exchange there can be; an example stands for what a path holds."""
    accounts = {f"{name}_{key}": value for name in ("wechat", "mini") for key, value in WECHAT.items()}
    settings = Settings(
        sandbox="off", wechat_appid="wx0123456789", mini_appid="wx9876543210", weibo_uid="1902538057",
        weibo_app_secret="a" * 32, weibo_token="t" * 32, weibo_path="p" * 32, **accounts,
    )  # fmt: skip
    platforms = open_platforms(settings, cast("House", _House))
    desk, bell, breaker = cast("Desk", None), Doorbell(), Breaker()
    app = Gateway(desk, platforms.channels, breaker, bell).app()
    mount_app(app, desk, App(None), AppSettings(SECRET), bell, breaker)  # type: ignore[arg-type]
    platforms.mount(app, SECRET, SystemClock())
    mount_office(app, desk, read_keys(f"office sm3 {SECRET}"))
    return _paths(app)


def ways_kept_inside() -> list[str]:
    """What operators ask, and what stands on no path of ours."""
    inside = _paths(ops_app(cast("Desk", None), HttpEngine("http://127.0.0.1:1", ""), Breaker()))
    return [
        *inside,
        "/",
        "/sandbox",
        "/wechat/x",
        "/mini/",
        "/mini/login/x",
        "/weibo",
        "/office",
        "/webhooks/rest/webhook",
    ]


def _paths(app: web.Application) -> list[str]:
    return sorted({re.sub(r"\{[^}]*\}", "x", resource.canonical) for resource in app.router.resources()})
