"""The gateway alone: signed, encrypted pushes at a steady pace while no engine runs; how long until acknowledged."""

from __future__ import annotations

import asyncio
import secrets
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from bench.load import Timing
from bench.servers import answers, free_port, start
from connectors.sandbox.dialect import WeChatDialect
from connectors.sandbox.pushes import push, text
from connectors.sandbox.settings import SandboxSettings

PACE, SECONDS, WARM_SECONDS = 50, 20, 3


@dataclass(frozen=True)
class Alone:
    timing: Timing
    """Of the acknowledged pushes."""
    stored: int
    """Inbound rows in the database afterwards: acknowledged means committed."""
    sent: int
    refused: int
    """Answered with an error: the platform would deliver them again, but at this pace none should be."""
    processor: float
    """Seconds of processor time a push."""


async def gateway_alone(home: Path, environment: dict[str, str]) -> Alone:
    """A real account's gateway on the database in `home`; engine and platform do not answer."""
    account = SandboxSettings.fresh()
    port, ops = free_port(), free_port()
    nowhere = f"http://127.0.0.1:{free_port()}"
    environment = environment | {
        "JIUZHUTONG_HOME": str(home),
        "JIUZHUTONG_PORT": str(port),
        "JIUZHUTONG_OPS_PORT": str(ops),
        "JIUZHUTONG_ENGINE_URL": nowhere,
        "JIUZHUTONG_WECHAT_API_BASE": nowhere,
        "JIUZHUTONG_WECHAT_APPID": account.appid,
        "JIUZHUTONG_WECHAT_SECRET": account.secret,
        "JIUZHUTONG_WECHAT_TOKEN": account.token,
        "JIUZHUTONG_WECHAT_AES_KEY": account.aes_key,
    }

    up = answers(f"http://127.0.0.1:{ops}/health")
    server = start("gateway", [sys.executable, "-m", "bot", "gateway"], Path.cwd(), environment, up, 60)
    try:
        url = f"http://127.0.0.1:{port}/wechat"
        before = await _stored(home)
        warm = await _pushes(
            url, account, WARM_SECONDS, first=secrets.randbelow(10**15)
        )  # the circuit breaker opens, caches fill
        before_cpu = server.cpu_seconds
        timing = await _pushes(url, account, SECONDS, first=secrets.randbelow(10**15))
        processor = (server.cpu_seconds - before_cpu) / (PACE * SECONDS)
    finally:
        server.end()
    sent = PACE * (SECONDS + WARM_SECONDS)
    acknowledged = len(warm.turns) + len(timing.turns)
    return Alone(timing, await _stored(home) - before, sent, sent - acknowledged, processor)


async def _pushes(url: str, account: SandboxSettings, seconds: int, first: int) -> Timing:
    """Open loop: every push leaves at its moment, whether or not the one before was acknowledged."""
    dialect, timing = WeChatDialect(account), Timing()
    began = time.perf_counter()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def one(number: int) -> None:
            await asyncio.sleep(max(0.0, number / PACE - (time.perf_counter() - began)))
            now = datetime.now(UTC)
            said, sender = text(f"低保怎么申请 {number}"), f"o{first}-{number}"
            pushed = push(said, account.account, sender, int(now.timestamp()), str(first + number))
            sealed = dialect.seal(pushed, now)
            sent = time.perf_counter()
            async with session.post(
                url,
                params=sealed.query,
                data=sealed.body,
                headers={"Content-Type": sealed.content_type},
                timeout=aiohttp.ClientTimeout(total=10),
            ) as response:
                await response.read()
            if response.status == 200:
                timing.turns.append(time.perf_counter() - sent)

        await asyncio.gather(*(one(number) for number in range(PACE * seconds)))
    timing.seconds = time.perf_counter() - began
    return timing


async def _stored(home: Path) -> int:
    from bot.settings import Settings
    from bot.wiring import open_house

    async with open_house(Settings(home=str(home))) as house, house.store.reading() as work:
        states = await work.messages.by_state()
    return int(states.get("received", 0)) + int(states.get("handled", 0))
