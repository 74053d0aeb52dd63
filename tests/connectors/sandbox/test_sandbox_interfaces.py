"""The platform's interfaces: tokens, budgets and their codes, media, prepared faults; our own client meets them."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.clock import FixedClock
from bot.errors import TryAgain, Undeliverable
from connectors.sandbox import Prepared
from connectors.sandbox.media import SILENCE
from tests.connectors.sandbox.account import Account, an_account
from tests.connectors.sandbox.test_sandbox_delivery import who

SEND = "/cgi-bin/message/custom/send"


class Caller:
    """What any engineer would do with curl."""

    def __init__(self, account: Account, session: aiohttp.ClientSession) -> None:
        self.account, self._session = account, session
        self.token = ""

    async def post(self, path: str, payload: Any, **query: str) -> dict[str, Any]:
        raw = payload if isinstance(payload, bytes) else json.dumps(payload, ensure_ascii=False).encode()
        url = f"{self.account.base}/wx{path}"
        async with self._session.post(url, data=raw, params={"access_token": self.token} | query) as response:
            assert response.status == 200
            found: dict[str, Any] = await response.json()
        return found

    async def get(self, path: str, **query: str) -> aiohttp.ClientResponse:
        return await self._session.get(f"{self.account.base}/wx{path}", params=query)

    async def stable(self, **more: Any) -> dict[str, Any]:
        s = self.account.settings
        asked = {"grant_type": "client_credential", "appid": s.appid, "secret": s.secret, **more}
        return await self.post("/cgi-bin/stable_token", asked)

    async def text(self, openid: str, words: str) -> int:
        sent = await self.post(SEND, {"touser": openid, "msgtype": "text", "text": {"content": words}})
        return int(sent["errcode"])


@pytest.fixture
async def caller(account: Account) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession() as session:
        made = Caller(account, session)
        made.token = (await made.stable())["access_token"]
        yield made


async def test_five_messages_for_a_sentence_within_48_hours(caller: Caller, clock: FixedClock) -> None:
    me = who(caller.account)
    assert await caller.text(me, "太早") == 45015
    await caller.account.platform.say(me, "你好")
    assert [await caller.text(me, f"{n}") for n in range(6)] == [0, 0, 0, 0, 0, 45047]
    await caller.account.platform.say(me, "还有吗")
    clock.advance(hours=47, minutes=59)
    caller.token = (await caller.stable())["access_token"]
    assert await caller.text(me, "还来得及") == 0
    clock.advance(minutes=1)
    assert await caller.text(me, "太晚") == 45015


async def test_a_passive_reply_costs_nothing(caller: Caller) -> None:
    me = who(caller.account)
    await caller.account.platform.say(me, "你好")
    assert caller.account.platform.residents[me].ledger.left == 5


async def test_three_messages_in_one_minute_for_a_touch(caller: Caller, clock: FixedClock) -> None:
    platform, me = caller.account.platform, who(caller.account)
    for touch in (platform.scan(me, "1"), platform.click(me, "faq"), platform.follow(me)):
        await touch
        assert [await caller.text(me, f"{n}") for n in range(4)] == [0, 0, 0, 45047]
    await platform.click(me, "faq")
    clock.advance(seconds=60)
    assert await caller.text(me, "太晚") == 45015


async def test_who_cannot_be_written_to(caller: Caller) -> None:
    platform, me = caller.account.platform, who(caller.account)
    await platform.say(me, "你好")
    assert await caller.text("oNobody", "你好") == 40003
    platform.residents[me].refuses = True
    assert await caller.text(me, "你好") == 48002
    platform.residents[me].refuses = False
    await platform.unfollow(me)
    assert await caller.text(me, "你好") == 43004


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        (b"", 44002),
        (b"{", 47001),
        (b"[]", 47001),
        ({"msgtype": "poem"}, 40008),
        ({"msgtype": "text"}, 44002),
        ({"msgtype": "text", "text": {"content": ""}}, 44004),
        ({"msgtype": "text", "text": {"content": "救" * 683}}, 45002),
        ({"msgtype": "news", "news": {"articles": [{}, {}]}}, 45008),
        ({"msgtype": "msgmenu", "msgmenu": {"list": []}}, 40035),
        ({"msgtype": "msgmenu", "msgmenu": {"list": [{"id": str(n), "content": "x"} for n in range(11)]}}, 40035),
        ({"msgtype": "image", "image": {"media_id": "gone"}}, 40007),
    ],
)
async def test_what_cannot_be_sent(caller: Caller, payload: Any, code: int) -> None:
    me = who(caller.account)
    await caller.account.platform.say(me, "你好")
    payload = {"touser": me, **payload} if isinstance(payload, dict) else payload
    assert (await caller.post(SEND, payload))["errcode"] == code
    assert caller.account.platform.residents[me].ledger.left == 5


async def test_escaped_characters_are_shown_letter_by_letter(caller: Caller) -> None:
    me = who(caller.account)
    await caller.account.platform.say(me, "你好")
    escaped = json.dumps({"touser": me, "msgtype": "text", "text": {"content": "您"}}).encode()
    assert (await caller.post(SEND, escaped))["errcode"] == 0
    assert caller.account.platform.received(me)[-1].text == "\\u60a8"


async def test_a_menus_lines_can_be_tapped(caller: Caller) -> None:
    me, rows = who(caller.account), [{"id": "101", "content": "低保"}, {"id": "102", "content": "临时救助"}]
    await caller.account.platform.say(me, "你好")
    menu = {"head_content": "请选：", "list": rows, "tail_content": "也可以直接问"}
    assert (await caller.post(SEND, {"touser": me, "msgtype": "msgmenu", "msgmenu": menu}))["errcode"] == 0
    await caller.account.platform.tap(me, "102")
    assert (caller.account.inbox[-1].choice, caller.account.inbox[-1].text) == ("102", "临时救助")
    assert caller.account.platform.residents[me].ledger.left == 3


async def test_a_stable_token_stays_until_five_minutes_before_its_end(caller: Caller, clock: FixedClock) -> None:
    first = await caller.stable()
    assert first["access_token"] == caller.token
    clock.advance(minutes=110)
    assert (await caller.stable()) == {"access_token": caller.token, "expires_in": 600}
    clock.advance(minutes=5)
    second = await caller.stable()
    assert second["access_token"] != caller.token
    me = who(caller.account)
    await caller.account.platform.say(me, "你好")
    assert await caller.text(me, "旧的还行") == 0
    clock.advance(minutes=5)
    assert await caller.text(me, "旧的过期了") == 42001
    caller.token = "made up"
    assert await caller.text(me, "没有这个") == 40001
    caller.token = ""
    assert await caller.text(me, "没带") == 41001


async def test_a_forced_refresh_ends_the_old_token_and_is_rationed(caller: Caller, clock: FixedClock) -> None:
    me, old = who(caller.account), caller.token
    await caller.account.platform.say(me, "你好")
    caller.token = (await caller.stable(force_refresh=True))["access_token"]
    assert caller.token != old
    assert await caller.text(me, "新的") == 0
    assert (await caller.stable(force_refresh=True))["errcode"] == 45011
    caller.token = old
    assert await caller.text(me, "旧的") == 40001
    clock.advance(seconds=31)
    assert "access_token" in await caller.stable(force_refresh=True)


async def test_the_older_token_interface_replaces_its_own_token_only(caller: Caller, clock: FixedClock) -> None:
    s = caller.account.settings
    asked = {"grant_type": "client_credential", "appid": s.appid, "secret": s.secret}
    one, two = [(await (await caller.get("/cgi-bin/token", **asked)).json())["access_token"] for _ in range(2)]
    assert len({one, two, caller.token}) == 3
    clock.advance(minutes=6)
    me = who(caller.account)
    await caller.account.platform.say(me, "你好")
    for token, code in [(one, 42001), (two, 0), (caller.token, 0)]:
        caller.token = token
        assert await caller.text(me, "你好") == code


async def test_a_wrong_account_or_secret_gets_no_token(caller: Caller) -> None:
    assert (await caller.stable(appid="wx0"))["errcode"] == 40013
    assert (await caller.stable(secret="guess"))["errcode"] == 40125
    assert (await caller.stable(grant_type="password"))["errcode"] == 40002


async def test_a_picture_goes_up_and_comes_down_for_three_days(caller: Caller, clock: FixedClock) -> None:
    async def upload(kind: str, content: bytes) -> dict[str, Any]:
        form = aiohttp.FormData()
        form.add_field("media", io.BytesIO(content), filename="a.bin", content_type="application/octet-stream")
        url = f"{caller.account.base}/wx/cgi-bin/media/upload"
        async with (
            aiohttp.ClientSession() as session,
            session.post(url, data=form, params={"access_token": caller.token, "type": kind}) as response,
        ):
            found: dict[str, Any] = await response.json()
            return found

    picture = b"\x89PNG\r\n\x1a\n" + bytes(100_000)
    media_id = (await upload("image", picture))["media_id"]
    assert (await upload("poem", picture))["errcode"] == 40004
    assert (await upload("image", b"plain text"))["errcode"] == 40005
    assert (await upload("voice", SILENCE + bytes(2 * 2**20)))["errcode"] == 40006
    assert (await upload("image", b""))["errcode"] == 41005
    down = await caller.get("/cgi-bin/media/get", access_token=caller.token, media_id=media_id)
    assert down.content_type == "image/png"
    assert await down.read() == picture
    me = who(caller.account)
    await caller.account.platform.say(me, "你好")
    sent = await caller.post(SEND, {"touser": me, "msgtype": "image", "image": {"media_id": media_id}})
    assert sent["errcode"] == 0
    clock.advance(days=3)
    caller.token = (await caller.stable())["access_token"]
    gone = await caller.get("/cgi-bin/media/get", access_token=caller.token, media_id=media_id)
    assert (await gone.json())["errcode"] == 40007


async def test_what_a_resident_sent_can_be_fetched(caller: Caller) -> None:
    me = who(caller.account)
    await caller.account.platform.send_voice(me)
    media_id = caller.account.inbox[-1].media
    down = await caller.get("/cgi-bin/media/get", access_token=caller.token, media_id=media_id)
    assert (down.content_type, await down.read()) == ("audio/amr", SILENCE)


async def test_the_typing_sign(caller: Caller, clock: FixedClock) -> None:
    me, path = who(caller.account), "/cgi-bin/message/custom/typing"

    async def typing(command: str) -> int:
        return int((await caller.post(path, {"touser": me, "command": command}))["errcode"])

    assert await typing("Typing") == 45080
    await caller.account.platform.say(me, "你好")
    assert [await typing("Typing"), await typing("Typing"), await typing("CancelTyping")] == [0, 45081, 0]
    assert await typing("Sing") == 45072
    clock.advance(seconds=31)
    assert await typing("Typing") == 45080


async def test_the_days_quota_is_counted_and_can_be_cleared(clock: FixedClock) -> None:
    async with an_account(clock, daily_limit=2) as account, aiohttp.ClientSession() as session:
        caller = Caller(account, session)
        caller.token = (await caller.stable())["access_token"]
        me = who(account)
        await account.platform.say(me, "你好")
        assert [await caller.text(me, "你好") for _ in range(3)] == [0, 0, 45009]
        quota = await caller.post("/cgi-bin/openapi/quota/get", {"cgi_path": SEND})
        assert quota["quota"] == {"daily_limit": 2, "used": 2, "remain": 0}
        cleared = [
            (await caller.post("/cgi-bin/clear_quota", {"appid": account.settings.appid}))["errcode"] for _ in range(11)
        ]
        assert cleared == [0] * 10 + [48006]
        assert await caller.text(me, "你好") == 0
        clock.advance(days=1)
        caller.token = (await caller.stable())["access_token"]
        assert await caller.text(me, "你好") == 0


@pytest.mark.parametrize("code", [-1, 45009, 45011, 50002])
async def test_a_prepared_code_is_given_once_and_nothing_is_shown(caller: Caller, code: int) -> None:
    me, platform = who(caller.account), caller.account.platform
    await platform.say(me, "你好")
    platform.prepared.next(SEND, Prepared(errcode=code))
    assert [await caller.text(me, "你好") for _ in range(2)] == [code, 0]
    assert len(platform.received(me)) == 2


async def test_an_answer_may_be_lost_after_the_message_was_shown(caller: Caller) -> None:
    me, platform = who(caller.account), caller.account.platform
    await platform.say(me, "你好")
    platform.prepared.next(SEND, Prepared(drop=True, done_first=True))
    with pytest.raises(aiohttp.ClientError):
        await caller.text(me, "到了")
    platform.prepared.next(SEND, Prepared(drop=True))
    with pytest.raises(aiohttp.ClientError):
        await caller.text(me, "没到")
    assert [s.text for s in platform.received(me)][1:] == ["到了"]


async def test_our_own_client_meets_the_platform(account: Account) -> None:
    """`connectors.wechat` fetches its token, refreshes it when it is refused, and names what is final."""
    platform, me, client = account.platform, who(account), account.channel.client
    await platform.say(me, "你好")
    payload = {"touser": me, "msgtype": "text", "text": {"content": "您好"}}
    await client.post(SEND, payload)
    platform.tokens.revoke()
    await client.post(SEND, payload)
    assert platform.tokens.issued == 2
    assert [s.text for s in platform.received(me)] == ["收到：你好", "您好", "您好"]
    platform.prepared.next(SEND, Prepared(status=502))
    with pytest.raises(TryAgain):
        await client.post(SEND, payload)
    await platform.unfollow(me)
    with pytest.raises(Undeliverable):
        await client.post(SEND, payload)
