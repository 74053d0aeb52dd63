"""Rasa's two web conventions: existing widgets and programs get in, and nobody by a name they chose."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import socketio
from socketio.exceptions import ConnectionError as Refused

from bot.desk.ports import Store, Turn
from bot.messages import Author, Choice, Reply
from connectors.app.rasa_rest import PATH as REST
from connectors.app.rasa_socket import PATH as SOCKET
from tests.connectors.app.town import Gate, Town, assertion
from tests.databases import sqlite_first
from tests.fakes.engine import Mood


def two(turn: Turn) -> list[Reply]:
    if turn.meaning or turn.text == "低保怎么申请":
        return [Reply(f"听到：{turn.text}")]
    return [Reply("先说一句。"), Reply("哪一项？", (Choice("低保", {"say": "低保怎么申请"}), Choice("特困")))]


async def test_rest_gives_the_whole_turn_with_opaque_buttons(town: Town) -> None:
    town.engine.says = two
    who = await town.resident()
    status, told = await town.client().post(REST, {"sender": who.token, "message": "救助", "input_channel": "app"})
    assert status == 200
    recipient = who.session["session_id"]
    assert told[0] == {"recipient_id": recipient, "text": "先说一句。"}
    assert [one["title"] for one in told[1]["buttons"]] == ["低保", "特困"]
    payload = told[1]["buttons"][0]["payload"]
    assert not payload.startswith("/")
    status, told = await town.client().post(REST, {"sender": who.token, "message": payload})
    assert told == [{"recipient_id": recipient, "text": "听到：低保怎么申请"}]


async def test_rest_takes_an_assertion_of_the_bureau_once(town: Town) -> None:
    told = assertion("resident-5")
    status, _ = await town.client().post(REST, {"sender": told, "message": "您好"})
    assert status == 200
    assert (await town.client().post(REST, {"sender": told, "message": "您好"}))[0] == 401
    assert len(await (await town.resident("resident-5")).read()) == 2


@sqlite_first
@pytest.mark.parametrize("sender", [None, "", "default", "user", "u:resident-5", 7, {"id": 1}, "x" * 5000])
async def test_rest_refuses_whoever_names_themselves(town: Town, sender: Any) -> None:
    body = {"message": "您好"} | ({} if sender is None else {"sender": sender})
    status, told = await town.client().post(REST, body)
    assert (status, told["code"]) == (401, "unauthorized")


@sqlite_first
@pytest.mark.parametrize(
    "body", [[], "x", {"sender": "TOKEN"}, {"sender": "TOKEN", "message": ""}, {"sender": "TOKEN", "message": 1}]
)
async def test_rest_refuses_what_is_no_message(town: Town, body: Any) -> None:
    who = await town.resident()
    told = {**body, "sender": who.token} if isinstance(body, dict) else body
    assert (await town.client().post(REST, told))[0] == 400


@sqlite_first
async def test_rest_says_that_it_takes_longer_rather_than_nothing(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.app.rasa_rest.WAIT_SECONDS", 0.5)
    town.engine.mood = Mood.HANGS
    who = await town.resident()
    _, told = await town.client().post(REST, {"sender": who.token, "message": "低保怎么申请"})
    assert "系统正忙" in told[0]["text"]


@sqlite_first
@pytest.mark.parametrize("message", ["/get_started", "/restart", '/choose{"meaning":{"person":true}}'])
async def test_what_a_widget_sends_by_itself_is_greeted_and_no_intent(town: Town, message: str) -> None:
    who = await town.resident()
    _, told = await town.client().post(REST, {"sender": who.token, "message": message})
    assert "救助通" in told[0]["text"]
    assert town.engine.asked == []


class Widget:
    """A Socket.IO client that does what rasa-webchat does."""

    def __init__(self) -> None:
        self.io = socketio.AsyncClient(reconnection=False)
        self.heard: list[dict[str, Any]] = []
        self.confirmed: asyncio.Queue[Any] = asyncio.Queue()
        self.io.on("bot_uttered", self.heard.append)
        self.io.on("session_confirm", self.confirmed.put_nowait)

    async def session(self, known: str | None = None) -> str:
        await self.io.emit("session_request", {"session_id": known})
        return str(await asyncio.wait_for(self.confirmed.get(), 5))

    async def say(self, message: Any, session: str = "") -> None:
        await self.io.emit(
            "user_uttered", {"message": message, "session_id": session, "customData": {"language": "zh"}}
        )

    async def until(self, count: int) -> list[dict[str, Any]]:
        async with asyncio.timeout(10):
            while len(self.heard) < count:
                await asyncio.sleep(0.02)
        return self.heard


@asynccontextmanager
async def widget(gate: Gate, token: Any = None, **how: Any) -> AsyncIterator[Widget]:
    made = Widget()
    auth = None if token is None else {"token": token}
    await made.io.connect(gate.url, socketio_path=SOCKET, auth=auth, transports=["websocket"], **how)
    try:
        yield made
    finally:
        await made.io.disconnect()
        await made.io.eio.http.close() if made.io.eio.http else None


async def test_a_widget_asks_and_taps(town: Town) -> None:
    town.engine.says = two
    async with widget(town.gate) as here:
        session = await here.session()
        await here.say("救助", session)
        first, second = await here.until(2)
        assert first == {"text": "先说一句。"}, "widgets count keys"
        assert set(second) == {"text", "quick_replies"}
        reply = second["quick_replies"][0]
        assert (reply["content_type"], reply["title"]) == ("text", "低保")
        await here.say(reply["payload"], session)
        assert (await here.until(3))[-1] == {"text": "听到：低保怎么申请"}


async def test_a_widget_that_comes_back_goes_on_and_hears_what_it_missed(town: Town) -> None:
    async with widget(town.gate) as here:
        session = await here.session()
        await here.say("第一句", session)
        await here.until(1)
    async with town.store.writing() as work:
        sender = town.client(token=session).sender
        talk = await work.conversations.by_sender("app", "app", sender)
        assert talk is not None
        await work.messages.add(talk, Author.OFFICER, Reply("我是小陈。"), town.clock.now(), actor="s1")
        await work.commit()
    async with widget(town.gate) as back:
        assert await back.session(session) == session
        assert await back.until(1) == [{"text": "我是小陈。"}]


async def test_another_gateway_rather_says_it_twice_than_never(second_store: Store, town: Town) -> None:
    async with widget(town.gate) as here:
        session = await here.session()
        await here.say("第一句", session)
        await here.until(1)
    there = await town.open_gate(second_store)
    async with widget(there) as back:
        assert await back.session(session) == session
        assert await back.until(1) == [{"text": "答：第一句"}]


@sqlite_first
@pytest.mark.parametrize("known", ["", "x", "default", "a:" + "0" * 32, 5, {"id": 1}, "x" * 9000])
async def test_a_session_id_that_is_none_of_ours_gets_a_new_one(town: Town, known: Any) -> None:
    async with widget(town.gate) as here:
        given = await here.session(known)
        assert given != known
        assert town.client(token=given).sender.startswith("a:")


async def test_a_socket_speaks_for_nobody_but_itself(town: Town) -> None:
    """What a message says of its session counts for nothing once the socket has one."""
    victim = await town.resident("victim")
    await victim.say("这是我的事")
    await victim.until(1)
    async with widget(town.gate) as here:
        await here.session()
        await here.io.emit("session_request", {"session_id": victim.token})
        assert await asyncio.wait_for(here.confirmed.get(), 5) != victim.token
        await here.say("我是别人", victim.token)
        await here.until(1)
    assert len(await victim.read()) == 2


async def test_a_token_says_who_it_is_and_a_forged_one_is_refused(town: Town) -> None:
    async with widget(town.gate, assertion("resident-8")) as here:
        await here.say("您好", await here.session())
        await here.until(1)
    assert len(await (await town.resident("resident-8")).read()) == 2
    for token in ("", "forged", 7, [], assertion(exp=1)):
        with pytest.raises(Refused):
            async with widget(town.gate, token):
                pass


@sqlite_first
@pytest.mark.parametrize(
    "data", [None, 5, [], "words", {}, {"message": None}, {"message": ""}, {"message": "长" * 10_001}]
)
async def test_what_is_no_message_harms_nobody(town: Town, data: Any) -> None:
    async with widget(town.gate) as here:
        await here.session()
        await here.io.emit("user_uttered", data)
        await here.io.emit("session_request", data)
        await here.io.emit("another_event", data)
        await here.say("您好")
        assert await here.until(1) == [{"text": "答：您好"}]


@sqlite_first
async def test_whoever_is_too_fast_is_told_so(town: Town) -> None:
    async with widget(town.gate) as here:
        await here.session()
        for n in range(40):
            await here.say(f"第{n}句")
        await here.until(31)
        async with asyncio.timeout(5):
            while not any("发得太快" in one["text"] for one in here.heard):
                await asyncio.sleep(0.02)
