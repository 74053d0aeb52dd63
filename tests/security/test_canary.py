"""What a resident tells us stands in clear in no file, log, figure or export, also when everything fails (A-52, A-53, T-32).

The canaries of `tests.canary` are told in every way there is. Each test sweeps what it left; the plugin sweeps
everything once more after the whole suite.
"""

from __future__ import annotations

import asyncio
import io
import logging
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
import asyncpg
import pytest
from aiohttp import web

from bot import log, people
from bot.clock import SystemClock
from bot.desk import content
from bot.desk.ports import Entry, Turn
from bot.errors import TryAgain
from bot.messages import Kind
from bot.store import migrate, open_store
from bot.store.keys import new_text, parse
from tests.canary import CANARIES, CONTROL, IDENTITY, NAME, OPENID, PHONE, TOKEN, Sweep, clear_text, files, sweep
from tests.connectors.wechat import pushes
from tests.databases import Database, apart
from tests.engine.conftest import HOUSE, KEY
from tests.fakes.engine import FakeEngine, Mood
from tests.fakes.wechat import SEND, FakeWeChat, fake_wechat
from tests.fakes.wechat import TOKEN as TOKEN_PATH
from tests.security.conftest import DAY, House

WORDS = (
    f"我叫{NAME}，身份证{IDENTITY}，电话{PHONE}，低保怎么申请",
    f"{IDENTITY}",
    f'/inform{{"id_number":"{IDENTITY}","name":"{NAME}","openid":"{OPENID}"}}',
    f"{NAME}不想活了，电话{PHONE}",
    f"我的微信号{OPENID}，口令{TOKEN}，要带什么材料",
    " ".join(IDENTITY),
    "".join(chr(ord(digit) + 0xFEE0) for digit in IDENTITY) + NAME,
    f"{NAME}" * 300 + f"{PHONE}",
)


def test_the_canaries_are_what_they_claim() -> None:
    assert people.identity_number_is_valid(IDENTITY, DAY)
    assert people.mask(IDENTITY)[1]
    assert people.mask(PHONE)[0] != PHONE


@pytest.mark.parametrize("secret", CANARIES)
def test_the_sweep_finds_every_form(secret: str) -> None:
    import base64
    import json
    import urllib.parse

    hidden = [
        secret.encode(), secret.encode("utf-16"), secret.encode().hex().encode(), json.dumps(secret).encode(),
        urllib.parse.quote(secret).encode(), base64.urlsafe_b64encode(f"a{secret}".encode()), repr(secret.encode()).encode()
        if secret.isascii() else b"x" + secret.encode("gb18030"), base64.b64encode(f"ab{secret}cd".encode()),
    ]  # fmt: skip
    for form in hidden:
        assert clear_text(b"before " + form + b" after", [secret]), form
    assert not clear_text(secrets.token_bytes(100_000), [secret])


async def test_what_was_told_stands_in_clear_nowhere(house: House, database: Database, tmp_path: Path) -> None:
    """Database, its log and shared memory while it is open, a dump, and an export of what is published."""
    await _tell_everything(house)
    await content.export(house.desk, tmp_path / "export")  # type: ignore[arg-type]  # all that an export reads
    for path in files(tmp_path):
        assert clear_text(path.read_bytes()) == [], path
    if database.kind == "sqlite":
        written = b"".join(path.read_bytes() for path in tmp_path.glob("bot.db*"))
        assert {path.name for path in tmp_path.glob("bot.db*")} >= {"bot.db", "bot.db-wal", "bot.db-shm"}
    else:
        written = await _dump(database)
    assert CONTROL.encode() in written, "a sweep that does not find what is in clear would find nothing"
    assert clear_text(written) == []


async def _tell_everything(house: House) -> None:
    for text in WORDS:
        await house.say(text, sender=OPENID, message_id=f"m:{OPENID}:{secrets.token_hex(4)}")
    told = {"media": TOKEN, "place": f"{NAME}家", "event": "CLICK", "event_key": PHONE, "choice": f"{IDENTITY}-1"}
    for kind in Kind:
        await house.say(WORDS[0], sender=OPENID, kind=kind, **told)
    async with house.store.writing() as work:
        await work.tokens.put("gh_1", TOKEN, house.clock.now(), house.clock.now())
        base = await work.editions.head()
        await work.editions.publish(await work.editions.read(base), base, "test", CONTROL, house.clock.now())
        await work.commit()
    async with house.store.reading() as work:
        found = await work.conversations.by_sender("wechat", "gh_1", OPENID)
        kept = [row.text for row in await work.messages.history(found.id, 50)] if found else []
    assert any(NAME in text for text in kept), "it is kept, but sealed"
    assert not any(IDENTITY in text or PHONE in text for text in kept), (
        "numbers are covered before they are kept (A-52)"
    )


