"""The engine's door: who may post, what is understood from a choice, and the same answers under both servers."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import pytest
from aiohttp import ClientSession
from aiohttp.test_utils import TestClient, TestServer
from rasa.core.channels.channel import register
from sanic import Sanic

from bot import wire
from bot.desk.ports import Turn
from bot.engine import channel, launcher
from bot.errors import BadInput
from tests.engine.conftest import SECRET, Engine

TURN = wire.turn_to_json(Turn("c", "m1", "低保是什么", None, "wechat", "420111"))
PROOF = {channel.SECRET_HEADER: SECRET}


@pytest.mark.parametrize("secret", ["", "wrong", SECRET + " ", "机密"])
async def test_without_the_secret_nothing_runs(engine: Engine, secret: str) -> None:
    assert await engine.post(TURN, secret) == (403, {"error": "forbidden"})
    assert engine.acting.ran == []


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", json.dumps({**TURN, "extra": 1}).encode(), b'{"text": "x"}']
)
async def test_a_body_that_is_no_turn_is_refused(engine: Engine, body: bytes) -> None:
    assert (await engine.post(body)).status == 400
    assert engine.acting.ran == []


async def test_actions_learn_where_the_message_came_from(engine: Engine) -> None:
    await engine.post({**TURN, "on": "2026-07-01"})
    told = engine.acting.ran[0][1]["message"]["metadata"]
    assert {key: told[key] for key in ("channel", "region", "on", "meaning")} == {
        "channel": "wechat",
        "region": "420111",
        "on": "2026-07-01",
        "meaning": None,
    }


async def test_a_chosen_option_is_an_intent_and_is_not_parsed(engine: Engine) -> None:
    await engine.say("1", meaning={"answer": "dibao-conditions"})
    name, seen = engine.acting.ran[0]
    assert name == "action_answer"
    assert seen["message"]["intent"] == {"name": "choose", "confidence": 1.0}
    assert seen["message"]["metadata"]["meaning"] == {"answer": "dibao-conditions"}
    assert engine.finder.asked == []


async def test_a_choice_that_says_something_is_understood_as_if_it_were_typed(engine: Engine) -> None:
    await engine.say("2", meaning={"say": "我要人工"})
    assert engine.acting.ran[0][0] == "action_person"


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("低保要满足什么条件", "action_answer"),
        ("我在武汉洪山区", "action_answer"),
        ("明天会下雪吗", "action_answer"),
        ("公积金怎么取", "action_answer"),
        ("我要举报村干部", "action_answer"),
        ("我的申请批到哪一步了", "action_open_form"),
        ("我要申请低保", "action_open_form"),
        ("你好", "action_small_talk"),
        ("谢谢你啊", "action_small_talk"),
        ("再见了", "action_small_talk"),
        ("你是不是机器人", "action_small_talk"),
        ("再说一遍吧", "action_repeat"),
        ("听不懂，简单点", "action_simplify"),
        ("转人工", "action_person"),
        ("算了不问了", "action_cancel"),
    ],
)
async def test_every_intent_leads_to_its_action(engine: Engine, text: str, action: str) -> None:
    await engine.say(text)
    assert [name for name, _ in engine.acting.ran] == [action]


async def test_an_action_that_says_a_bare_text_is_refused() -> None:
    with pytest.raises(BadInput, match="no reply"):
        await channel.DeskOutput().send_response("c", {"text": "a template {name}"})


async def test_a_failure_is_logged_without_the_residents_words(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    engine.acting.fails = ValueError("canary 低保")
    with caplog.at_level(logging.DEBUG):
        await engine.say("canary 低保")
    ours = [record for record in caplog.records if record.name.startswith("bot.")]
    assert ours
    assert all("canary" not in record.getMessage() and record.exc_info is None for record in ours)


async def test_the_products_own_server(engine: Engine) -> None:
    async with TestClient(TestServer(launcher.app(engine.agent, SECRET))) as client:
        assert (await (await client.get("/health")).json())["status"] == "ok"
        answered = await client.post(channel.PATH, json=TURN, headers=PROOF)
        assert answered.status == 200
        reply = wire.reply_from_json((await answered.json())["replies"][0])
        assert reply.entry == "an-entry"
        assert (await client.post(channel.PATH, json=TURN)).status == 403
        assert (await client.post(channel.PATH, data=b"x" * (channel.LARGEST + 1), headers=PROOF)).status == 413


async def test_a_crowd_is_answered_in_order_and_each_by_its_own(engine: Engine) -> None:
    async with TestClient(TestServer(launcher.app(engine.agent, SECRET))) as client:

        async def ask(number: int) -> Any:
            turn = {**TURN, "conversation": f"c{number}", "message_id": f"m{number}"}
            answered = await client.post(channel.PATH, json=turn, headers=PROOF)
            return answered.status, (await answered.json())["replies"]

        answers = await asyncio.gather(*(ask(number) for number in range(24)))
    assert {status for status, _ in answers} == {200}
    assert len({replies[0]["text"] for _, replies in answers}) == 24


async def test_serving_ends_with_its_turns_finished(engine: Engine) -> None:
    runner = await launcher.serve(engine.agent, secret=SECRET, port=0)
    port = runner.addresses[0][1]
    async with ClientSession() as session, session.get(f"http://127.0.0.1:{port}/health") as health:
        assert health.status == 200
    await runner.cleanup()


def test_a_short_secret_is_refused_by_both_servers(loaded: Engine) -> None:
    with pytest.raises(BadInput, match="secret"):
        launcher.app(loaded.agent, "short")
    with pytest.raises(BadInput, match="secret"):
        channel.DeskInput.from_credentials({})


async def test_the_same_channel_under_rasas_own_server(engine: Engine) -> None:
    app = Sanic("rasa_run", configure_logging=False)
    app.ctx.agent = engine.agent
    register([channel.DeskInput.from_credentials({"secret": SECRET})], app, route="/webhooks/")
    server: Any = await app.create_server("127.0.0.1", 0, return_asyncio_server=True, access_log=False)
    await server.startup()
    try:
        port = server.server.sockets[0].getsockname()[1]
        async with ClientSession() as session:
            async with session.post(f"http://127.0.0.1:{port}{channel.PATH}", json=TURN, headers=PROOF) as answered:
                assert answered.status == 200
                assert (await answered.json())["replies"][0]["entry"] == "an-entry"
            async with session.post(f"http://127.0.0.1:{port}{channel.PATH}", json=TURN) as refused:
                assert refused.status == 403
    finally:
        server.close()
        await server.wait_closed()
