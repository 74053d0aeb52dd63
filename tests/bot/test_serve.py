"""The gateway's process put together as it runs: its ports, the sandbox beside it, and what it refuses to start with."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest

from bench.servers import free_port
from bot.cli.serve import open_gateway
from bot.clock import SystemClock
from bot.errors import BadInput
from bot.settings import Settings
from bot.wiring import open_house
from connectors.sandbox.settings import new_aes_key
from tests.connectors.door_to_door import CONTENT, open_desk


def settings(home: Path, **more: object) -> Settings:
    return Settings(home=str(home), content=str(CONTENT), port=free_port(), ops_port=free_port(), **more)  # type: ignore[arg-type]


async def status(url: str) -> int:
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return response.status


async def test_it_listens_with_the_sandbox_while_there_is_no_account(tmp_path: Path) -> None:
    here = settings(tmp_path, engine_url=f"http://127.0.0.1:{free_port()}")
    async with open_house(here) as house:
        await open_desk(house.store, SystemClock())
        async with open_gateway(here, house):
            assert await status(f"http://127.0.0.1:{here.port}/sandbox/") == 200
            assert await status(f"http://127.0.0.1:{here.port}/wechat") == 403
            assert await status(f"http://127.0.0.1:{here.ops_port}/ready") == 200
    with pytest.raises(aiohttp.ClientConnectorError):
        await status(f"http://127.0.0.1:{here.port}/wechat")


async def test_with_an_account_there_is_no_sandbox(tmp_path: Path) -> None:
    account = {"wechat_appid": "wx0123456789abcdef", "wechat_secret": "s" * 32, "wechat_token": "token"}
    here = settings(tmp_path, wechat_aes_key=new_aes_key(), **account)
    async with open_house(here) as house:
        await open_desk(house.store, SystemClock())
        async with open_gateway(here, house):
            assert await status(f"http://127.0.0.1:{here.port}/sandbox/") == 404
            assert await status(f"http://127.0.0.1:{here.port}/wx/cgi-bin/token") == 404
            assert await status(f"http://127.0.0.1:{here.port}/wechat") == 403


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"sandbox": "on", "wechat_appid": "wx0123456789abcdef"}, "does not start beside the real account"),
        ({"host": "0.0.0.0"}, "where strangers could reach it"),
        ({"wechat_appid": "wx0123456789abcdef"}, "the WeChat settings cannot be used"),
    ],
)
async def test_what_would_be_dangerous_is_not_started(tmp_path: Path, more: dict[str, str], said: str) -> None:
    here = settings(tmp_path, **more)
    async with open_house(here) as house:
        await open_desk(house.store, SystemClock())
        with pytest.raises(BadInput, match=said):
            async with open_gateway(here, house):
                pytest.fail("it started")


async def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    here = settings(tmp_path)
    async with open_house(here) as house:
        await open_desk(house.store, SystemClock())
        async with open_gateway(here, house):
            with pytest.raises(BadInput, match=rf"port {here.port} on 127\.0\.0\.1 is taken; end what listens there"):
                async with open_gateway(here, house):
                    pytest.fail("it started twice")
