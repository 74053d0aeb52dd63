"""The one command that starts everything. It imports little: what it starts has imports enough, and waits for it."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import sys
from pathlib import Path

from rich.console import Console

from bot.errors import JiuzhutongError
from bot.log import configure
from bot.settings import Settings
from bot.supervisor import Part, Supervisor, stop_signal

_LOOK = 0.3
"""Seconds between two looks whether they answer."""


async def everything(settings: Settings) -> None:
    """Gateway, console and engine as processes of their own; the sandbox's address when the engine answers."""
    configure(settings.log)
    console = Console()
    if not _published(settings.database):
        await _publish()
    stop = await stop_signal()
    parts = [Part("engine", ["engine"]), Part("gateway", ["gateway"]), Part("console", ["console"])]
    supervisor = asyncio.create_task(Supervisor(parts, console.print).run(stop))
    with console.status("救助通正在启动 · starting (about 10 seconds) …"):
        await _answering(settings, stop, supervisor)
    if not stop.is_set() and not supervisor.done():
        where = f"http://{settings.host}:{settings.port}"
        console.print(
            f"救助通已就绪 · ready: {where}/sandbox" if settings.with_sandbox else f"救助通已就绪 · ready: {where}"
        )
    await supervisor


def _published(database: str) -> bool:
    """Whether an edition is surely there, asked of the file itself: the command that makes the first one is three seconds on its
    way before it can look. On another database that command looks."""
    kind, _, path = database.partition(":///")
    if kind != "sqlite":
        return False
    try:
        with contextlib.closing(sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro", uri=True)) as opened:
            return opened.execute("SELECT 1 FROM editions LIMIT 1").fetchone() is not None
    except sqlite3.Error:
        return False


async def _publish() -> None:
    """The files as the first edition, if the database has none: by the command that does it, which shows how far it is."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", *("content", "first", "--as", "setup"))
    if await process.wait():
        raise JiuzhutongError(
            "nothing was started, because the first edition was not published: the line above says why"
        )


async def _answering(settings: Settings, stop: asyncio.Event, supervisor: asyncio.Task[None]) -> None:
    """Until gateway and engine answer, or there is nothing to wait for."""
    await asyncio.sleep(0)  # they are on their way
    import aiohttp

    from connectors.alive import alive

    async with aiohttp.ClientSession() as session:
        while not stop.is_set() and not supervisor.done():
            ops = await alive(session, f"http://127.0.0.1:{settings.ops_port}")
            if ops and await alive(session, settings.engine_base):
                return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _LOOK)
