"""A stored row on its way to a resident through the customer-service interface."""

from __future__ import annotations

from typing import Any

import pytest

from bot.conversations import Conversation, Holder
from bot.errors import QuotaSpent, TryAgain, Undeliverable
from bot.messages import Choice, Kind, Reply
from connectors import calling, render
from connectors.channel import Channel
from tests.connectors.wechat.conftest import Site
from tests.connectors.wechat.pushes import NOW, wechat
from tests.connectors.wechat.test_wechat_reply import row
from tests.fakes.wechat import SEND

PERSON = Conversation(
    id="c",
    channel="wechat",
    account="gh_0123456789ab",
    sender="oUser_A",
    region="",
    holder=Holder.BOT,
    holder_name="",
    reason="",
    priority=0,
    version=1,
    quota_left=5,
    window_until=None,
    queued_at=None,
    created_at=NOW,
    updated_at=NOW,
)


def content(sent: dict[str, Any]) -> str:
    return str(sent["text"]["content"])


def test_it_is_a_channel() -> None:
    channel: Channel = wechat()
    assert channel.name == "wechat"
    assert channel.capabilities.text_bytes < 2048
    assert channel.capabilities.passive_seconds == 3.5


async def test_a_row_goes_out_as_one_text_with_its_source(site: Site) -> None:
    source = {"number": "民发〔2021〕57号", "title": "办法", "clause": "第八条", "date": "2021-07-01"}
    await site.channel().send(PERSON, row("可以申请。", sources=[source]))
    (sent,) = site.fake.sent
    assert (sent["touser"], sent["msgtype"]) == ("oUser_A", "text")
    assert content(sent) == "可以申请。\n\n依据：《办法》（民发〔2021〕57号，2021-07-01）第八条"


async def test_options_go_out_as_a_menu(site: Site) -> None:
    await site.channel().send(PERSON, row("哪一个？", "低保", "临时救助"))
    (sent,) = site.fake.sent
    assert sent["msgtype"] == "msgmenu"
    assert [line["id"] for line in sent["msgmenu"]["list"]] == ["12-1", "12-2"]


async def test_options_too_many_for_a_menu_go_out_numbered_the_first_ones_tappable(site: Site) -> None:
    await site.channel().send(PERSON, row("哪一个？", *(f"地方{n}" for n in range(1, 13))))
    (sent,) = site.fake.sent
    assert sent["msgtype"] == "text"
    assert "12. 地方12" in content(sent)
    assert content(sent).count("msgmenuid=") == 10


async def test_an_account_without_menus_gets_links_in_texts_from_then_on(site: Site) -> None:
    channel = site.channel()
    site.fake.prepare(SEND, {"errcode": 40200})
    await channel.send(PERSON, row("哪一个？", "低保", "临时救助"))
    await channel.send(PERSON, row("哪一个？", "低保", "临时救助"))
    assert [sent["msgtype"] for sent in site.fake.sent] == ["msgmenu", "text", "text"]
    assert "msgmenuid=12-2" in content(site.fake.sent[-1])
    assert site.alarms == []


async def test_a_long_row_goes_in_parts_and_no_part_goes_twice(site: Site) -> None:
    channel = site.channel()
    long = row("这是第一句话。" * 200)
    parts = render.texts(render.reply_of(long), channel.capabilities)
    assert len(parts) == 3
    site.fake.prepare(SEND, {"errcode": 0}, {"errcode": -1})
    with pytest.raises(TryAgain):
        await channel.send(PERSON, long)
    await channel.send(PERSON, long)
    assert [content(sent) for sent in site.fake.sent] == [parts[0], parts[1], parts[1], parts[2]]
    await channel.send(PERSON, long)
    assert len(site.fake.sent) == 7


async def test_pages_of_a_long_reply_are_one_message_each(site: Site) -> None:
    channel = site.channel()
    for page in render.pages(Reply("这是第一句话。" * 200, (Choice("好"),)), channel.capabilities):
        await channel.send(PERSON, row(page.text, *(choice.label for choice in page.choices)))
    assert len(site.fake.sent) == 3


async def test_a_spent_quota_is_a_reason_to_hold(site: Site) -> None:
    site.fake.prepare(SEND, {"errcode": 45047})
    with pytest.raises(QuotaSpent) as raised:
        await site.channel().send(PERSON, row("好。"))
    assert raised.value.reason == "quota_spent"


async def test_a_row_whose_arrival_is_not_known_is_noted_and_not_repeated(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calling, "READ_SECONDS", 0.05)
    channel = site.channel()
    await channel.client.tokens.get()
    site.fake.slow = 0.2
    assert await channel.send(PERSON, row("好。")) == "unconfirmed"
    assert await channel.send(PERSON, row("哪一个？", "低保")) == "unconfirmed"
    assert len(site.fake.sent) == 2


async def test_a_row_without_words_is_not_sent(site: Site) -> None:
    with pytest.raises(Undeliverable) as raised:
        await site.channel().send(PERSON, row("  \n"))
    assert raised.value.reason == "empty_text"
    assert site.fake.sent == []


async def test_words_of_a_resident_do_not_become_a_link_for_another(site: Site) -> None:
    await site.channel().send(PERSON, row('您说<a href="https://bad.example">这里</a>'))
    assert "<a" not in content(site.fake.sent[0])


def test_a_row_whose_sources_cannot_be_read_says_so() -> None:
    with pytest.raises(Exception, match="row-12 has sources or an outcome that cannot be read"):
        render.reply_of(row("x", sources=[{"unknown": "key"}]))
    assert row("x").kind is Kind.TEXT
