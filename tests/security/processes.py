"""The service as operators start it: `python -m bot …` in processes of its own, its output in files a test can read."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from tests.canary import OPENID, TOKEN
from tests.connectors.wechat import pushes
from tests.engine.conftest import HOUSE
from tests.fakes.engine import FakeEngine


@dataclass
class Process:
    """`python -m bot …` on a home of its own, its output in a file there."""

    home: Path
    port: int
    ops: int
    process: asyncio.subprocess.Process
    http: aiohttp.ClientSession
    pushed: int = 0

    async def push(self, **fields: Any) -> int:
        """One message of the canary person, signed and sealed, delivered as WeChat does: three times, as long as it is refused for
        the moment (a database that is locked on a busy machine). The last answer's status."""
        self.pushed += 1
        now = int(time.time())
        message = {"FromUserName": OPENID, "CreateTime": now, "MsgId": 7_000_000 + self.pushed, **fields}
        encrypt = pushes.sealed(pushes.xml(pushes.message(**message)))
        status = 503
        for _ in range(3):
            query = pushes.sealed_query(encrypt, str(now), secrets.token_hex(5))
            if (status := await self.post(query, pushes.wrapper(encrypt))) != 503:
                break
        return status

    async def post(self, query: Any, body: bytes) -> int:
        async with self.http.post(f"http://127.0.0.1:{self.port}/wechat", params=query, data=body) as answer:
            await answer.read()
            return answer.status

    async def told(self, path: str) -> str:
        async with self.http.get(f"http://127.0.0.1:{self.ops}{path}") as answer:
            return await answer.text()

    def logs(self) -> str:
        return "".join(path.read_text() for path in sorted(self.home.glob("*.log")))

    async def until(self, words: str, seconds: float = 20.0) -> None:
        async with asyncio.timeout(seconds):
            while words not in self.logs():
                await asyncio.sleep(0.1)


@asynccontextmanager
async def a_gateway(home: Path, wechat: str, engine: str, *more: str) -> AsyncIterator[Process]:
    """A gateway (and what else is named) as operators start it, on an account whose platform is ours."""
    port, ops = free_port(), free_port()
    environ = {**os.environ, "JIUZHUTONG_LOG": "debug", **_settings(home, port, ops, wechat, engine)}
    started = []
    with _logs(home, "gateway", *more) as (opened):
        for command, file in opened.items():
            started.append(
                await asyncio.create_subprocess_exec(
                    sys.executable, "-m", "bot", command, env=environ, cwd=HOUSE, stdout=file, stderr=file
                )
            )
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as http:
            process = Process(home, port, ops, started[0], http)
            try:
                await _answers(http, f"http://127.0.0.1:{ops}/health", process)
                yield process
            finally:
                for one in started:
                    if one.returncode is None:
                        one.terminate()
                for one in started:
                    await asyncio.wait_for(one.wait(), 30)


class _logs:
    def __init__(self, home: Path, *commands: str) -> None:
        self._files = {command: (home / f"{command}.log").open("wb") for command in commands}

    def __enter__(self) -> dict[str, Any]:
        return self._files

    def __exit__(self, *error: object) -> None:
        for file in self._files.values():
            file.close()


async def _answers(http: aiohttp.ClientSession, url: str, process: Process) -> None:
    async with asyncio.timeout(60):
        while True:
            assert process.process.returncode is None, process.logs()
            try:
                async with http.get(url):
                    return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.1)


def _settings(home: Path, port: int, ops: int, wechat: str, engine: str) -> dict[str, str]:
    given = {
        "home": str(home), "host": "127.0.0.1", "port": str(port), "ops_port": str(ops), "keys": (home / "ring").read_text(),
        "engine_url": engine, "engine_secret": FakeEngine.secret, "workers": "2", "sandbox": "off", "wechat_appid": pushes.APPID,
        "wechat_secret": f"secret{TOKEN}", "wechat_token": pushes.TOKEN, "wechat_aes_key": pushes.KEY,
        "wechat_api_base": wechat, "models": str(home / "models"),
    }  # fmt: skip
    return {f"JIUZHUTONG_{name.upper()}": value for name, value in given.items()}


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
