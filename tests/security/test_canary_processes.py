"""Real processes say nothing of what a resident tells, whatever fails around them (A-53, T-32)."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from bot.clock import SystemClock
from bot.desk.ports import Entry
from bot.store import migrate, open_store
from bot.store.keys import new_text, parse
from tests.canary import CANARIES, CONTROL, NAME, OPENID, PHONE, TOKEN, clear_text, sweep
from tests.connectors.wechat import pushes
from tests.databases import apart
from tests.engine.conftest import KEY
from tests.fakes.engine import FakeEngine, Mood
from tests.fakes.wechat import SEND, FakeWeChat, fake_wechat
from tests.fakes.wechat import TOKEN as TOKEN_PATH
from tests.security.processes import a_gateway, free_port
from tests.security.telling import WORDS


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
    async with a_gateway(home, wechat.base, engine.url) as gateway:
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
    port = free_port()
    os.environ["JIUZHUTONG_ENGINE_PORT"] = str(port)
    try:
        async with a_gateway(home, wechat.base, f"http://127.0.0.1:{port}", "engine") as service:
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
