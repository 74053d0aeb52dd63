"""`make demo`: people with different needs live through their stories on the simulated phones, in front of whoever watches."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
from rich.console import Console

from bot.errors import BadInput
from bot.settings import PREFIX, Settings
from bot.supervisor import stop_signal
from connectors.sandbox.handset import SandboxPhones
from connectors.sandbox.playing import Otherwise, Player
from connectors.sandbox.stories import Story, read_stories

STORIES = Path("deploy/demo")
_STARTS = 180.0
"""Seconds the service may take to begin."""


async def demo(settings: Settings, base: str, names: list[str], pace: float) -> int:
    """How many stories went another way than written. `base`: a service that runs already; empty: one of its own, on a fresh
    home that is deleted at the end, so that nothing invented is mixed with what is real."""
    stories = [one for one in read_stories(STORIES) if not names or one.who in names]
    if not stories:
        raise BadInput(
            f"no story of {'、'.join(names)}; there are: {'、'.join(one.who for one in read_stories(STORIES))}"
        )
    out, own = Console(highlight=False), not base
    async with contextlib.AsyncExitStack() as ending:
        if own:
            base = await ending.enter_async_context(_service(settings, out))
        session = await ending.enter_async_context(aiohttp.ClientSession())
        out.print(f"在浏览器里一起看 · watch along: {base}/sandbox")
        wrong = 0
        for story in stories:
            wrong += not await _told(session, base, story, out, pace)
        out.print(
            f"{len(stories) - wrong} 个故事按写的走完，{wrong} 个没有。"
            if wrong
            else f"{len(stories)} 个故事都走完了。"
        )
        if own and sys.stdin.isatty():
            out.print("页面还开着，可以接着试；按 Ctrl-C 结束 · still open; Ctrl-C ends it")
            await (await stop_signal()).wait()
    return wrong


async def _told(session: aiohttp.ClientSession, base: str, story: Story, out: Console, pace: float) -> bool:
    out.rule(f"{story.title}（{story.who}，{story.about}）")

    def say(who: str, what: str) -> None:
        if not who:
            out.print(f"（{what}）", style="dim")
        elif who == "bot":
            out.print(f"    {what}", style="blue", markup=False)
        else:
            out.print(f"{who}：{what}", style="bold", markup=False)

    try:
        await Player(SandboxPhones(session, base), story, say, pace).play()
    except Otherwise as otherwise:
        out.print(str(otherwise), style="red", markup=False)
        return False
    return True


@contextlib.asynccontextmanager
async def _service(settings: Settings, out: Console) -> AsyncIterator[str]:
    """The whole service as `make run` starts it, on a home and ports of its own."""
    with tempfile.TemporaryDirectory(prefix="jiuzhutong-demo-", ignore_cleanup_errors=True) as home:
        gateway, ops, console, engine = _free_ports(4)
        shutil.copy2(settings.house / "model-key", home)  # the trained model is signed with it
        environment = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)} | {
            "JIUZHUTONG_HOME": home,
            "JIUZHUTONG_MODELS": settings.models,
            "JIUZHUTONG_CONTENT": settings.content,
            "JIUZHUTONG_SANDBOX": "on",
            "JIUZHUTONG_PORT": str(gateway),
            "JIUZHUTONG_OPS_PORT": str(ops),
            "JIUZHUTONG_CONSOLE_PORT": str(console),
            "JIUZHUTONG_ENGINE_PORT": str(engine),
            "JIUZHUTONG_LOG": "warning",
        }
        with out.status("演示用的库正在准备（一两分钟） · preparing a database of its own …"):
            await _done([sys.executable, "-m", "bot", "content", "first", "--as", "demo"], environment)
        running = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", env=environment, stdout=asyncio.subprocess.DEVNULL
        )
        try:
            with out.status("救助通正在启动 · starting …"):
                await _answers(f"http://127.0.0.1:{engine}/health", running)
                await _answers(f"http://127.0.0.1:{gateway}/sandbox/api/state", running)
            yield f"http://127.0.0.1:{gateway}"
        finally:
            with contextlib.suppress(ProcessLookupError):
                running.terminate()
            await running.wait()


async def _done(command: list[str], environment: dict[str, str]) -> None:
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.DEVNULL)
    if await process.wait():
        raise BadInput(f"{' '.join(command[2:])} failed; what it said stands above")


async def _answers(address: str, running: asyncio.subprocess.Process) -> None:
    async with aiohttp.ClientSession() as session, asyncio.timeout(_STARTS):
        while running.returncode is None:
            with contextlib.suppress(aiohttp.ClientError):
                async with session.get(address) as response:
                    if response.status == 200:
                        return
            await asyncio.sleep(0.3)
    raise BadInput("the service ended while it was starting; what it said stands above")


def _free_ports(count: int) -> list[int]:
    with contextlib.ExitStack() as held:
        taken = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [int(one.getsockname()[1]) for one in taken]
