"""Mass sending as WeChat wants it, and its answers by the table."""

from __future__ import annotations

import pytest
from aiohttp import web

from bot.desk.broadcast_ports import LIMITS, Audience, Taken
from bot.errors import Misconfigured, Paused, TryAgain, Undeliverable
from connectors.wechat.broadcasting import SEND_ALL, TAGS, WeChatBroadcaster
from tests.connectors.wechat.conftest import Site

TEXT = "低保标准从7月1日起调整。"


def broadcaster(site: Site) -> WeChatBroadcaster:
    return WeChatBroadcaster(site.client(), "wx0123456789abcdef", LIMITS["service"])


async def test_to_everybody_and_to_a_tag(site: Site) -> None:
    site.fake.prepare(SEND_ALL, {"errcode": 0, "errmsg": "x", "msg_id": 34182}, {"errcode": 0, "msg_id": 34183})
    made = broadcaster(site)
    assert await made.broadcast(TEXT, "", "jzt-1") == Taken("34182")
    assert await made.broadcast(TEXT, "101", "jzt-2") == Taken("34183")
    first, second = site.fake.to(SEND_ALL)
    assert first.body == {
        "filter": {"is_to_all": True},
        "text": {"content": TEXT},
        "msgtype": "text",
        "clientmsgid": "jzt-1",
    }
    assert second.body["filter"] == {"is_to_all": False, "tag_id": 101}
    assert TEXT.encode() in first.raw, "no \\u escapes: they would be shown as such"


async def test_a_repeat_is_known_by_its_token(site: Site) -> None:
    site.fake.prepare(SEND_ALL, {"errcode": 45065, "errmsg": "clientmsgid exist", "msg_id": 34182})
    assert await broadcaster(site).broadcast(TEXT, "", "jzt-1") == Taken("34182", True)


@pytest.mark.parametrize(
    ("code", "error", "reason"),
    [
        (-1, TryAgain, "busy"),
        (45009, Paused, "day_quota"),
        (48001, Misconfigured, "not_authorised"),
        (45028, Undeliverable, "mass_quota"),
        (45159, Undeliverable, "tag"),
        (45066, Undeliverable, "repeated_too_soon"),
        (45067, Undeliverable, "repeat_id_too_long"),
        (87014, Undeliverable, "content_refused"),
        (99999, Undeliverable, "unknown_99999"),
    ],
)
async def test_every_refusal_by_its_name(site: Site, code: int, error: type[Exception], reason: str) -> None:
    site.fake.prepare(SEND_ALL, {"errcode": code, "errmsg": "x"})
    with pytest.raises(error, match=f"^{reason}: "):
        await broadcaster(site).broadcast(TEXT, "", "jzt-1")


async def test_the_tags_of_the_account(site: Site) -> None:
    tags = [{"id": 2, "name": "星标组", "count": 5}, {"id": 101, "name": "武汉市"}, {"id": "x"}, None, {"name": "无号"}]
    site.fake.prepare(TAGS, {"tags": tags}, {"tags": None}, web.Response(body=b"<html>"))
    made = broadcaster(site)
    assert await made.audiences() == [Audience("2", "星标组", 5), Audience("101", "武汉市", 0)]
    assert await made.audiences() == []
    with pytest.raises(Undeliverable):
        await made.audiences()
    assert {request.raw for request in site.fake.to(TAGS)} == {b""}
