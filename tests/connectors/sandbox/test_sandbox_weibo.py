"""Simulated Weibo against the connector to the real one, written apart: pushes, answers, windows, faults."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.clock import FixedClock
from bot.errors import Forged, Misconfigured, QuotaSpent, TryAgain, Undeliverable
from bot.messages import Inbound, Kind, Reply
from connectors.sandbox import (
    PLATFORMS,
    LineFault,
    Phone,
    Platform,
    Prepared,
    SandboxSettings,
    Simulated,
    mount_phones,
    pushes,
)
from connectors.weibo.channel import Weibo
from connectors.weibo.settings import WeiboSettings
from tests.connectors.wechat.test_wechat_reply import row
from tests.connectors.wechat.test_wechat_send import PERSON

FAN = "2489518277"
REPLY = "/2/messages/reply.json"


@dataclass
class Account:
    """What an account's server does with our connector; `queue` holds the next answers: replies, bytes or a response."""

    clock: FixedClock
    platform: Platform = field(init=False)
    channel: Weibo = field(init=False)
    queue: deque[Any] = field(default_factory=deque)
    inbox: list[Inbound] = field(default_factory=list)
    forged: int = 0
    base: str = ""

    async def verify(self, request: web.Request) -> web.Response:
        return web.Response(text=self.channel.verify_url(request.query.items(), self.clock.now()))

    async def receive(self, request: web.Request) -> web.Response:
        try:
            body = await request.read()
            callback = self.channel.read(request.query.items(), request.headers, body, self.clock.now())
        except Forged:
            self.forged += 1
            return web.Response(status=403)
        self.inbox.extend(callback.inbounds)
        said = self.queue.popleft() if self.queue else [Reply("到街道申请。")]
        if isinstance(said, web.Response):
            return said
        return web.Response(body=said if isinstance(said, bytes) else callback.respond(said).body)

    async def send(self, words: str, left: int = 900) -> str:
        talk = replace(PERSON, channel="weibo", sender=FAN, quota_left=left)
        return await self.channel.send(talk, row(words))

    def seen(self) -> Sequence[str]:
        return [shown.text for shown in self.platform.received(FAN)]


@pytest.fixture
async def account(clock: FixedClock) -> AsyncIterator[Account]:
    made = SandboxSettings.fresh_weibo(cut_off=0.25)
    account = Account(clock)
    app = web.Application()
    app.router.add_get("/weibo/secret", account.verify)
    app.router.add_post("/weibo/secret", account.receive)
    mount_phones(app, (Simulated(made, "http://127.0.0.1/weibo/secret"),), clock)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    account.base = str(server.make_url("")).rstrip("/")
    account.platform = app[PLATFORMS][Phone.WEIBO]
    account.platform.deliver_to = f"{account.base}/weibo/secret"
    base = f"{account.base}/wb"
    settings = WeiboSettings(made.account, made.secret, made.token, "p" * 24, api_base=base, upload_base=base)
    account.channel = Weibo(settings, clock, lambda name: None)
    yield account
    await account.channel.close()
    await server.close()


async def test_the_address_is_checked(account: Account) -> None:
    assert await account.platform.check_url()


async def test_every_act_is_read_as_what_it_is(account: Account) -> None:
    platform = account.platform
    await platform.follow(FAN)
    await platform.say(FAN, "低保怎么申请")
    await platform.send_image(FAN, b"\xff\xd8\xffpicture")
    await platform.send_voice(FAN)
    await platform.send_location(FAN, "武汉市洪山区")
    await platform.click(FAN, "faq")
    await platform.scan(FAN, "QR_LIMIT_SCENE_7")
    await platform.mention(FAN, "@救助通 临时救助找谁")
    await platform.unfollow(FAN)
    await platform.follow(FAN, "QR_SCENE_8")
    assert account.forged == 0
    assert [(one.kind, one.event or one.text) for one in account.inbox] == [
        (Kind.EVENT, "subscribe"),
        (Kind.TEXT, "低保怎么申请"),
        (Kind.IMAGE, ""),
        (Kind.VOICE, ""),
        (Kind.LOCATION, ""),
        (Kind.EVENT, "CLICK"),
        (Kind.EVENT, "SCAN"),
        (Kind.TEXT, "临时救助找谁"),
        (Kind.EVENT, "unsubscribe"),
        (Kind.EVENT, "subscribe"),
    ]
    assert [one.event_key for one in account.inbox if one.event_key] == ["faq", "QR_LIMIT_SCENE_7", "QR_SCENE_8"]
    assert len({one.message_id for one in account.inbox}) == 10
    picture = account.inbox[2].media
    assert await account.channel.fetch(picture) == b"\xff\xd8\xffpicture"


