"""The console's process, and the link by which the first account is set up."""

from __future__ import annotations

import asyncio
import contextlib
import getpass
from collections.abc import AsyncIterator

from aiohttp import web
from rich.console import Console

from bot.desk.broadcast_ports import LIMITS
from bot.desk.cases.signing import read_keys
from bot.desk.desk import Desk
from bot.desk.publicity import scheduling
from bot.desk.silent_lines import keep_up
from bot.desk.staff.accounts import Invitation, first_invitation, invite_from_the_machine
from bot.errors import PortTaken
from bot.log import configure
from bot.settings import Settings
from bot.supervisor import stop_signal
from bot.wiring import open_desk, open_house
from connectors.in_words import refusals
from console.app import build_console


async def console(settings: Settings) -> None:
    """Serve until told to stop; before that, while there is no account, say where the first is set up."""
    configure(settings.log)
    stop = await stop_signal()
    async with open_console(settings) as desk:
        if link := await first_link(settings, desk):
            Console(soft_wrap=True, highlight=False).print(
                f"工作台还没有账号，第一个账号在这里设置（24小时内，只能用一次）：{link}"
            )
        await stop.wait()


@contextlib.asynccontextmanager
async def open_console(settings: Settings) -> AsyncIterator[Desk]:
    """Listening, with the edition in force kept up to date."""
    async with open_house(settings) as house:
        desk = await open_desk(house, editing=True)
        watch = asyncio.create_task(keep_up(desk))
        due = asyncio.create_task(scheduling.run(desk))
        keys = read_keys(settings.office_key)
        app = build_console(
            desk,
            secure=settings.console_https == "on",
            office_keys=keys,
            broadcast_limits=LIMITS[settings.wechat_kind],
            refusals=refusals(),
        )
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=5.0)
        await runner.setup()
        try:
            try:
                await web.TCPSite(runner, settings.console_host, settings.console_port).start()
            except OSError as error:
                raise PortTaken(settings.console_port, settings.console_host) from error
            yield desk
        finally:
            watch.cancel()
            due.cancel()
            await asyncio.gather(watch, due, return_exceptions=True)
            await runner.cleanup()


async def first_link(settings: Settings, desk: Desk) -> str:
    """Where the first account is set up; empty once there is one. A new start makes a new link and ends the old one."""
    invitation = await first_invitation(desk)
    return _link(settings, invitation) if invitation else ""


async def link_again(settings: Settings, login: str) -> None:
    """Print a link by which an account is set up anew."""
    async with open_house(settings) as house:
        made = await invite_from_the_machine(await open_desk(house), login, f"cli:{getpass.getuser()}")
    print(f"{made.staff.login} sets everything up anew here, once, within 24 hours; all sessions ended:")
    print(_link(settings, made))


def _link(settings: Settings, invitation: Invitation) -> str:
    scheme = "https" if settings.console_https == "on" else "http"
    return f"{scheme}://{settings.console_host}:{settings.console_port}/invitation/{invitation.token}"
