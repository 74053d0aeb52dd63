"""The console's process as it runs: the first link, once until it is used; a way back in; the log proved from the machine."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest
from argon2 import PasswordHasher

from bench.servers import free_port
from bot.audit import Head
from bot.cli.audit import _verify
from bot.cli.console import first_link, link_again, open_console
from bot.desk.desk import Desk
from bot.desk.staff import accounts, proofs
from bot.errors import BadInput
from bot.settings import Settings
from bot.wiring import open_house
from connectors.gateway import listen
from tests.connectors.door_to_door import CONTENT, open_desk
from tests.console.people import PASSWORD, Colleague, reread


@pytest.fixture(autouse=True)
def cheap_hashing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(proofs, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    proofs._nobody.cache_clear()
    yield
    proofs._nobody.cache_clear()


@pytest.fixture
async def here(tmp_path: Path) -> Settings:
    from bot.clock import SystemClock

    made = Settings(home=str(tmp_path), content=str(CONTENT), console_port=free_port())
    async with open_house(made) as house:
        await open_desk(house.store, SystemClock())
    return made


async def set_up(desk: Desk, link: str) -> Colleague:
    token = link.rsplit("/", 1)[-1]
    made = Colleague(await accounts.invited(desk, token), proofs.new_key())
    await accounts.set_up(desk, token, PASSWORD, made.key, made.code(desk))
    made.staff = await reread(desk, made)
    return made


async def status(url: str) -> int:
    async with aiohttp.ClientSession() as session, session.get(url, allow_redirects=False) as response:
        return response.status


async def test_each_start_makes_a_new_link_until_one_was_used(here: Settings) -> None:
    async with open_console(here) as desk:
        first = await first_link(here, desk)
        assert first.startswith(f"http://127.0.0.1:{here.console_port}/invitation/")
        assert await status(first) == 200
    async with open_console(here) as desk:
        second = await first_link(here, desk)
        assert await status(first) == 403
        assert await status(second) == 200
        await set_up(desk, second)
        assert await status(second) == 403
    async with open_console(here) as desk:
        assert await first_link(here, desk) == ""
        assert await status(f"http://127.0.0.1:{here.console_port}/") == 303


async def test_behind_https_the_link_says_so(here: Settings) -> None:
    from dataclasses import replace

    secure = replace(here, console_https="on")
    async with open_console(secure) as desk:
        assert (await first_link(secure, desk)).startswith("https://")


async def test_who_lost_phone_and_codes_gets_back_in_from_the_machine(
    here: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    async with open_console(here) as desk:
        boss = await set_up(desk, await first_link(here, desk))
        with pytest.raises(BadInput, match="至少要留一个"):
            await accounts.invite_again(desk, boss.staff, boss.staff.id)
    await link_again(here, "admin")
    link = capsys.readouterr().out.split()[-1]
    async with open_console(here) as desk:
        again = await set_up(desk, link)
        assert again.staff.id == boss.staff.id
        async with desk.store.reading() as work:
            actors = [line.actor async for line, _ in work.audit.lines() if line.about == {"invited": "again"}]
    assert len(actors) == 1
    assert actors[0].startswith("cli:")
    with pytest.raises(BadInput, match="no account is called 'nobody'"):
        await link_again(here, "nobody")


async def test_a_taken_port_is_said_in_one_line(here: Settings) -> None:
    taken = await listen(aiohttp.web.Application(), "127.0.0.1", here.console_port)
    with pytest.raises(BadInput, match=f"port {here.console_port} on 127.0.0.1 is taken"):
        async with open_console(here):
            pass
    await taken.cleanup()


async def verified(here: Settings, capsys: pytest.CaptureFixture[str], head: str = "") -> tuple[int, str]:
    code = 0
    try:
        await _verify(here, head)
    except SystemExit as ended:
        code = int(str(ended.code))
    heard = capsys.readouterr()
    return code, heard.out + heard.err


async def test_the_log_is_proved_from_the_command_line(here: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert await verified(here, capsys) == (0, "0 lines, all as they were written\n")
    async with open_console(here) as desk:
        boss = await set_up(desk, await first_link(here, desk))
        for number in range(5):
            await accounts.invite(desk, boss.staff, f"chen{number}", "陈工", ["officer"], ["420111"], [])
    code, said = await verified(here, capsys)
    assert code == 0
    assert said.startswith("7 lines, all as they were written\nhead 7:")
    head = said.splitlines()[1].split()[1]
    assert str(Head.read(head)) == head
    assert (await verified(here, capsys, head))[0] == 0
    file = Path(here.home) / "jiuzhutong.db"

    def tamper(*statements: str) -> None:
        with closing(sqlite3.connect(file)) as database, database:
            # Whoever owns the file can drop what refuses a change.
            for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                database.execute(f"DROP TRIGGER {name}")
            for statement in statements:
                database.execute(statement)

    # Cut off at the end, and the head beside the log set back as well: only what the auditor wrote down tells.
    tamper(
        "DELETE FROM audit_log WHERE seq > 5",
        "UPDATE audit_head SET seq = 5, mac = (SELECT mac FROM audit_log WHERE seq = 5)",
    )
    assert (await verified(here, capsys))[0] == 0
    assert await verified(here, capsys, head) == (1, "第6条到第7条不见了 (line 6)\n")
    tamper("UPDATE audit_log SET actor = 'somebody' WHERE seq = 3")
    assert await verified(here, capsys) == (1, "第3条被改过，或前面的被换过 (line 3)\n")


@pytest.mark.parametrize("head", ["7", "7:abc", "x:" + "0" * 64, "²:" + "0" * 64, "7:" + "g" * 64])
async def test_what_is_no_head_is_refused(here: Settings, capsys: pytest.CaptureFixture[str], head: str) -> None:
    with pytest.raises(BadInput, match="is no head"):
        await verified(here, capsys, head)