async def _dump(database: Database) -> bytes:
    """Every table as COPY writes it, in text and in binary."""
    connection = await asyncpg.connect(database.url)
    out = io.BytesIO()
    for (table,) in await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
        for form in ("text", "binary"):
            await connection.copy_from_table(table, output=out, format=form)
    await connection.close()
    return out.getvalue()


async def test_a_number_before_any_consent_is_covered_and_read_by_nothing(house: House) -> None:
    """A-52"""
    for text in (IDENTITY, f"身份证{IDENTITY}，低保怎么申请", IDENTITY + "7", PHONE + IDENTITY):
        said = await house.say(text, sender=f"o-{len(text)}")
        assert IDENTITY not in said.message.text
        assert IDENTITY[6:14] not in said.message.text
        assert "隐去" in said.message.text
        assert "隐去" in said.replies[0].text
        written = [str(turn) for turn in await house.turns(said.conversation.id)]
        assert not any(IDENTITY[6:14] in turn for turn in written)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_engine_and_desk_say_nothing_of_it_when_they_fail(
    house: House, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every log of the process at its most talkative, and whatever Rasa prints."""
    with _every_log() as told:
        await _tell_everything(house)
        for failure in (ValueError(WORDS[0]), TryAgain(WORDS[0]), KeyError(PHONE)):

            class Failing:
                async def turn(self, turn: Turn, failure: Exception = failure) -> Any:
                    raise failure

            await house.take(WORDS[0], sender=OPENID)
            await house.work(Failing())
            house.clock.advance(seconds=60)
        monkeypatch.setattr("actions.answers.answer", _raises)
        await house.take(WORDS[4], sender=OPENID)
        await house.work()
    out, err = capfd.readouterr()
    written = told.getvalue() + out + err
    assert "the turn of message" in written
    assert clear_text(written.encode()) == []


def _raises(*args: Any) -> Any:
    raise RuntimeError(f"the action met {args}")


class _every_log:
    """All records of all loggers, as our formatter writes them."""

    def __enter__(self) -> io.StringIO:
        import structlog

        self._root = logging.getLogger()
        self._before = self._root.handlers[:], self._root.level, structlog.get_config(), structlog.is_configured()
        log.configure("debug")
        written = io.StringIO()
        (handler,) = self._root.handlers
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(written)
        return written

    def __exit__(self, *error: object) -> None:
        import structlog

        handlers, level, config, configured = self._before
        self._root.handlers[:] = handlers
        self._root.setLevel(level)
        logging.captureWarnings(False)
        structlog.configure(**config) if configured else structlog.reset_defaults()


# Real processes


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
        """One signed and sealed push of the canary person; the answer's status."""
        self.pushed += 1
        now = int(time.time())
        message = {"FromUserName": OPENID, "CreateTime": now, "MsgId": 7_000_000 + self.pushed, **fields}
        encrypt = pushes.sealed(pushes.xml(pushes.message(**message)))
        query = pushes.sealed_query(encrypt, str(now), secrets.token_hex(5))
        return await self.post(query, pushes.wrapper(encrypt))

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
async def _gateway(home: Path, wechat: str, engine: str, *more: str) -> AsyncIterator[Process]:
    """A gateway (and what else is named) as operators start it, on an account whose platform is ours."""
    port, ops = _free(), _free()
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


def _free() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture
def home(tmp_path: Path, edition: list[Entry]) -> Path:
    """A home folder as the first start leaves it, with an edition."""
    made = tmp_path / "var"
    made.mkdir()
    (made / "ring").write_text(new_text())

    async def fill() -> None:
        url = f"sqlite:///{made / 'jiuzhutong.db'}"
        await migrate(url)
        store = await open_store(url, parse((made / "ring").read_text()))
        async with store.writing() as work:
            await work.editions.publish(edition, 0, "test", CONTROL, SystemClock().now())
            await work.commit()
        await store.close()

    apart(fill())
    return made


@pytest.fixture
async def wechat() -> AsyncIterator[FakeWeChat]:
    async with fake_wechat() as fake:
        fake.always[TOKEN_PATH] = {"access_token": TOKEN, "expires_in": 7200}
        yield fake


_BAD = (Mood.BROKEN, Mood.GARBLED, Mood.SILENT, Mood.CUT, Mood.LOST)


async def _in_every_bad_mood(engine: FakeEngine) -> set[Mood]:
    """The engine fails each turn it is asked in another way; then it is well. The moods that were met."""
    met = set()
    for mood in _BAD:
        engine.mood, before = mood, len(engine.asked)
        async with asyncio.timeout(20):
            while len(engine.asked) == before:
                await asyncio.sleep(0.02)
        met.add(mood)
    engine.mood = Mood.WELL
    return met


async def test_a_gateway_says_nothing_of_it_whatever_fails(home: Path, wechat: FakeWeChat) -> None:
    """Engine: 500, no JSON, no reply, a cut line. WeChat: a refused token, 500, no JSON, a closed window. Senders: forged
    and broken pushes. Its log at debug, figures, readiness, files of its home: none shows a canary."""
    engine = await FakeEngine().start()
    garbled = web.Response(text=f"<html>{OPENID}{PHONE}", content_type="application/json")
    failing = web.Response(status=500, text=f"{OPENID} {TOKEN}")
    wechat.prepare(SEND, {"errcode": 40001, "errmsg": f"invalid {TOKEN} for {OPENID}"}, failing, garbled)
    wechat.prepare(SEND, {"errcode": 45015, "errmsg": OPENID})
    async with _gateway(home, wechat.base, engine.url) as gateway:
        failing_in_turn = asyncio.create_task(_in_every_bad_mood(engine))
        told = [gateway.push(Content=text, FromUserName=f"{OPENID}{n}") for n, text in enumerate(WORDS * 2)]
        told += [gateway.push(MsgType="location", Label=f"{NAME}家", Location_X="30.5", Location_Y="114.3", Scale="16")]
        told += [gateway.push(MsgType="image", MediaId=TOKEN, PicUrl=f"http://127.0.0.1/{OPENID}")]
        assert set(await asyncio.gather(*told)) == {200}
        await gateway.until("turn put off")
        assert await gateway.post([("openid", OPENID), ("signature", PHONE)], WORDS[0].encode()) == 403
        assert await gateway.post(pushes.sealed_query(WORDS[2]), pushes.wrapper(WORDS[2])) == 403
        met = await failing_in_turn
        engine.mood, engine.slow_seconds = Mood.SLOW, 3.8  # too late for the exchange: these go by customer service
        await asyncio.gather(*(gateway.push(Content=WORDS[0], FromUserName=f"{OPENID}{n}") for n in range(20, 24)))
        async with asyncio.timeout(20):
            while len(wechat.sent) < 4:
                await asyncio.sleep(0.1)
        figures, ready = await gateway.told("/metrics"), await gateway.told("/ready")
    await engine.go()
    assert "jzt_messages_taken_total" in figures
    assert clear_text((figures + ready + gateway.logs()).encode()) == []
    assert met == set(_BAD)
    assert {request.token for request in wechat.to(SEND)} == {TOKEN}, "what went out went under the token"
    assert sweep(home, [one for one in CANARIES if one != TOKEN]) == []
    assert clear_text(b"".join(path.read_bytes() for path in home.glob("jiuzhutong.db*"))) == []


@pytest.mark.proof
async def test_the_whole_service_says_nothing_of_it(home: Path, wechat: FakeWeChat, model: Path) -> None:
    """Gateway and engine as two processes with the trained model; both logs, all files."""
    (home / "models").mkdir()
    for path in (model, model.with_name(model.name + ".sig")):
        (home / "models" / path.name).write_bytes(path.read_bytes())
    (home / "model-key").write_text(KEY.hex())
    (home / "model-key").chmod(0o600)
    port = _free()
    os.environ["JIUZHUTONG_ENGINE_PORT"] = str(port)
    try:
        async with _gateway(home, wechat.base, f"http://127.0.0.1:{port}", "engine") as service:
            await service.until("engine: ready", 90)
            for text in WORDS:
                assert await service.push(Content=text) == 200
            await service.until("engine: ready")
            async with asyncio.timeout(60):
                while '"received":0' not in (await service.told("/ready")).replace(" ", ""):
                    await asyncio.sleep(0.2)
            figures = await service.told("/metrics")
    finally:
        del os.environ["JIUZHUTONG_ENGINE_PORT"]
    assert clear_text((figures + service.logs()).encode()) == []
    assert sweep(home, [one for one in CANARIES if one != TOKEN]) == []


def test_the_sweep_after_the_suite_reads_equal_pages_once(tmp_path: Path) -> None:
    swept = Sweep()
    page = secrets.token_bytes(4096)
    (tmp_path / "a").write_bytes(page * 3)
    (tmp_path / "b").write_bytes(page + secrets.token_bytes(4090) + IDENTITY[:6].encode())
    (tmp_path / "c").write_bytes(page + secrets.token_bytes(4090) + IDENTITY[:6].encode() + IDENTITY[6:].encode())
    for name in "ab":
        swept.read(tmp_path / name)
    assert swept.hits == []
    swept.read(tmp_path / "c")
    assert len(swept.hits) == 1
    (tmp_path / "c").unlink()  # or the sweep after the suite would find it, as it should