async def test_an_answer_in_the_exchange_is_shown_and_a_redelivery_shows_no_second(account: Account) -> None:
    account.queue.append([Reply("可以申请。")])
    delivered = await account.platform.say(FAN, "低保", deliveries=3, concurrent=True)
    assert len(delivered.answers) == 3
    assert len(account.seen()) == 1
    assert len({one.message_id for one in account.inbox}) == 1


@pytest.mark.parametrize("fault", list(LineFault))
async def test_a_push_that_got_no_answer_comes_again(account: Account, fault: LineFault) -> None:
    await account.platform.say(FAN, "低保", faults=(fault,))
    assert account.seen() == ["到街道申请。"]
    assert len({one.message_id for one in account.inbox}) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"success",
        b"{}",
        json.dumps({"result": True, "type": "text", "sender_id": "1", "receiver_id": FAN, "data": "%7B%7D"}).encode(),
        json.dumps(
            {
                "result": True,
                "type": "text",
                "sender_id": FAN,
                "receiver_id": "1902538057",
                "data": quote('{"text":"x"}'),
            }
        ).encode(),
        json.dumps(
            {
                "result": True,
                "type": "text",
                "sender_id": "1902538057",
                "receiver_id": FAN,
                "data": quote(json.dumps({"text": "字" * 300})),
            }
        ).encode(),
    ],
)
async def test_what_weibo_cannot_read_nobody_sees(account: Account, body: bytes) -> None:
    account.queue.append(body)
    delivered = await account.platform.say(FAN, "低保")
    assert account.seen() == []
    assert delivered.answers[-1] is not None
    assert delivered.answers[-1].fault


async def test_a_push_of_another_secret_is_refused(account: Account) -> None:
    sealed = account.platform.sealed(account.platform.act(FAN, pushes.text("低保")))
    bent = sealed.query | {"nonce": sealed.query["nonce"] + "1"}
    async with (
        aiohttp.ClientSession() as http,
        http.post(account.platform.deliver_to, params=bent, data=sealed.body) as response,
    ):
        assert response.status == 403
    assert account.inbox == []


async def test_within_the_window_as_much_as_needed_and_after_it_nothing(account: Account, clock: FixedClock) -> None:
    with pytest.raises(Undeliverable):
        await account.send("谁也不认识")
    await account.platform.say(FAN, "低保")
    for number in range(30):
        assert await account.send(f"第{number}条") == ""
    clock.advance(seconds=48 * 3600)
    with pytest.raises(QuotaSpent):
        await account.send("太晚了")
    assert len(account.seen()) == 31


async def test_after_a_mention_one_message_in_all(account: Account) -> None:
    await account.platform.mention(FAN, "@救助通 低保")
    assert account.seen() == [], "nothing leaves in the exchange: the outbox counts"
    await account.send("到街道申请。", left=1)
    with pytest.raises(QuotaSpent):
        await account.send("还有")
    assert account.seen() == ["到街道申请。\n想接着问，请给我们发私信。"]
    await account.platform.say(FAN, "好的")
    await account.send("还有")


async def test_after_they_left_nothing_goes_out(account: Account) -> None:
    await account.platform.say(FAN, "低保")
    await account.platform.unfollow(FAN)
    with pytest.raises(QuotaSpent):
        await account.send("x")


async def test_an_ended_token_and_prepared_faults(account: Account) -> None:
    await account.platform.say(FAN, "低保")
    prepared = account.platform.prepared
    prepared.next(REPLY, Prepared(status=502))
    with pytest.raises(TryAgain):
        await account.send("x")
    prepared.next(REPLY, Prepared(errcode=10002))
    with pytest.raises(TryAgain):
        await account.send("x")
    prepared.next(REPLY, Prepared(drop=True, done_first=True))
    assert await account.send("一次就够") == "unconfirmed"
    assert account.seen().count("一次就够") == 1
    account.platform.expired = True
    with pytest.raises(Misconfigured, match=r"^token_expired"):
        await account.send("x")
    with pytest.raises(Misconfigured, match=r"^token_expired"):
        await account.channel.fetch("1")
