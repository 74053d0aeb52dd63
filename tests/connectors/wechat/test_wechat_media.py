"""A picture fetched from WeChat: whole or by name why not, never for ever (A-68)."""

from __future__ import annotations

import traceback
from typing import Any

import pytest
from aiohttp import web

from bot.errors import Misconfigured, TryAgain, Undeliverable
from connectors import calling
from connectors.media import ChannelMedia
from tests.connectors.wechat.conftest import Site
from tests.fakes.wechat import MEDIA, TOKEN, Request

PICTURE = b"\xff\xd8\xff" + bytes(range(256)) * 300


def picture(_: Request) -> web.Response:
    # A response is written once, so each call makes its own.
    return web.Response(body=PICTURE, content_type="image/jpeg", headers={"Content-disposition": 'filename="x.jpg"'})


async def test_the_bytes_come_as_they_are(site: Site) -> None:
    site.fake.prepare(MEDIA, picture)
    assert await site.channel().fetch("MEDIA-1") == PICTURE
    (asked,) = site.fake.to(MEDIA)
    assert asked.body["media_id"] == "MEDIA-1"
    assert asked.token == "TOKEN-1"


async def test_bytes_of_an_unnamed_kind_are_taken_too(site: Site) -> None:
    site.fake.prepare(MEDIA, lambda _: web.Response(body=PICTURE, content_type="application/octet-stream"))
    assert await site.channel().fetch("MEDIA-1") == PICTURE


@pytest.mark.parametrize("kind", ["application/json", "text/plain"])
async def test_a_picture_that_is_gone_is_undeliverable_and_nobody_is_alarmed(site: Site, kind: str) -> None:
    gone = '{"errcode":40007,"errmsg":"invalid media_id rid: 1"}'
    site.fake.prepare(MEDIA, lambda _: web.Response(text=gone, content_type=kind))
    with pytest.raises(Undeliverable, match="media_id") as raised:
        await site.channel().fetch("OLD")
    assert raised.value.reason == "media_id"
    assert len(site.fake.to(MEDIA)) == 1
    assert site.alarms == []


async def test_a_stale_token_is_renewed_once(site: Site) -> None:
    site.fake.prepare(MEDIA, {"errcode": 40001, "errmsg": "x"}, picture)
    assert await site.channel().fetch("MEDIA-1") == PICTURE
    assert [one.token for one in site.fake.to(MEDIA)] == ["TOKEN-1", "TOKEN-2"]
    assert len(site.fake.to(TOKEN)) == 2


async def test_an_address_we_may_not_call_from_stops_the_calls_and_tells_somebody(site: Site) -> None:
    site.fake.always[MEDIA] = {"errcode": 40164, "errmsg": "invalid ip"}
    channel = site.channel()
    for _ in range(3):
        with pytest.raises(Misconfigured):
            await channel.fetch("MEDIA-1")
    assert len(site.fake.to(MEDIA)) == 1
    assert site.alarms == ["address_not_allowed"]


async def test_a_video_is_no_picture(site: Site) -> None:
    site.fake.prepare(MEDIA, {"video_url": "http://203.0.113.9/x.mp4"})
    with pytest.raises(Undeliverable) as raised:
        await site.channel().fetch("VIDEO")
    assert raised.value.reason == "not_a_picture"


async def test_more_than_ten_megabytes_are_not_swallowed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "LARGEST_MEDIA", 50_000)
    site.fake.prepare(MEDIA, picture)
    with pytest.raises(Undeliverable) as raised:
        await site.channel().fetch("LARGE")
    assert raised.value.reason == "too_large"


def hang_up(asked: Request) -> Any:
    return web.Response(status=302, headers={"Location": "http://127.0.0.1:1/elsewhere"})


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (lambda _: web.Response(status=502, text="bad gateway"), "http_502"),
        (hang_up, "http_302"),
        (lambda _: web.Response(text="<html>login</html>", content_type="text/html"), "unreadable"),
        (lambda _: web.json_response([1]), "unreadable"),
        (lambda _: web.Response(text="[" * 100_000, content_type="application/json"), "unreadable"),
    ],
)
async def test_a_passing_fault_is_repeated_later(site: Site, answer: Any, word: str) -> None:
    site.fake.prepare(MEDIA, answer)
    with pytest.raises(TryAgain, match=word):
        await site.channel().fetch("MEDIA-1")


async def test_a_platform_that_does_not_answer_is_named_without_its_token(site: Site) -> None:
    channel = site.channel()
    await channel.client.tokens.get()
    site.fake.prepare(MEDIA, lambda asked: web.Response(body=b""))
    channel.client._settings = channel.client._settings.__class__(
        "wxba5fad812f8e6fb9", "s3cret", "t0ken", "a" * 43, api_base="http://127.0.0.1:9"
    )
    with pytest.raises(TryAgain, match="unreachable") as raised:
        await channel.fetch("MEDIA-1")
    told = "".join(traceback.format_exception(raised.value))
    assert "TOKEN-1" not in told.replace("MEDIA-1", "")


async def test_the_desk_asks_the_channel_the_message_came_by(site: Site) -> None:
    site.fake.prepare(MEDIA, picture)
    media = ChannelMedia({"wechat": site.channel()})
    assert await media.fetch("wechat", "MEDIA-1") == PICTURE
    for channel, number in (("weibo", "1"), ("wechat", "")):
        with pytest.raises(Undeliverable):
            await media.fetch(channel, number)
