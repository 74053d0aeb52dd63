"""The service as it runs: gateways as processes of their own on a database of their own, before them the simulated WeChat,
behind them a scripted engine. Everything on loopback and free ports; every process is ended by its id."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from aiohttp import web

from bench.servers import Server, free_port, start
from bot.clock import SystemClock
from bot.desk.ports import Store
from bot.messages import State
from bot.settings import Settings
from bot.store import migrate, open_keyring, open_store
from connectors.gateway import listen
from connectors.sandbox import PLATFORM, Platform, SandboxSettings, build_sandbox
from tests.connectors.door_to_door import HOUSE, address, open_desk
from tests.fakes.engine import SECRET, FakeEngine


@dataclass
class Grounds:
    home: Path
    environment: dict[str, str]
    wechat: Platform
    store: Store
    """A look at the same database from outside."""
    engine: FakeEngine = field(default_factory=FakeEngine)
    gateways: dict[str, Server] = field(default_factory=dict)
    engine_process: Server | None = None

    async def start_gateway(self, name: str = "gateway", port: int = 0) -> int:
        """A process `python -m bot gateway`; pushes go to it from now on."""
        port, ops = port or free_port(), free_port()
        environment = self.environment | {"JIUZHUTONG_PORT": str(port), "JIUZHUTONG_OPS_PORT": str(ops)}
        command = [sys.executable, "-m", "bot", "gateway"]
        alive = f"http://127.0.0.1:{ops}/health"
        self.gateways[name] = await asyncio.to_thread(
            start, name, command, HOUSE, environment, lambda: answers(alive), 60
        )
        self.wechat.deliver_to = f"http://127.0.0.1:{port}/wechat"
        return port

    async def start_engine(self) -> None:
        """The scripted engine as a process of its own; it remembers over its deaths."""
        command = [sys.executable, "-m", "tests.fakes.engine", str(self.engine.port), SECRET, str(self.memory)]
        self.engine_process = await asyncio.to_thread(
            start, "engine", command, HOUSE, self.environment, lambda: answers(f"{self.engine.url}/health"), 30
        )

    @property
    def memory(self) -> Path:
        return self.home / "engine-memory.jsonl"

    @property
    def processes(self) -> list[Server]:
        return [*self.gateways.values(), *([self.engine_process] if self.engine_process else [])]

    async def counts(self) -> dict[str, int]:
        async with self.store.reading() as work:
            return dict(await work.messages.by_state())

    async def until_quiet(self, seconds: float) -> float:
        """Seconds until nothing waits any more."""
        began = time.monotonic()
        async with asyncio.timeout(seconds):
            while True:
                states = await self.counts()
                if not any(states[state] for state in (State.RECEIVED, State.QUEUED, State.SENDING)):
                    return time.monotonic() - began
                await asyncio.sleep(0.2)

    def seen(self) -> Counter[str]:
        """Every answer of the engine that residents see, and how often. Several may stand in one bubble."""
        found: Counter[str] = Counter()
        for resident in self.wechat.residents.values():
            for shown in resident.screen:
                if shown.who != "resident":
                    found.update(part for part in shown.text.split("\n\n") if part.startswith("答："))
        return found


def answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except OSError:
        return False


@asynccontextmanager
async def grounds(home: Path, database_url: str = "", **sandbox: Any) -> AsyncIterator[Grounds]:
    account = SandboxSettings.fresh(log_size=10, **sandbox)
    app = build_sandbox(account, "http://127.0.0.1:1/wechat", SystemClock())
    wechat = await listen(app, "127.0.0.1", 0)
    settings = Settings(home=str(home), database_url=database_url)
    home.mkdir(parents=True, exist_ok=True)
    ring = await open_keyring(settings.database, "", settings.key_file)
    await migrate(settings.database)
    store = await open_store(settings.database, ring)
    await open_desk(store, SystemClock())  # publishes the words
    made = Grounds(home, {}, app[PLATFORM], store)
    await made.engine.start()
    made.environment = environment(home, database_url, account, f"{address(wechat)}/wx", made.engine.url)
    try:
        yield made
    finally:
        for server in made.processes:
            await asyncio.to_thread(server.end)
        await made.engine.go()
        await store.close()
        await close(wechat)


async def close(runner: web.AppRunner) -> None:
    await runner.cleanup()


def environment(home: Path, database_url: str, account: SandboxSettings, wechat: str, engine: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("JIUZHUTONG_")} | {
        "BENCH_LOGS": str(home),
        "JIUZHUTONG_HOME": str(home),
        "JIUZHUTONG_DATABASE_URL": database_url,
        "JIUZHUTONG_CONTENT": str(HOUSE / "content"),
        "JIUZHUTONG_ENGINE_URL": engine,
        "JIUZHUTONG_ENGINE_SECRET": SECRET,
        "JIUZHUTONG_WECHAT_APPID": account.appid,
        "JIUZHUTONG_WECHAT_SECRET": account.secret,
        "JIUZHUTONG_WECHAT_TOKEN": account.token,
        "JIUZHUTONG_WECHAT_AES_KEY": account.aes_key,
        "JIUZHUTONG_WECHAT_ACCOUNT": account.account,
        "JIUZHUTONG_WECHAT_API_BASE": wechat,
    }


def told(name: str, figures: Sequence[tuple[str, object]]) -> None:
    """The figure of a proof, for the record: shown by pytest -s, and with every failure."""
    sys.stdout.write(f"\n{name}: " + ", ".join(f"{what} {value}" for what, value in figures) + "\n")
